/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "media/ingest_private.h"

static void wake(IvIngest *ingest) {
  g_mutex_lock(&ingest->mutex);
  if (ingest->source)
    iv_source_wake(ingest->source);
  g_cond_broadcast(&ingest->changed);
  g_mutex_unlock(&ingest->mutex);
}

static void on_decoder_news(gpointer user_data) {
  wake(user_data);
}

static void on_frame(IvFrame *frame, gpointer user_data) {
  IvIngest *ingest = user_data;
  g_mutex_lock(&ingest->mutex);
  gboolean first = ingest->connection.frames++ == 0;
  gboolean deliver = !ingest->stopping && ingest->events.on_frame;
  g_mutex_unlock(&ingest->mutex);
  if (first)
    wake(ingest);
  if (!deliver) {
    iv_frame_unref(frame);
    return;
  }
  IvFrame *masked = ingest->masks ? iv_masks_frame(ingest->masks, frame) : frame;
  if (masked) /* else it can't be masked, and nobody may see it */
    ingest->events.on_frame(masked, ingest->user_data);
  else
    iv_frame_gate_count_errors(&ingest->gate, 1);
}

static gboolean wants_decoder(IvIngest *ingest, const IvEncodedUnit *unit) {
  g_mutex_lock(&ingest->mutex);
  gboolean wants = ingest->decode && !ingest->decoder && !ingest->stopping &&
                   !ingest->connection.decoder_refused &&
                   (unit->keyframe || iv_ingest_is_file(ingest));
  g_mutex_unlock(&ingest->mutex);
  return wants;
}

static void make_decoder(IvIngest *ingest, const IvEncodedUnit *unit) {
  g_autoptr(GError) error = NULL;
  IvDecoderSetup setup = {.ring = ingest->ring,
                          .caps = unit->caps,
                          .gate = &ingest->gate,
                          .live = !iv_ingest_is_file(ingest),
                          .on_frame = on_frame,
                          .on_news = on_decoder_news,
                          .user_data = ingest};
  IvDecoder *decoder = iv_decoder_new(&setup, &error);
  g_mutex_lock(&ingest->mutex);
  ingest->decoder = decoder;
  if (!decoder) {
    ingest->connection.decoder_refused = TRUE;
    g_free(ingest->decoder_reason);
    ingest->decoder_reason = g_strdup(error->message);
  }
  g_mutex_unlock(&ingest->mutex);
}

static void count(IvIngest *ingest, const IvEncodedUnit *unit, IvTime now) {
  g_mutex_lock(&ingest->mutex);
  IvConnection *connection = &ingest->connection;
  if (connection->units++ == 0) {
    connection->first_unit = now;
    ingest->connections += !iv_ingest_is_file(ingest);
    iv_rate_meter_init(&ingest->meter);
  }
  connection->last_unit = now;
  iv_rate_meter_add(&ingest->meter, now, unit->ts, unit->size, unit->keyframe);
  ingest->units++;
  ingest->bytes += unit->size;
  ingest->codec = unit->codec;
  ingest->size = unit->picture;
  ingest->camera_clock = ingest->intake.clock.by_camera;
  ingest->clock_ahead = ingest->camera_clock ? -ingest->intake.clock.offset : IV_TIME_NONE;
  ingest->discontinuities += unit->discontinuity;
  g_mutex_unlock(&ingest->mutex);
}

void iv_ingest_take_sample(GstSample *sample, gpointer user_data) {
  IvIngest *ingest = user_data;
  IvTime now = iv_clock_monotonic();
  gboolean timeless = iv_ingest_is_file(ingest) && ingest->address.pace == IV_PACE_AS_FAST_AS_TAKEN;
  g_autoptr(IvEncodedUnit) unit =
      iv_intake_take(&ingest->intake, sample, (IvArrival){iv_clock_now(), timeless ? 0 : now});
  if (!unit)
    return;
  count(ingest, unit, now);
  if (wants_decoder(ingest, unit))
    make_decoder(ingest, unit);
  iv_unit_ring_push(ingest->ring, unit);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "media/probe.h"

#include <gst/gst.h>

#include "base/clock.h"
#include "media/probe_tally.h"

#define SECONDS_USUAL 6.0
#define SECONDS_MAX 60.0
#define PATIENCE_USUAL 12.0

/* The ingest's threads write, iv_probe waits. */
typedef struct {
  IvUnitReader *reader;
  GMutex mutex;       /* guards what follows */
  IvTime first_frame; /* monotonic; 0 = none */
  IvFrame *newest;    /* owned; NULL = none */
  gboolean over;
  char reason[sizeof((IvProbeReport *)0)->reason];
} Probe;

static void on_frame(IvFrame *frame, gpointer user_data) {
  Probe *probe = user_data;
  g_mutex_lock(&probe->mutex);
  if (probe->first_frame == 0)
    probe->first_frame = iv_clock_monotonic();
  IvFrame *older = probe->newest;
  probe->newest = frame;
  g_mutex_unlock(&probe->mutex);
  g_clear_pointer(&older, iv_frame_unref);
}

/* The first loss ends the test: it asks for the camera as it is now, not after retries. */
static void on_state(IvIngestState state, const char *reason, gpointer user_data) {
  Probe *probe = user_data;
  g_mutex_lock(&probe->mutex);
  if (!probe->over)
    g_strlcpy(probe->reason, reason, sizeof probe->reason);
  gboolean ends = state == IV_INGEST_OFFLINE || state == IV_INGEST_ENDED;
  probe->over |= ends;
  g_mutex_unlock(&probe->mutex);
  if (ends)
    iv_unit_reader_finish(probe->reader);
}

static void read_caps(const IvEncodedUnit *unit, IvProbeReport *report) {
  const GstStructure *s = gst_caps_get_structure(unit->caps, 0);
  const char *profile = gst_structure_get_string(s, "profile");
  const char *level = gst_structure_get_string(s, "level");
  g_strlcpy(report->profile, profile ? profile : "", sizeof report->profile);
  g_strlcpy(report->level, level ? level : "", sizeof report->level);
  int num, den;
  if (gst_structure_get_fraction(s, "framerate", &num, &den) && den > 0)
    report->fps_said = (double)num / den;
}

static IvTime in_seconds(double seconds) {
  return iv_clock_monotonic() + (IvTime)(seconds * (double)IV_SECOND);
}

/* Until the span is measured, the camera is lost, or patience ends. */
static void collect(Probe *probe, const IvProbeConfig *config, IvProbeTally *tally,
                    IvProbeReport *report) {
  double seconds = config->seconds > 0 ? MIN(config->seconds, SECONDS_MAX) : SECONDS_USUAL;
  IvTime deadline = in_seconds(config->patience > 0 ? config->patience : PATIENCE_USUAL);
  while (iv_clock_monotonic() < deadline) {
    g_autoptr(IvEncodedUnit) unit =
        iv_unit_reader_pop(probe->reader, deadline - iv_clock_monotonic(), NULL);
    if (!unit)
      return;
    if (tally->n == 0) {
      read_caps(unit, report);
      deadline = in_seconds(seconds);
    }
    iv_probe_tally_add(tally, unit);
  }
}

static void finish(Probe *probe, IvIngest *ingest, IvTime began, IvProbeReport *report) {
  IvIngestStats stats;
  iv_ingest_stats(ingest, &stats);
  iv_ingest_stop(ingest);
  report->camera_clock = stats.camera_clock;
  report->decode_errors = stats.decode_errors;
  report->packets_lost = stats.packets_lost;
  report->decodes = stats.frames_decoded > 0;
  g_mutex_lock(&probe->mutex);
  report->first_frame =
      probe->first_frame > 0 ? (double)(probe->first_frame - began) / (double)IV_SECOND : -1;
  g_strlcpy(report->reason, probe->reason, sizeof report->reason);
  g_mutex_unlock(&probe->mutex);
}

static void conclude(const IvProbeTally *tally, IvProbeReport *report) {
  report->reached = tally->n > 0;
  iv_probe_tally_report(tally, report);
  if (!report->reached && !report->reason[0])
    g_strlcpy(report->reason, "no video came in time", sizeof report->reason);
  iv_probe_judge(report);
  if (report->reached)
    report->reason[0] = '\0';
}

gboolean iv_probe(const IvProbeConfig *config, IvProbeReport *ret_report, IvFrame **ret_frame,
                  GError **error) {
  Probe probe = {0};
  IvIngestConfig ingest_config = {.source = config->source,
                                  .user = config->user,
                                  .password = config->password,
                                  .transport = config->transport,
                                  .decode = TRUE,
                                  .pace = IV_PACE_REAL_TIME,
                                  .start = IV_TIME_NONE};
  IvIngestEvents events = {.on_frame = on_frame, .on_state = on_state};
  g_autoptr(IvIngest) ingest = iv_ingest_new(&ingest_config, &events, &probe, error);
  if (!ingest)
    return FALSE;
  IvProbeReport report = {.first_frame = -1};
  IvProbeTally tally;
  iv_probe_tally_init(&tally);
  g_mutex_init(&probe.mutex);
  probe.reader =
      iv_unit_reader_new(iv_ingest_ring(ingest), IV_READER_LIVE, IV_RING_GOP_UNITS_MAX, TRUE);
  IvTime began = iv_clock_monotonic();
  iv_ingest_start(ingest);
  collect(&probe, config, &tally, &report);
  finish(&probe, ingest, began, &report);
  g_clear_pointer(&ingest, iv_ingest_free);
  iv_unit_reader_free(probe.reader);
  g_mutex_clear(&probe.mutex);
  conclude(&tally, &report);
  *ret_report = report;
  if (ret_frame)
    *ret_frame = g_steal_pointer(&probe.newest);
  g_clear_pointer(&probe.newest, iv_frame_unref);
  return TRUE;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "media/intake.h"

#include "media/unit_buffer.h"

#define NTP_TO_UNIX_S G_GUINT64_CONSTANT(2208988800) /* 1900 to 1970 */

void iv_intake_init(IvIntake *intake, gboolean from_file, IvTime start) {
  *intake = (IvIntake){.from_file = from_file, .start = start, .last = IV_TIME_NONE};
  iv_camera_clock_init(&intake->clock);
}

void iv_intake_share_clock(IvIntake *intake, IvClockShare *share, gboolean leads) {
  intake->share = iv_clock_share_ref(share);
  intake->leads = leads;
}

void iv_intake_clear(IvIntake *intake) {
  gst_clear_caps(&intake->caps);
  g_clear_pointer(&intake->share, iv_clock_share_unref);
}

void iv_intake_connect(IvIntake *intake) {
  intake->break_pending = intake->connected_before;
  intake->connected_before = TRUE;
  intake->facts = (IvNalFacts){0};
  intake->passed = intake->pass_end;
  intake->shown = 0;
  intake->last = IV_TIME_NONE;
  if (intake->share && intake->leads)
    iv_clock_share_lead(intake->share, IV_TIME_NONE);
  iv_camera_clock_init(&intake->clock);
}

/* --- its form --- */

static void note_caps(IvIntake *intake, IvEncodedUnit *unit, GstCaps *caps) {
  if (!intake->caps || (intake->caps != caps && !gst_caps_is_equal(intake->caps, caps))) {
    gst_caps_replace(&intake->caps, caps);
    intake->generation++;
  }
  iv_unit_set_caps(unit, intake->caps, intake->generation);
}

/* --- its times --- */

/* From 0 at the start of the file; cameras' PTS need no segment. */
static IvStreamTime stream_time(const GstSegment *segment, GstClockTime t, gboolean from_file) {
  if (!GST_CLOCK_TIME_IS_VALID(t))
    return IV_STREAM_TIME_NONE;
  if (!from_file || !segment || segment->format != GST_FORMAT_TIME)
    return (IvStreamTime)t;
  guint64 position;
  int sign = gst_segment_to_stream_time_full(segment, GST_FORMAT_TIME, t, &position);
  return sign == 0 ? IV_STREAM_TIME_NONE : (IvStreamTime)position * sign;
}

static IvTime camera_utc(GstBuffer *buffer) {
  GstReferenceTimestampMeta *meta = gst_buffer_get_reference_timestamp_meta(buffer, NULL);
  if (!meta ||
      !gst_structure_has_name(gst_caps_get_structure(meta->reference, 0), "timestamp/x-ntp"))
    return IV_TIME_NONE;
  if (meta->timestamp < NTP_TO_UNIX_S * GST_SECOND)
    return IV_TIME_NONE;
  return (IvTime)((meta->timestamp - NTP_TO_UNIX_S * GST_SECOND) / GST_USECOND);
}

/* A unit without times belongs to the one before it: where a sender repeats parameter sets within a
 * picture, only its first part has them. */
static IvTime shown_at(IvIntake *intake, const IvEncodedUnit *unit) {
  IvStreamTime t = unit->pts != IV_STREAM_TIME_NONE ? unit->pts : unit->dts;
  if (t != IV_STREAM_TIME_NONE)
    intake->shown = t / (IvStreamTime)GST_USECOND;
  return intake->shown;
}

static gboolean is_part(const IvIntake *intake, const IvEncodedUnit *unit) {
  return unit->pts == IV_STREAM_TIME_NONE && unit->dts == IV_STREAM_TIME_NONE &&
         intake->last != IV_TIME_NONE;
}

static void file_time(IvIntake *intake, IvEncodedUnit *unit, GstBuffer *buffer, IvTime wall) {
  if (intake->start == IV_TIME_NONE)
    intake->start = wall;
  IvTime at = intake->passed + shown_at(intake, unit);
  GstClockTime length = GST_BUFFER_DURATION(buffer);
  IvTime lasts = GST_CLOCK_TIME_IS_VALID(length) ? (IvTime)(length / GST_USECOND) : 0;
  intake->pass_end = MAX(intake->pass_end, at + lasts);
  unit->ts = intake->start + at;
}

/* The times of the camera's other stream, where both tell the camera's clock. */
static IvTime shared(IvIntake *intake, IvClockStamp stamp) {
  if (!intake->share || !stamp.by_camera)
    return stamp.ts;
  if (!intake->leads)
    return stamp.ts + iv_clock_share_follow(intake->share, intake->clock.offset);
  iv_clock_share_lead(intake->share, intake->clock.offset);
  return stamp.ts;
}

static void camera_time(IvIntake *intake, IvEncodedUnit *unit, GstBuffer *buffer, IvTime wall) {
  if (is_part(intake, unit)) { /* nothing to learn of the clock */
    unit->ts = intake->last;
    return;
  }
  IvClockReading reading = {wall, shown_at(intake, unit), camera_utc(buffer)};
  IvClockStamp stamp = iv_camera_clock_stamp(&intake->clock, reading);
  unit->ts = intake->last = shared(intake, stamp);
  intake->break_pending |= stamp.jumped;
}

static void note_break(IvIntake *intake, IvEncodedUnit *unit) {
  iv_nal_read(unit->codec, unit->bytes, unit->size, &intake->facts);
  unit->disposable = intake->facts.disposable;
  unit->discontinuity = intake->break_pending || intake->facts.seam;
  intake->break_pending = FALSE;
  intake->epoch += unit->discontinuity;
  unit->epoch = intake->epoch;
}

IvEncodedUnit *iv_intake_take(IvIntake *intake, GstSample *sample, IvArrival arrival) {
  GstBuffer *buffer = gst_sample_get_buffer(sample);
  g_autoptr(IvEncodedUnit) unit = iv_encoded_unit_new();
  GstCaps *caps = gst_sample_get_caps(sample);
  if (!caps || !iv_unit_map_buffer(unit, buffer))
    return NULL;
  const GstSegment *segment = gst_sample_get_segment(sample);
  note_caps(intake, unit, caps);
  unit->keyframe = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  unit->pts = stream_time(segment, GST_BUFFER_PTS(buffer), intake->from_file);
  unit->dts = stream_time(segment, GST_BUFFER_DTS(buffer), intake->from_file);
  unit->arrived = arrival.monotonic;
  unit->seq = intake->seq++;
  if (intake->from_file)
    file_time(intake, unit, buffer, arrival.wall);
  else
    camera_time(intake, unit, buffer, arrival.wall);
  note_break(intake, unit);
  return g_steal_pointer(&unit);
}

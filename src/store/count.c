/* SPDX-License-Identifier: Apache-2.0 */
#include "store/count.h"

#include "store/days.h"

static gint64 subject_no(IvSubject subject, const IvEventNos *nos) {
  return subject == IV_SUBJECT_LINE   ? nos->line
         : subject == IV_SUBJECT_LANE ? nos->lane
                                      : nos->zone;
}

static IvTallyKey key_of(IvSubject subject, IvTime bucket, const IvEvent *event,
                         const IvEventNos *nos) {
  IvTallyKey key = {.subject = subject, .bucket = bucket};
  if (subject == IV_SUBJECT_STORE)
    return key;
  key.camera = nos->camera;
  if (subject == IV_SUBJECT_CAMERA)
    return key;
  key.no = subject_no(subject, nos);
  key.scene_version = event->scene_version;
  return key;
}

static gboolean is_wanted(const IvCounting *counting, IvTime bucket) {
  return counting->only.from == counting->only.to ||
         (bucket >= counting->only.from && bucket < counting->only.to);
}

static gboolean note_day(IvCounting *counting, IvTime bucket, GError **error) {
  if (bucket >= counting->known_day.from && bucket < counting->known_day.to)
    return TRUE;
  if (!iv_days_note(counting->sql, counting->store_no, counting->zone, bucket, error))
    return FALSE;
  counting->known_day = (IvPeriod){iv_calendar_day_start(counting->zone, bucket),
                                   iv_calendar_day_end(counting->zone, bucket)};
  return TRUE;
}

static gboolean add_delta(IvCounting *counting, const IvBucketDelta *delta, const IvEvent *event,
                          const IvEventNos *nos, GError **error) {
  if (!is_wanted(counting, delta->bucket))
    return TRUE;
  IvTallyKey key = key_of(delta->subject, delta->bucket, event, nos);
  iv_tally_add(counting->tally, &key, delta->amounts);
  return delta->subject != IV_SUBJECT_STORE || note_day(counting, delta->bucket, error);
}

/* ---- the kind of a line ---- */

typedef struct {
  gint64 camera, line;
  int scene_version, kind; /* kind: -1 = not known */
} KnownKind;

static const KnownKind *find_known(const IvCounting *counting, const IvEvent *event,
                                   const IvEventNos *nos) {
  for (guint i = 0; i < counting->line_kinds->len; i++) {
    const KnownKind *known = &g_array_index(counting->line_kinds, KnownKind, i);
    if (known->line == nos->line && known->camera == nos->camera &&
        known->scene_version == event->scene_version)
      return known;
  }
  return NULL;
}

static gboolean ask_line_kind(IvCounting *counting, const IvEvent *event, const IvEventNos *nos,
                              int *ret_kind, GError **error) {
  g_autoptr(GError) wrong = NULL;
  KnownKind known = {nos->camera, nos->line, event->scene_version, -1};
  IvStatement *st =
      iv_sql_statement(counting->sql, "SELECT kind FROM scene_lines "
                                      "WHERE camera_no = $1 AND version = $2 AND line_no = $3");
  iv_bind_int(st, nos->camera);
  iv_bind_int(st, event->scene_version);
  iv_bind_int(st, nos->line);
  if (iv_step_row(st, &wrong)) {
    known.kind = iv_line_kind_from_name(iv_column_text(st, 0));
    iv_statement_reset(st);
  }
  if (wrong) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  g_array_append_val(counting->line_kinds, known);
  *ret_kind = known.kind;
  return TRUE;
}

static gboolean find_line_kind(IvCounting *counting, const IvEvent *event, const IvEventNos *nos,
                               int *ret_kind, GError **error) {
  *ret_kind = -1;
  if (!nos->line)
    return TRUE;
  const KnownKind *known = find_known(counting, event, nos);
  if (known)
    *ret_kind = known->kind;
  else if (!ask_line_kind(counting, event, nos, ret_kind, error))
    return FALSE;
  counting->unplaced += *ret_kind < 0;
  return TRUE;
}

/* ---- how lengths are distributed ---- */

static void add_length(IvCounting *counting, const IvEvent *event, const IvEventNos *nos) {
  gint64 length_ms;
  IvSpread spread;
  IvTime bucket = iv_time_floor(event->ts, IV_BUCKET_SPAN);
  if (!iv_bucket_length(event, &counting->limits, &spread, &length_ms) ||
      !is_wanted(counting, bucket))
    return;
  IvTallyKey key = key_of(iv_spread_info(spread)->subject, bucket, event, nos);
  iv_tally_add_length(counting->tally, &key, spread, length_ms);
}

/* ---- who it was ---- */

/* A recount makes the days anew in the end. */
static void add_people(IvCounting *counting, const IvEvent *event, const IvEventNos *nos) {
  IvPeople people[IV_BUCKET_PEOPLE_MAX];
  IvTime bucket = iv_time_floor(event->ts, IV_BUCKET_SPAN);
  guint n = iv_bucket_people(event, &counting->limits, people);
  if (n == 0 || !is_wanted(counting, bucket))
    return;
  IvSubject subject = iv_people_info(people[0])->subject;
  IvTallyKey key = key_of(subject, bucket, event, nos);
  for (guint i = 0; i < n; i++) {
    iv_tally_add_visitor(counting->tally, &key, people[i], event->visitor);
    if (counting->only.from == counting->only.to)
      iv_people_days_add(counting->people, bucket, subject == IV_SUBJECT_ZONE ? nos->zone : 0,
                         people[i], event->visitor);
  }
}

/* ---- the event ---- */

static void touch_zone(IvCounting *counting, const IvEvent *event, const IvEventNos *nos) {
  IvTime end = MAX(event->end_ts, event->ts + 1) - 1;
  IvPeriod span = {iv_time_floor(event->ts, IV_BUCKET_SPAN),
                   iv_time_floor(end, IV_BUCKET_SPAN) + IV_BUCKET_SPAN};
  for (guint i = 0; i < counting->touched->len; i++) {
    IvTouchedZone *zone = &g_array_index(counting->touched, IvTouchedZone, i);
    if (zone->zone != nos->zone || zone->camera != nos->camera ||
        zone->scene_version != event->scene_version || zone->span.from > span.to ||
        zone->span.to < span.from)
      continue;
    zone->span.from = MIN(zone->span.from, span.from);
    zone->span.to = MAX(zone->span.to, span.to);
    return;
  }
  IvTouchedZone zone = {nos->zone, nos->camera, event->scene_version, span};
  g_array_append_val(counting->touched, zone);
}

gboolean iv_count_event(IvCounting *counting, const IvEvent *event, const IvEventNos *nos,
                        GError **error) {
  IvBucketDelta deltas[IV_BUCKET_DELTAS_MAX];
  int line_kind;
  if (!find_line_kind(counting, event, nos, &line_kind, error))
    return FALSE;
  guint n = iv_bucket_deltas(event, line_kind, &counting->limits, deltas);
  for (guint i = 0; i < n; i++)
    if (!add_delta(counting, &deltas[i], event, nos, error))
      return FALSE;
  if (event->kind == IV_EVENT_ZONE_VISIT)
    touch_zone(counting, event, nos);
  add_length(counting, event, nos);
  add_people(counting, event, nos);
  return event->kind != IV_EVENT_HEAT_SAMPLE ||
         !is_wanted(counting, iv_time_floor(event->ts, IV_BUCKET_SPAN)) ||
         iv_heat_counting_take(counting->heat, event, nos->camera, error);
}

/* ---- the batch ---- */

void iv_counting_init(IvCounting *ret_counting, IvSql *sql, const IvStoreKey *store,
                      const IvKpiLimits *limits, IvRollups *rollups) {
  *ret_counting =
      (IvCounting){.sql = sql, .store_no = store->no, .limits = *limits, .rollups = rollups};
  ret_counting->zone = iv_calendar_zone(store->time_zone);
  if (!ret_counting->zone) /* as iv_kpi_scope_init */
    ret_counting->zone = g_time_zone_new_utc();
  ret_counting->people = iv_people_days_new(ret_counting->zone);
  ret_counting->tally = iv_tally_new();
  ret_counting->line_kinds = g_array_new(FALSE, FALSE, sizeof(KnownKind));
  ret_counting->touched = g_array_new(FALSE, FALSE, sizeof(IvTouchedZone));
  ret_counting->heat = iv_heat_counting_new(sql, store->no, ret_counting->zone, rollups);
}

void iv_counting_clear(IvCounting *counting) {
  g_clear_pointer(&counting->heat, iv_heat_counting_free);
  g_clear_pointer(&counting->people, iv_people_days_free);
  g_clear_pointer(&counting->zone, g_time_zone_unref);
  g_clear_pointer(&counting->tally, iv_tally_free);
  g_clear_pointer(&counting->line_kinds, g_array_unref);
  g_clear_pointer(&counting->touched, g_array_unref);
}

gboolean iv_counting_finish(IvCounting *counting, GError **error) {
  gboolean again = counting->only.from != counting->only.to;
  return iv_tally_write(counting->tally, counting->sql, counting->store_no, counting->rollups,
                        error) &&
         iv_heat_counting_write(counting->heat, error) &&
         iv_people_days_write(counting->people, counting->sql, counting->store_no, error) &&
         (!again || iv_people_days_rebuild(counting->sql, counting->store_no, counting->zone,
                                           counting->only, error)) &&
         iv_count_peaks(counting, error);
}

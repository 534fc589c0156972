/* SPDX-License-Identifier: Apache-2.0 */
#include "store/count.h"
#include "store/lookup.h"

/* Deliveries may come in any order; each of these ends in the same rows whatever it was. */

static void bind_visit(IvStatement *st, gint64 store_no, const IvEvent *event,
                       const IvEventNos *nos) {
  iv_bind_int(st, store_no);
  iv_bind_time(st, event->ts);
  iv_bind_int(st, nos->zone);
  iv_bind_int(st, nos->camera);
  iv_bind_int(st, (gint64)event->tracklet_id);
}

/* Unless its end is there already. */
static gboolean open_visit(IvSql *sql, gint64 store_no, const IvEvent *event, const IvEventNos *nos,
                           GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "INSERT OR IGNORE INTO open_visits (store_no, ts, zone_no, camera_no, tracklet_id) "
           "SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM events e "
           "WHERE e.store_no = $1 AND e.ts = $2 AND e.zone_no = $3 AND e.camera_no = $4 "
           "AND e.tracklet_id = $5 "
           "AND e.kind_no = (SELECT kind_no FROM event_kinds WHERE name = 'zone.visit'))");
  bind_visit(st, store_no, event, nos);
  return iv_step_done(st, error);
}

static gboolean close_visit(IvSql *sql, gint64 store_no, const IvEvent *event,
                            const IvEventNos *nos, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "DELETE FROM open_visits WHERE store_no = $1 AND ts = $2 AND zone_no = $3 "
           "AND camera_no = $4 AND tracklet_id = $5");
  bind_visit(st, store_no, event, nos);
  return iv_step_done(st, error);
}

static const char *text_of(const IvEvent *event, IvAttrKey key) {
  const IvAttr *attr = iv_event_attr(event, key);
  return attr ? attr->text : "";
}

/* The newest wins; of two at the same instant the one with the larger id. */
static gboolean note_state(IvSql *sql, gint64 store_no, const IvEvent *event, const IvEventNos *nos,
                           GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO camera_status (camera_no, store_no, state, reason, ts, event_id) "
           "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (camera_no) DO UPDATE SET "
           "state = excluded.state, reason = excluded.reason, ts = excluded.ts, "
           "event_id = excluded.event_id WHERE camera_status.ts IS NULL "
           "OR excluded.ts > camera_status.ts OR (excluded.ts = camera_status.ts "
           "AND excluded.event_id > camera_status.event_id)");
  iv_bind_int(st, nos->camera);
  iv_bind_int(st, store_no);
  iv_bind_text(st, text_of(event, IV_ATTR_STATE));
  iv_bind_text(st, text_of(event, IV_ATTR_REASON));
  iv_bind_time(st, event->ts);
  iv_bind_blob(st, event->id.bytes, sizeof event->id.bytes);
  return iv_step_done(st, error);
}

/* A sample in which no picture came tells that the camera is not alive. */
static gboolean note_sample(IvSql *sql, gint64 store_no, const IvEvent *event,
                            const IvEventNos *nos, GError **error) {
  const IvAttr *alive = iv_event_attr(event, IV_ATTR_ALIVE_S);
  if (!alive || alive->number <= 0 || event->end_ts == IV_TIME_NONE)
    return TRUE;
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO camera_status (camera_no, store_no, told_until) VALUES ($1, $2, $3) "
           "ON CONFLICT (camera_no) DO UPDATE SET told_until = excluded.told_until "
           "WHERE camera_status.told_until IS NULL "
           "OR excluded.told_until > camera_status.told_until");
  iv_bind_int(st, nos->camera);
  iv_bind_int(st, store_no);
  iv_bind_time(st, event->end_ts);
  return iv_step_done(st, error);
}

gboolean iv_count_state(IvSql *sql, gint64 store_no, const IvEvent *event, const IvEventNos *nos,
                        GError **error) {
  switch (event->kind) {
  case IV_EVENT_ZONE_VISIT_STARTED:
    return open_visit(sql, store_no, event, nos, error);
  case IV_EVENT_ZONE_VISIT:
    return close_visit(sql, store_no, event, nos, error);
  case IV_EVENT_CAMERA_STATE:
    return nos->camera == 0 || note_state(sql, store_no, event, nos, error);
  case IV_EVENT_CAMERA_SAMPLE:
    return nos->camera == 0 || note_sample(sql, store_no, event, nos, error);
  default:
    return TRUE;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "store/count.h"
#include "store/lookup.h"

/* Deliveries may come in any order; each of these ends in the same rows whatever it was. */

/* What begins with one kind of event and goes on until another with the same beginning. Texts take
 * store, beginning, place, camera, tracklet. */
typedef struct {
  gboolean is_lane; /* the place is a lane, else a zone */
  const char *open; /* unless its end is there already */
  const char *close;
} Ongoing;

#define ONGOING(table, place, kinds)                                                               \
  .open = "INSERT OR IGNORE INTO " table " (store_no, ts, " place ", camera_no, tracklet_id) "     \
          "SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM events e "                    \
          "WHERE e.store_no = $1 AND e.ts = $2 AND e." place " = $3 AND e.camera_no = $4 "         \
          "AND e.tracklet_id = $5 "                                                                \
          "AND e.kind_no IN (SELECT kind_no FROM event_kinds WHERE name IN (" kinds ")))",         \
  .close = "DELETE FROM " table " WHERE store_no = $1 AND ts = $2 AND " place " = $3 "             \
           "AND camera_no = $4 AND tracklet_id = $5"

static const Ongoing visits = {FALSE, ONGOING("open_visits", "zone_no", "'zone.visit'")};
static const Ongoing waits = {
    TRUE, ONGOING("open_waits", "lane_no", "'queue.wait', 'queue.abandoned', 'queue.left'")};

static gboolean note_ongoing(IvSql *sql, gint64 store_no, const Ongoing *ongoing, const char *text,
                             const IvEvent *event, const IvEventNos *nos, GError **error) {
  IvStatement *st = iv_sql_statement(sql, text);
  iv_bind_int(st, store_no);
  iv_bind_time(st, event->ts);
  iv_bind_int(st, ongoing->is_lane ? nos->lane : nos->zone);
  iv_bind_int(st, nos->camera);
  iv_bind_int(st, (gint64)event->tracklet_id);
  return iv_step_done(st, error);
}

/* A visit of the store is known by its visitor and its beginning. */
static gboolean note_visit(IvSql *sql, gint64 store_no, const IvEvent *event, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, event->kind == IV_EVENT_VISIT_CLOSED
               ? "DELETE FROM open_store_visits WHERE store_no = $1 AND ts = $2 AND visitor = $3"
               : "INSERT OR IGNORE INTO open_store_visits (store_no, ts, visitor) "
                 "SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM events e "
                 "WHERE e.store_no = $1 AND e.ts = $2 AND e.visitor = $3 "
                 "AND e.kind_no = (SELECT kind_no FROM event_kinds WHERE name = 'visit.closed'))");
  iv_bind_int(st, store_no);
  iv_bind_time(st, event->ts);
  iv_bind_int(st, (gint64)event->visitor);
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
    return note_ongoing(sql, store_no, &visits, visits.open, event, nos, error);
  case IV_EVENT_ZONE_VISIT:
    return note_ongoing(sql, store_no, &visits, visits.close, event, nos, error);
  case IV_EVENT_VISIT_STARTED:
  case IV_EVENT_VISIT_CLOSED:
    return note_visit(sql, store_no, event, error);
  case IV_EVENT_QUEUE_JOINED:
    return note_ongoing(sql, store_no, &waits, waits.open, event, nos, error);
  case IV_EVENT_QUEUE_WAIT:
  case IV_EVENT_QUEUE_ABANDONED:
  case IV_EVENT_QUEUE_LEFT:
    return note_ongoing(sql, store_no, &waits, waits.close, event, nos, error);
  case IV_EVENT_CAMERA_STATE:
    return nos->camera == 0 || note_state(sql, store_no, event, nos, error);
  case IV_EVENT_CAMERA_SAMPLE:
    return nos->camera == 0 || note_sample(sql, store_no, event, nos, error);
  default:
    return TRUE;
  }
}

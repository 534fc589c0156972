/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"
#include "sql/sql.h"

/* Events as rows of the table `events`. Inside this room; writing inside jobs of the writer. */

/* Numbers of what an event names; 0 = names none. */
typedef struct {
  gint64 kind, edge, camera, zone, line, lane, model;
} IvEventNos;

/* Numbers that were found already: one for a batch, as a later batch may find other ones. */
typedef struct IvEventNames IvEventNames;
IvEventNames *iv_event_names_new(void);
void iv_event_names_free(IvEventNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvEventNames, iv_event_names_free)

/* Finds them, and makes those that are new (an edge may know a camera or a zone before the server
 * does). TRUE with `ret_refused` set (static text) when a limit is reached. */
gboolean iv_event_row_numbers(IvSql *sql, IvEventNames *names, gint64 store_no,
                              const IvEvent *event, IvEventNos *ret_nos, const char **ret_refused,
                              GError **error);

/* `ret_inserted` is FALSE when the event was there already. */
gboolean iv_event_row_insert(IvSql *sql, gint64 store_no, const IvEvent *event,
                             const IvEventNos *nos, gboolean *ret_inserted, GError **error);

/* Column list and joins of a statement whose rows iv_event_row_read takes; ends before WHERE. The
 * table is `e`. */
#define IV_EVENT_ROW_SELECT                                                                        \
  "SELECT e.id, e.ts, e.end_ts, k.name, n.id, c.id, e.tracklet_id, z.id, l.id, e.score, "          \
  "e.scene_version, m.name, e.attrs, e.camera_no, e.zone_no, e.line_no, q.id, "                    \
  "e.lane_no, e.visitor FROM events e "                                                            \
  "JOIN event_kinds k ON k.kind_no = e.kind_no "                                                   \
  "LEFT JOIN edge_nodes n ON n.edge_no = e.edge_no "                                               \
  "LEFT JOIN cameras c ON c.camera_no = e.camera_no "                                              \
  "LEFT JOIN zones z ON z.zone_no = e.zone_no "                                                    \
  "LEFT JOIN lines l ON l.line_no = e.line_no "                                                    \
  "LEFT JOIN lanes q ON q.lane_no = e.lane_no "                                                    \
  "LEFT JOIN models m ON m.model_no = e.model_no "

/* The current row; `store_id` is copied into the event. `ret_nos` may be NULL; kind, edge and model
 * are not set in it. */
void iv_event_row_read(IvStatement *st, const char *store_id, IvEvent *ret_event,
                       IvEventNos *ret_nos);

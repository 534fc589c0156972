/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger_fixture.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "config/load.h"
#include "model/heat.h"

static const char yaml[] =
    "store: {id: demo, name: Demo store, time_zone: %s}\n"
    "cameras:\n"
    "  - id: door\n"
    "    number: 1\n"
    "    role: entrance\n"
    "    url: rtsp://127.0.0.1/door\n"
    "    scene:\n"
    "      image: {w: 768, h: 576}\n"
    "      lines:\n"
    "        - {id: in, name: Door, kind: entrance, a: [0.2, 0.5], b: [0.8, 0.5]}\n"
    "        - {id: street, kind: pass-by, a: [0.1, 0.2], b: [0.1, 0.9]}\n"
    "  - id: aisle\n"
    "    number: 2\n"
    "    url: rtsp://127.0.0.1/aisle\n"
    "    scene:\n"
    "      image: {w: 768, h: 576}\n"
    "      lines:\n"
    "        - {id: cut, kind: internal, a: [0.5, 0], b: [0.5, 1]}\n"
    "      zones:\n"
    "        - {id: shelf, name: Shelf, kind: product, polygon: [[0, 0], [0.4, 0], [0.4, 1], [0, "
    "1]]}\n"
    "        - {id: middle, polygon: [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]}\n"
    "  - id: till\n"
    "    number: 3\n"
    "    url: rtsp://127.0.0.1/till\n"
    "    scene:\n"
    "      image: {w: 768, h: 576}\n"
    "      zones:\n"
    "        - {id: shelf, name: Shelf, kind: product, polygon: [[0, 0], [0.4, 0], [0.4, 1], [0, "
    "1]]}\n"
    "      lanes:\n"
    "        - {id: one, name: Till one, queue: {polygon: [[0, 0.3], [0.2, 0.3], [0.2, 1], [0, "
    "1]]},\n"
    "           service: {polygon: [[0, 0], [0.2, 0], [0.2, 0.2], [0, 0.2]]}}\n"
    "        - {id: sco-a, group: sco, self_checkout: true,\n"
    "           queue: {polygon: [[0.5, 0.3], [0.9, 0.3], [0.9, 1], [0.5, 1]]},\n"
    "           service: {polygon: [[0.5, 0], [0.6, 0], [0.6, 0.2], [0.5, 0.2]]}}\n"
    "        - {id: sco-b, group: sco, self_checkout: true,\n"
    "           service: {polygon: [[0.7, 0], [0.8, 0], [0.8, 0.2], [0.7, 0.2]]}}\n";

IvConfig *fixture_config_from(const char *text) {
  g_autoptr(IvConfigReport) report = iv_config_report_new("test.yaml");
  IvConfig *config = iv_config_parse(text, strlen(text), NULL, report);
  if (!config) {
    g_autofree char *findings = iv_config_report_text(report);
    g_error("%s", findings);
  }
  return config;
}

IvConfig *fixture_config(const char *time_zone) {
  g_autofree char *text = g_strdup_printf(yaml, time_zone);
  return fixture_config_from(text);
}

void fixture_reopen(Fixture *fixture) {
  g_autoptr(GError) error = NULL;
  IvKpiLimits limits = iv_kpi_limits_default();
  fixture->store = iv_store_open(fixture->path, &error);
  g_assert_no_error(error);
  fixture->book = iv_ledger_book_new(fixture->store, &limits);
}

void fixture_close(Fixture *fixture) {
  g_clear_pointer(&fixture->book, iv_ledger_book_free);
  g_clear_pointer(&fixture->store, iv_store_close);
}

void fixture_set_up(Fixture *fixture, const char *time_zone) {
  g_autoptr(GError) error = NULL;
  fixture->dir = g_dir_make_tmp("inveye-store-XXXXXX", &error);
  g_assert_no_error(error);
  fixture->path = g_build_filename(fixture->dir, "inveye.db", NULL);
  fixture_reopen(fixture);
  g_autoptr(IvConfig) config = fixture_config(time_zone);
  iv_catalog_import(fixture->store, config, at("2026-01-01T00:00:00Z"), NULL, &error);
  g_assert_no_error(error);
}

void fixture_tear_down(Fixture *fixture) {
  fixture_close(fixture);
  g_autoptr(GDir) dir = g_dir_open(fixture->dir, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *path = g_build_filename(fixture->dir, name, NULL);
    g_unlink(path);
  }
  g_rmdir(fixture->dir);
  g_free(fixture->path);
  g_free(fixture->dir);
}

IvTime at(const char *rfc3339) {
  IvTime t;
  if (!iv_time_from_text(rfc3339, &t))
    g_error("not a time: %s", rfc3339);
  return t;
}

/* ---- events ---- */

static IvEvent begin(IvEventKind kind, const char *camera, IvTime ts) {
  IvEvent event;
  iv_event_init(&event, kind, ts);
  iv_slug_set(&event.store_id, "demo");
  iv_slug_set(&event.edge_id, "local");
  iv_slug_set(&event.camera_id, camera);
  event.scene_version = 1;
  g_strlcpy(event.model_version, "scripted", sizeof event.model_version);
  return event;
}

static IvEvent end(IvEvent event) {
  iv_event_set_id(&event, "camera");
  return event;
}

IvEvent make_crossing(const char *camera, const char *line, const char *direction, IvTime ts,
                      guint64 tracklet) {
  IvEvent event = begin(IV_EVENT_LINE_CROSSED, camera, ts);
  iv_slug_set(&event.line_id, line);
  event.tracklet_id = tracklet;
  event.score = 0.5f;
  iv_event_set_text(&event, IV_ATTR_DIRECTION, direction);
  return end(event);
}

IvEvent make_turn_back(const char *camera, const char *line, IvTime in_ts, IvTime ts,
                       guint64 tracklet) {
  IvEvent event = make_crossing(camera, line, "out", ts, tracklet);
  iv_event_set_flag(&event, IV_ATTR_TURN_BACK, TRUE);
  iv_event_set_time(&event, IV_ATTR_IN_TS, in_ts);
  return end(event);
}

IvEvent make_group(const char *camera, const char *line, IvTime ts, IvTime last, guint size,
                   const char *crossings_ms, guint64 tracklet) {
  IvEvent event = begin(IV_EVENT_GROUP_ENTERED, camera, ts);
  iv_slug_set(&event.line_id, line);
  event.tracklet_id = tracklet;
  event.end_ts = last;
  iv_event_set_number(&event, IV_ATTR_SIZE, size);
  iv_event_set_text(&event, IV_ATTR_CROSSINGS_MS, crossings_ms);
  return end(event);
}

IvEvent make_passed_by(const char *camera, const char *line, IvTime ts, guint64 tracklet) {
  IvEvent event = begin(IV_EVENT_LINE_PASSED_BY, camera, ts);
  iv_slug_set(&event.line_id, line);
  event.tracklet_id = tracklet;
  return end(event);
}

IvEvent make_visit(const char *camera, const char *zone, IvTime ts, IvTime length,
                   guint64 tracklet) {
  IvEvent event = begin(IV_EVENT_ZONE_VISIT, camera, ts);
  iv_slug_set(&event.zone_id, zone);
  event.tracklet_id = tracklet;
  event.end_ts = ts + length;
  iv_event_set_number(&event, IV_ATTR_DWELL_S, (double)length / (double)IV_SECOND);
  return end(event);
}

IvEvent make_crowd(const char *camera, const char *zone, IvTime ts, IvTime length) {
  IvEvent event = begin(IV_EVENT_ZONE_OVER_CAPACITY, camera, ts);
  iv_slug_set(&event.zone_id, zone);
  event.end_ts = ts + length;
  iv_event_set_number(&event, IV_ATTR_PEOPLE, 5);
  iv_event_set_number(&event, IV_ATTR_CAPACITY, 4);
  return end(event);
}

IvEvent make_started(const char *camera, const char *zone, IvTime ts, guint64 tracklet) {
  IvEvent event = begin(IV_EVENT_ZONE_VISIT_STARTED, camera, ts);
  iv_slug_set(&event.zone_id, zone);
  event.tracklet_id = tracklet;
  return end(event);
}

IvEvent make_queued(IvEventKind kind, const char *lane, IvTime ts, IvTime length,
                    guint64 tracklet) {
  IvEvent event = begin(kind, "till", ts);
  iv_slug_set(&event.lane_id, lane);
  event.tracklet_id = tracklet;
  if (iv_event_kind_info(kind)->interval)
    event.end_ts = ts + length;
  return end(event);
}

IvEvent make_queue_sample(const char *lane, IvTime ts, guint sum, guint most, guint open_s) {
  IvEvent event = begin(IV_EVENT_QUEUE_SAMPLE, "till", ts);
  iv_slug_set(&event.lane_id, lane);
  event.end_ts = ts + IV_MINUTE;
  iv_event_set_number(&event, IV_ATTR_N, 60);
  iv_event_set_number(&event, IV_ATTR_SUM, sum);
  iv_event_set_number(&event, IV_ATTR_MAX, most);
  iv_event_set_number(&event, IV_ATTR_OPEN_S, open_s);
  return end(event);
}

IvEvent make_heat(const char *camera, const char *grid, IvTime ts, guint cell, double seconds,
                  guint part) {
  IvEvent event = begin(IV_EVENT_HEAT_SAMPLE, camera, ts);
  IvHeatGrid any = iv_heat_grid_of_picture();
  IvHeatCell row = {cell, (guint32)(seconds * 10 + 0.5)};
  event.end_ts = iv_time_floor(ts, IV_HEAT_BUCKET) + IV_HEAT_BUCKET;
  iv_heat_sample_write(&event, &any, &row, 1);
  iv_event_set_text(&event, IV_ATTR_GRID, grid);
  iv_event_set_number(&event, IV_ATTR_PART, part);
  return end(event);
}

IvEvent make_sample(const char *camera, IvTime ts, double alive_s) {
  IvEvent event = begin(IV_EVENT_CAMERA_SAMPLE, camera, ts);
  event.end_ts = ts + IV_MINUTE;
  iv_event_set_number(&event, IV_ATTR_ALIVE_S, alive_s);
  iv_event_set_number(&event, IV_ATTR_SPAN_S, 60);
  iv_event_set_number(&event, IV_ATTR_FRAMES_DUE, 300);
  iv_event_set_number(&event, IV_ATTR_FRAMES_SKIPPED, 3);
  iv_event_set_number(&event, IV_ATTR_FRAMES_GATED, 100);
  iv_event_set_number(&event, IV_ATTR_PEOPLE_SUM, (double)(ts / IV_MINUTE % 400));
  iv_event_set_number(&event, IV_ATTR_PEOPLE_N, 197);
  iv_event_set_number(&event, IV_ATTR_PEOPLE_MAX, (double)(ts / IV_MINUTE % 9));
  return end(event);
}

IvEvent make_state(const char *camera, const char *state, IvTime ts) {
  IvEvent event = begin(IV_EVENT_CAMERA_STATE, camera, ts);
  iv_event_set_text(&event, IV_ATTR_STATE, state);
  iv_event_set_text(&event, IV_ATTR_REASON, "because");
  return end(event);
}

IvEvent make_known(IvEvent event, guint32 number) {
  event.visitor = iv_visitor_make(20541, number);
  return event;
}

IvEvent make_store_visit(IvEventKind kind, IvTime ts, IvTime length, guint32 number) {
  IvEvent event = make_known(begin(kind, "door", ts), number);
  iv_slug_set(&event.line_id, "in");
  event.tracklet_id = number;
  if (kind == IV_EVENT_VISIT_CLOSED) {
    event.end_ts = ts + length;
    iv_event_set_number(&event, IV_ATTR_DURATION_S, (double)length / (double)IV_SECOND);
    iv_event_set_flag(&event, IV_ATTR_ENGAGED, length > 20 * IV_SECOND);
  }
  iv_event_set_id(&event, "store");
  return event;
}

guint apply(Fixture *fixture, const IvEvent *events, guint n) {
  g_autoptr(GError) error = NULL;
  g_autofree gboolean *inserted = g_new(gboolean, n);
  g_autofree const char **refused = g_new(const char *, n);
  guint fresh = 0;
  iv_ledger_apply(fixture->book, events, n, at("2026-12-31T00:00:00Z"), inserted, refused, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < n; i++)
    fresh += inserted[i] ? 1 : 0;
  return fresh;
}

/* Times are whole milliseconds, as they are after the way through JSON. */
GArray *make_day(IvTime start, guint32 seed) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
  GArray *events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
#define ADD(event)                                                                                 \
  do {                                                                                             \
    IvEvent added = event;                                                                         \
    g_array_append_val(events, added);                                                             \
  } while (0)
  for (guint64 who = 1; who <= 200; who++) {
    IvTime t = start + g_rand_int_range(dice, 0, 86400000) * IV_MS;
    IvTime back = t + g_rand_int_range(dice, 100, 2000) * IV_MS;
    IvTime stay = g_rand_int_range(dice, 0, who % 20 ? 90000 : 3600000) * IV_MS;
    IvEvent way_in = make_crossing("door", "in", "in", t, who);
    ADD(who % 5 ? make_known(way_in, (guint32)who) : way_in);
    if (who % 5 && who % 9) {
      ADD(make_store_visit(who % 7 ? IV_EVENT_VISIT_STARTED : IV_EVENT_VISIT_REENTERED, t, 0,
                           (guint32)who));
      if (who % 11 && who % 7)
        ADD(make_store_visit(IV_EVENT_VISIT_CLOSED, t, IV_HOUR, (guint32)who));
    }
    if (who % 13 == 0)
      ADD(make_store_visit(IV_EVENT_VISIT_TURNED_BACK, t, 0, (guint32)who));
    if (who % 9 == 0)
      ADD(make_turn_back("door", "in", t, back, who));
    else
      ADD(make_crossing("door", "in", "out", t + IV_HOUR, who));
    if (who % 6 == 0)
      ADD(make_group("door", "in", t, t + IV_SECOND, (guint)(who % 5) + 2, "0 300 1000", who));
    if (who % 4 == 0)
      ADD(make_passed_by("door", "street", t + IV_MINUTE, who + 1000));
    ADD(make_known(make_crossing("aisle", "cut", who % 2 ? "in" : "out", t + IV_SECOND, who),
                   (guint32)who / 2 + 1));
    ADD(make_started("aisle", "shelf", t + 5 * IV_SECOND, who));
    if (who % 50 != 0)
      ADD(make_known(make_visit("aisle", "shelf", t + 5 * IV_SECOND, stay, who),
                     (guint32)who % 40 + 1));
    ADD(make_known(make_visit("till", "shelf", t + 6 * IV_SECOND, stay / 2 / IV_MS * IV_MS, who),
                   (guint32)who % 40 + 1));
    const char *queue = who % 3 ? "one" : "sco", *lane = who % 3   ? "one"
                                                         : who % 2 ? "sco-a"
                                                                   : "sco-b";
    ADD(make_queued(IV_EVENT_QUEUE_JOINED, queue, t + 8 * IV_SECOND, 0, who));
    if (who % 25 == 0)
      ADD(make_queued(IV_EVENT_QUEUE_ABANDONED, queue, t + 8 * IV_SECOND, stay, who));
    else if (who % 26 == 0)
      ADD(make_queued(IV_EVENT_QUEUE_LEFT, queue, t + 8 * IV_SECOND, stay, who));
    else if (who % 27 != 0) /* else it goes on */
      ADD(make_queued(IV_EVENT_QUEUE_WAIT, queue, t + 8 * IV_SECOND, stay * 5, who));
    ADD(make_queued(IV_EVENT_QUEUE_SERVICE, lane, t + IV_HOUR, stay / IV_MS / 2 * IV_MS, who));
    ADD(make_visit("aisle", "middle", t + 7 * IV_SECOND, stay / 3 / IV_MS * IV_MS, who));
  }
  for (guint minute = 0; minute < 200; minute++)
    ADD(make_sample(minute % 2 ? "door" : "aisle", start + minute * 5 * IV_MINUTE + 271 * IV_SECOND,
                    minute % 7 ? 60 : 20));
  for (guint minute = 0; minute < 100; minute++)
    ADD(make_queue_sample(minute % 3 ? "one" : "sco", start + minute * 3 * IV_MINUTE,
                          minute * 7 % 300, minute % 9, minute % 61));
  for (guint i = 0; i < 300; i++)
    ADD(make_heat(i % 2 ? "door" : "floor-plan", i % 2 ? "32x18" : "40x20@500",
                  start + i / 2 * 8 * IV_MINUTE, i * 7 % 500, 0.1 * (i * 31 % 9999 + 1), i % 5));
  for (guint hour = 0; hour < 24; hour++)
    ADD(make_state("door", hour % 2 ? "online" : "offline", start + hour * IV_HOUR));
  for (guint i = 0; i < 12; i++)
    ADD(make_crowd(i % 3 ? "aisle" : "till", "shelf", start + i * 101 * IV_MINUTE + 777 * IV_MS,
                   i * i * IV_MINUTE + 333 * IV_MS));
#undef ADD
  return events;
}

void shuffle(GArray *events, GRand *dice) {
  for (guint i = events->len; i > 1; i--) {
    guint k = (guint)g_rand_int_range(dice, 0, (gint32)i);
    IvEvent swap = g_array_index(events, IvEvent, i - 1);
    g_array_index(events, IvEvent, i - 1) = g_array_index(events, IvEvent, k);
    g_array_index(events, IvEvent, k) = swap;
  }
}

/* ---- looking ---- */

/* Surrogate numbers depend on who came first, so the dump names things by their slugs. */
static const char *const dumps[] = {
    "SELECT hex(e.id), e.ts, e.end_ts, k.name, n.id, c.id, e.tracklet_id, z.id, l.id, e.score, "
    "e.scene_version, m.name, e.attrs, q.id, e.visitor FROM events e JOIN event_kinds k USING "
    "(kind_no) "
    "JOIN edge_nodes n USING (edge_no) LEFT JOIN cameras c ON c.camera_no = e.camera_no "
    "LEFT JOIN zones z ON z.zone_no = e.zone_no LEFT JOIN lines l ON l.line_no = e.line_no "
    "LEFT JOIN lanes q ON q.lane_no = e.lane_no LEFT JOIN models m ON m.model_no = e.model_no "
    "ORDER BY 2, 1",
    "SELECT bucket, traffic_in, traffic_out, turn_backs, pass_bys, reentries, known_in, visits, "
    "visits_closed, visit_ms, bounces, hex(visit_sketch), hex(visitor_set) FROM kpi_5min_store "
    "ORDER BY 1",
    "SELECT bucket, c.id, alive_ms, span_ms, frames_due, frames_skipped, frames_gated, people_sum, "
    "people_n, people_max FROM kpi_5min_camera JOIN cameras c USING (camera_no) ORDER BY 1, 2",
    "SELECT bucket, l.id, c.id, k.scene_version, crossed_in, crossed_out, turn_backs, pass_bys "
    "FROM kpi_5min_line k JOIN lines l USING (line_no) JOIN cameras c ON c.camera_no = k.camera_no "
    "ORDER BY 1, 3, 2, 4",
    "SELECT bucket, z.id, c.id, k.scene_version, visits, visitors, engaged, dwell_ms, peak, "
    "hex(dwell_sketch), known, engaged_known, hex(visitor_set), hex(engaged_set), over_capacity_ms "
    "FROM kpi_5min_zone k JOIN zones z USING (zone_no) "
    "JOIN cameras c USING (camera_no) ORDER BY 1, 2, 3, 4",
    "SELECT bucket, l.id, c.id, k.scene_version, joined, waited, in_target, wait_ms, abandoned, "
    "served, service_ms, length_n, length_sum, length_max, open_ms, hex(wait_sketch), "
    "hex(service_sketch) FROM kpi_5min_lane k JOIN lanes l USING (lane_no) "
    "JOIN cameras c USING (camera_no) ORDER BY 1, 2, 3, 4",
    "SELECT o.ts, l.id, c.id, o.tracklet_id FROM open_waits o JOIN lanes l USING (lane_no) "
    "JOIN cameras c USING (camera_no) ORDER BY 1, 2, 3, 4",
    "SELECT o.ts, z.id, c.id, o.tracklet_id FROM open_visits o JOIN zones z USING (zone_no) "
    "JOIN cameras c USING (camera_no) ORDER BY 1, 2, 3, 4",
    "SELECT c.id, s.state, s.reason, s.ts, hex(s.event_id), s.told_until FROM camera_status s "
    "JOIN cameras c USING (camera_no) ORDER BY 1",
    "SELECT bucket, c.id, columns, rows, cell_mm, tenths, hex(cells) FROM heatmap_cells "
    "JOIN cameras c USING (camera_no) ORDER BY 1, 2, 3, 4, 5",
    "SELECT bucket, c.id, columns, rows, cell_mm, tenths, hex(cells) FROM heatmap_hours "
    "JOIN cameras c USING (camera_no) ORDER BY 1, 2, 3, 4, 5",
    "SELECT day, from_ts, to_ts FROM store_days ORDER BY 1",
    "SELECT * FROM daily_kpis ORDER BY 1, 2",
    "SELECT * FROM kpi_hourly ORDER BY 1, 2",
    "SELECT p.day_from, z.id, p.visitors, p.engaged, hex(p.visitor_set), hex(p.engaged_set) "
    "FROM kpi_day_people p LEFT JOIN zones z USING (zone_no) ORDER BY 1, 2",
    "SELECT ts, visitor FROM open_store_visits ORDER BY 1, 2",
    "SELECT visitor, ts, z.id, v.kind, end_ts FROM visitor_stays v JOIN zones z USING (zone_no) "
    "ORDER BY 1, 2, 3",
    "SELECT visitor, ts, end_ts, duration_ms, entries, hex(path), product_zones, backtracked, "
    "checkout, bought FROM customer_visits JOIN journey_paths USING (path_no) ORDER BY 1, 2",
    "SELECT bucket, visits, visit_ms, product_zones, wide, backtracked, express, browsers, "
    "checkouts, bought FROM kpi_hour_journeys WHERE visits > 0 ORDER BY 1",
    "SELECT bucket, depth, from_zone, to_zone, visits FROM kpi_day_steps WHERE visits > 0 "
    "ORDER BY 1, 2, 3, 4",
    "SELECT bucket, hex(path), visits, visit_ms FROM kpi_day_paths JOIN journey_paths USING "
    "(path_no) WHERE visits > 0 ORDER BY 1, 2",
};
static const int dump_columns[] = {15, 13, 10, 8, 15, 17, 4,  4,  6, 7, 7,
                                   3,  9,  9,  6, 2,  5,  10, 10, 5, 4};

char *dump_tables(IvStore *store) {
  g_autoptr(GError) error = NULL;
  GString *text = g_string_new(NULL);
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  for (gsize i = 0; i < G_N_ELEMENTS(dumps); i++) {
    IvStatement *st = iv_sql_statement(read.sql, dumps[i]);
    g_string_append_printf(text, "-- %" G_GSIZE_FORMAT "\n", i);
    while (iv_step_row(st, &error)) {
      for (int c = 0; c < dump_columns[i]; c++)
        g_string_append_printf(text, "%s|", iv_column_text(st, c));
      g_string_append_c(text, '\n');
    }
    g_assert_no_error(error);
  }
  return g_string_free(text, FALSE);
}

void assert_same_dump(const char *a, const char *b) {
  if (strcmp(a, b) ==
      0) /* split only then: under the sanitizers that takes the square of the length */
    return;
  g_auto(GStrv) x = g_strsplit(a, "\n", -1), y = g_strsplit(b, "\n", -1);
  for (guint i = 0; x[i] || y[i]; i++)
    if (!x[i] || !y[i] || strcmp(x[i], y[i]) != 0)
      g_error("line %u differs:\n%s\n%s", i, x[i] ? x[i] : "(end)", y[i] ? y[i] : "(end)");
}

gint64 ask_int(IvStore *store, const char *text) {
  g_autoptr(GError) error = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, &error);
  g_assert_no_error(error);
  IvStatement *st = iv_sql_statement(read.sql, text);
  gboolean row = iv_step_row(st, &error);
  g_assert_no_error(error);
  g_assert_true(row);
  gint64 value = iv_column_int(st, 0);
  iv_statement_reset(st);
  return value;
}

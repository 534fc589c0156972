/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"
#include "store/catalog.h"
#include "store/kpis.h"
#include "store/ledger.h"
#include "store/scenes.h"

/* A store "demo" in a database of its own, for tests: cameras "door" (an entrance line "in", a
 * pass-by line "street"), "aisle" (zones "shelf" and "middle", an internal line "cut") and "till"
 * (zone "shelf" too, lane "one", lanes "sco-a" and "sco-b" of the group "sco"). */
typedef struct {
  char *dir, *path;
  IvStore *store;
  IvLedgerBook *book;
} Fixture;

void fixture_set_up(Fixture *fixture, const char *time_zone);
void fixture_tear_down(Fixture *fixture);
void fixture_close(Fixture *fixture);  /* keeps the files */
void fixture_reopen(Fixture *fixture); /* without import */

/* The configuration behind it; free it. */
IvConfig *fixture_config(const char *time_zone);
IvConfig *fixture_config_from(const char *yaml);

IvTime at(const char *rfc3339);

/* Events with id, of camera and scene version 1. */
IvEvent make_crossing(const char *camera, const char *line, const char *direction, IvTime ts,
                      guint64 tracklet);
IvEvent make_turn_back(const char *camera, const char *line, IvTime in_ts, IvTime ts,
                       guint64 tracklet);
IvEvent make_group(const char *camera, const char *line, IvTime ts, IvTime last, guint size,
                   const char *crossings_ms, guint64 tracklet);
IvEvent make_passed_by(const char *camera, const char *line, IvTime ts, guint64 tracklet);
IvEvent make_visit(const char *camera, const char *zone, IvTime ts, IvTime length,
                   guint64 tracklet);
IvEvent make_crowd(const char *camera, const char *zone, IvTime ts, IvTime length);
IvEvent make_started(const char *camera, const char *zone, IvTime ts, guint64 tracklet);
/* About a lane or group of the camera "till"; `length` is for kinds that last. */
IvEvent make_queued(IvEventKind kind, const char *lane, IvTime ts, IvTime length, guint64 tracklet);
IvEvent make_queue_sample(const char *lane, IvTime ts, guint sum, guint most, guint open_s);
/* Seconds in one cell of a grid ("32x18", "40x20@500"), in the five minutes of `ts`; other `part`s
 * are other events. */
IvEvent make_heat(const char *camera, const char *grid, IvTime ts, guint cell, double seconds,
                  guint part);
IvEvent make_sample(const char *camera, IvTime ts, double alive_s);
IvEvent make_state(const char *camera, const char *state, IvTime ts);

/* The same, of a visitor of 2026-03-29 (number > 0). */
IvEvent make_known(IvEvent event, guint32 number);

/* A visit of the store through the door: visit.started, .reentered, .turned_back or .closed, the
 * latter with `length`. */
IvEvent make_store_visit(IvEventKind kind, IvTime ts, IvTime length, guint32 number);

/* Stores them; asserts that it works. Returns how many were new. */
guint apply(Fixture *fixture, const IvEvent *events, guint n);

/* A day's worth of events of every kind, some 1000, the same for the same seed (GArray of IvEvent).
 */
GArray *make_day(IvTime start, guint32 seed);
void shuffle(GArray *events, GRand *dice);

/* Every row of the tables that figures come from, as text, in order. */
char *dump_tables(IvStore *store);

/* Tells the first line that differs. */
void assert_same_dump(const char *a, const char *b);

/* First column of the first row. */
gint64 ask_int(IvStore *store, const char *text);

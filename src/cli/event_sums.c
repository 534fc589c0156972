/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/event_sums.h"

#include <string.h>

#include "kpi/distinct.h"
#include "kpi/sketch.h"

typedef struct {
  IvSubject subject;
  IvTime bucket;
  GQuark what; /* line, zone, lane or camera; 0 = the store */
} Key;

typedef struct {
  Key key; /* first: the row is its own key in the table */
  gint64 amounts[IV_MEASURES_MAX];
  IvSketch *lengths[IV_SPREADS]; /* NULL = none */
  IvDistinct *people[IV_PEOPLE]; /* NULL = none */
} Row;

struct IvEventSums {
  const IvScenario *scenario;
  IvKpiLimits limits;
  GHashTable *rows; /* of Row, owned */
};

static guint hash_key(gconstpointer pointer) {
  const Key *key = pointer;
  guint64 h = (guint64)(key->bucket / IV_BUCKET_SPAN) * 1000003 + key->what;
  h = h * IV_SUBJECTS + key->subject;
  return (guint)(h ^ (h >> 32));
}

static gboolean same_key(gconstpointer a, gconstpointer b) {
  const Key *x = a, *y = b;
  return x->bucket == y->bucket && x->what == y->what && x->subject == y->subject;
}

static void row_free(gpointer pointer) {
  Row *row = pointer;
  for (int i = 0; i < IV_SPREADS; i++)
    iv_sketch_free(row->lengths[i]);
  for (int i = 0; i < IV_PEOPLE; i++)
    iv_distinct_free(row->people[i]);
  g_free(row);
}

IvEventSums *iv_event_sums_new(const IvScenario *scenario) {
  IvEventSums *sums = g_new0(IvEventSums, 1);
  sums->scenario = scenario;
  sums->limits = iv_kpi_limits_default();
  sums->rows = g_hash_table_new_full(hash_key, same_key, NULL, row_free);
  return sums;
}

void iv_event_sums_free(IvEventSums *sums) {
  if (!sums)
    return;
  g_hash_table_unref(sums->rows);
  g_free(sums);
}

static Row *row_of(IvEventSums *sums, const IvEvent *event, IvSubject subject, IvTime bucket) {
  const char *what[IV_SUBJECTS] = {[IV_SUBJECT_CAMERA] = event->camera_id.text,
                                   [IV_SUBJECT_LINE] = event->line_id.text,
                                   [IV_SUBJECT_ZONE] = event->zone_id.text,
                                   [IV_SUBJECT_LANE] = event->lane_id.text};
  Key key = {subject, bucket, what[subject] ? g_quark_from_string(what[subject]) : 0};
  Row *row = g_hash_table_lookup(sums->rows, &key);
  if (!row) {
    row = g_new0(Row, 1);
    row->key = key;
    g_hash_table_add(sums->rows, row);
  }
  return row;
}

static int line_kind(const IvScenario *s, const IvSlug *id) {
  for (guint i = 0; i < s->n_lines; i++)
    if (strcmp(s->lines[i].id.text, id->text) == 0)
      return s->lines[i].is_passby ? IV_LINE_PASS_BY : IV_LINE_ENTRANCE;
  return -1;
}

static void add_amounts(IvEventSums *sums, const IvEvent *event) {
  IvBucketDelta deltas[IV_BUCKET_DELTAS_MAX];
  int kind = iv_slug_is_none(&event->line_id) ? -1 : line_kind(sums->scenario, &event->line_id);
  guint n = iv_bucket_deltas(event, kind, &sums->limits, deltas);
  for (guint i = 0; i < n; i++) {
    const IvSubjectInfo *info = iv_subject_info(deltas[i].subject);
    gint64 *amounts = row_of(sums, event, deltas[i].subject, deltas[i].bucket)->amounts;
    for (guint k = 0; k < info->n_measures; k++)
      amounts[k] = info->measures[k].is_max ? MAX(amounts[k], deltas[i].amounts[k])
                                            : amounts[k] + deltas[i].amounts[k];
  }
}

void iv_event_sums_add(IvEventSums *sums, const IvEvent *event) {
  IvTime bucket = iv_time_floor(event->ts, IV_BUCKET_SPAN);
  IvSpread spread;
  gint64 ms;
  IvPeople people[IV_BUCKET_PEOPLE_MAX];
  add_amounts(sums, event);
  if (iv_bucket_length(event, &sums->limits, &spread, &ms)) {
    Row *row = row_of(sums, event, iv_spread_info(spread)->subject, bucket);
    row->lengths[spread] = row->lengths[spread] ? row->lengths[spread] : iv_sketch_new();
    iv_sketch_add(row->lengths[spread], ms);
  }
  guint n = event->visitor ? iv_bucket_people(event, &sums->limits, people) : 0;
  for (guint i = 0; i < n; i++) {
    Row *row = row_of(sums, event, iv_people_info(people[i])->subject, bucket);
    row->people[people[i]] = row->people[people[i]] ? row->people[people[i]] : iv_distinct_new();
    iv_distinct_add(row->people[people[i]], event->visitor);
  }
}

guint iv_event_sums_rows(const IvEventSums *sums) {
  return g_hash_table_size(sums->rows);
}

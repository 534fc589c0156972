/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "kpi/bucket.h"
#include "kpi/coverage.h"
#include "kpi/figure.h"
#include "kpi/peak.h"
#include "kpi/reference.h"

#define T0 (IV_BUCKET_SPAN * 1000) /* a bucket's start */

static IvKpiLimits limits;

static IvEvent crossing(const char *direction, IvTime ts) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_LINE_CROSSED, ts);
  iv_event_set_text(&event, IV_ATTR_DIRECTION, direction);
  return event;
}

/* Sum over the deltas of one measure in one bucket. */
static gint64 amount(const IvBucketDelta *deltas, guint n, IvSubject subject, IvTime bucket,
                     int place) {
  gint64 sum = 0;
  for (guint i = 0; i < n; i++)
    if (deltas[i].subject == subject && deltas[i].bucket == bucket)
      sum += deltas[i].amounts[place];
  return sum;
}

static void test_crossing(void) {
  IvBucketDelta d[IV_BUCKET_DELTAS_MAX];
  IvEvent in = crossing("in", T0 + 1), out = crossing("out", T0 + IV_BUCKET_SPAN - 1);
  guint n = iv_bucket_deltas(&in, IV_LINE_ENTRANCE, &limits, d);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_STORE, T0, IV_STORE_IN), ==, 1);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_LINE, T0, IV_LINE_IN), ==, 1);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_STORE, T0, IV_STORE_OUT), ==, 0);
  n = iv_bucket_deltas(&out, IV_LINE_ENTRANCE, &limits, d);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_STORE, T0, IV_STORE_OUT), ==, 1);
  /* only entrances make traffic */
  n = iv_bucket_deltas(&in, IV_LINE_INTERNAL, &limits, d);
  g_assert_cmpuint(n, ==, 1);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_LINE, T0, IV_LINE_IN), ==, 1);
  n = iv_bucket_deltas(&in, -1, &limits, d);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_STORE, T0, IV_STORE_IN), ==, 0);
}

/* The turn-back takes its footfall from the bucket in which the way in was counted. */
static void test_turn_back(void) {
  IvBucketDelta d[IV_BUCKET_DELTAS_MAX];
  IvEvent out = crossing("out", T0 + IV_SECOND);
  iv_event_set_flag(&out, IV_ATTR_TURN_BACK, TRUE);
  iv_event_set_time(&out, IV_ATTR_IN_TS, T0 - IV_SECOND / 2);
  guint n = iv_bucket_deltas(&out, IV_LINE_ENTRANCE, &limits, d);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_STORE, T0, IV_STORE_OUT), ==, 1);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_STORE, T0, IV_STORE_TURN_BACKS), ==, 0);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_STORE, T0 - IV_BUCKET_SPAN, IV_STORE_TURN_BACKS), ==, 1);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_LINE, T0 - IV_BUCKET_SPAN, IV_LINE_TURN_BACKS), ==, 1);
}

static void test_passed_by(void) {
  IvBucketDelta d[IV_BUCKET_DELTAS_MAX];
  IvEvent event;
  iv_event_init(&event, IV_EVENT_LINE_PASSED_BY, T0);
  guint n = iv_bucket_deltas(&event, IV_LINE_PASS_BY, &limits, d);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_STORE, T0, IV_STORE_PASS_BYS), ==, 1);
  n = iv_bucket_deltas(&event, IV_LINE_INTERNAL, &limits, d);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_STORE, T0, IV_STORE_PASS_BYS), ==, 0);
}

static IvEvent visit(IvTime ts, IvTime length) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_ZONE_VISIT, ts);
  event.end_ts = ts + length;
  return event;
}

static void test_visit(void) {
  static const struct {
    IvTime length;
    gint64 visitors, engaged, dwell_ms;
  } cases[] = {
      {0, 0, 0, 0},
      {1999 * IV_MS, 0, 0, 0},
      {2000 * IV_MS, 1, 0, 2000},
      {14999 * IV_MS, 1, 0, 14999},
      {15000 * IV_MS, 1, 1, 15000},
      {700 * IV_SECOND, 1, 1, 700000}, /* all of it in the bucket of the entry */
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    IvBucketDelta d[IV_BUCKET_DELTAS_MAX];
    gint64 dwell = -1;
    IvSpread spread;
    IvEvent event = visit(T0 + 17, cases[i].length);
    guint n = iv_bucket_deltas(&event, -1, &limits, d);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpint(amount(d, n, IV_SUBJECT_ZONE, T0, IV_ZONE_VISITS), ==, 1);
    g_assert_cmpint(amount(d, n, IV_SUBJECT_ZONE, T0, IV_ZONE_VISITORS), ==, cases[i].visitors);
    g_assert_cmpint(amount(d, n, IV_SUBJECT_ZONE, T0, IV_ZONE_ENGAGED), ==, cases[i].engaged);
    g_assert_cmpint(amount(d, n, IV_SUBJECT_ZONE, T0, IV_ZONE_DWELL_MS), ==, cases[i].dwell_ms);
    g_assert_cmpint(iv_bucket_length(&event, &limits, &spread, &dwell), ==, cases[i].visitors == 1);
    g_assert_cmpint(dwell, ==, cases[i].visitors ? cases[i].dwell_ms : -1);
  }
  IvEvent started;
  IvBucketDelta d[IV_BUCKET_DELTAS_MAX];
  iv_event_init(&started, IV_EVENT_ZONE_VISIT_STARTED, T0);
  g_assert_cmpuint(iv_bucket_deltas(&started, -1, &limits, d), ==, 0);
}

static IvEvent store_visit(IvEventKind kind, double duration_s, gboolean engaged) {
  IvEvent event;
  iv_event_init(&event, kind, T0 + 1);
  event.visitor = iv_visitor_make(20000, 7);
  event.end_ts = T0 + IV_DAY / 2; /* the time between is no duration: absences are in it */
  iv_event_set_number(&event, IV_ATTR_DURATION_S, duration_s);
  iv_event_set_flag(&event, IV_ATTR_ENGAGED, engaged);
  return event;
}

/* What a way in over an entrance was: footfall is what comes in less what these take away. */
static void test_store_visits(void) {
  static const struct {
    IvEventKind kind;
    int place;
  } kinds[] = {{IV_EVENT_VISIT_STARTED, IV_STORE_VISITS},
               {IV_EVENT_VISIT_REENTERED, IV_STORE_REENTRIES},
               {IV_EVENT_VISIT_TURNED_BACK, IV_STORE_TURN_BACKS},
               {IV_EVENT_VISIT_CLOSED, IV_STORE_VISITS_CLOSED}};
  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
    IvBucketDelta d[IV_BUCKET_DELTAS_MAX];
    IvEvent event = store_visit(kinds[i].kind, 61, FALSE);
    guint n = iv_bucket_deltas(&event, IV_LINE_ENTRANCE, &limits, d);
    g_assert_cmpuint(n, ==, 1);
    for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++)
      g_assert_cmpint(amount(d, n, IV_SUBJECT_STORE, T0, kinds[k].place), ==, i == k);
  }
  IvBucketDelta d[IV_BUCKET_DELTAS_MAX];
  IvEvent in = crossing("in", T0 + 1);
  in.visitor = iv_visitor_make(20000, 7);
  guint n = iv_bucket_deltas(&in, IV_LINE_ENTRANCE, &limits, d);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_STORE, T0, IV_STORE_IN), ==, 1);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_STORE, T0, IV_STORE_KNOWN_IN), ==, 1);
}

static void test_durations_and_bounces(void) {
  static const struct {
    double duration_s;
    gboolean engaged, cut, counts, bounces;
  } cases[] = {{59.9994, FALSE, FALSE, TRUE, TRUE},
               {60, FALSE, FALSE, TRUE, FALSE},
               {30, TRUE, FALSE, TRUE, FALSE},
               {30, FALSE, TRUE, FALSE, FALSE}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    IvBucketDelta d[IV_BUCKET_DELTAS_MAX];
    IvSpread spread = IV_SPREADS;
    gint64 length = -1;
    IvEvent event = store_visit(IV_EVENT_VISIT_CLOSED, cases[i].duration_s, cases[i].engaged);
    if (cases[i].cut)
      iv_event_set_flag(&event, IV_ATTR_CUT, TRUE);
    guint n = iv_bucket_deltas(&event, IV_LINE_ENTRANCE, &limits, d);
    g_assert_cmpint(amount(d, n, IV_SUBJECT_STORE, T0, IV_STORE_VISITS_CLOSED), ==,
                    cases[i].counts);
    g_assert_cmpint(amount(d, n, IV_SUBJECT_STORE, T0, IV_STORE_BOUNCES), ==, cases[i].bounces);
    g_assert_cmpint(iv_bucket_length(&event, &limits, &spread, &length), ==, cases[i].counts);
    g_assert_cmpint(length, ==, cases[i].counts ? llround(cases[i].duration_s * 1000) : -1);
  }
}

static void test_people(void) {
  static const struct {
    IvTime length;
    guint n;
  } stays[] = {{IV_SECOND, 0}, {2 * IV_SECOND, 1}, {15 * IV_SECOND, 2}};
  IvPeople people[IV_BUCKET_PEOPLE_MAX];
  IvEvent event = store_visit(IV_EVENT_VISIT_STARTED, 0, FALSE);
  g_assert_cmpuint(iv_bucket_people(&event, &limits, people), ==, 1);
  g_assert_cmpint(people[0], ==, IV_PEOPLE_STORE);
  event = store_visit(IV_EVENT_VISIT_REENTERED, 0, FALSE);
  g_assert_cmpuint(iv_bucket_people(&event, &limits, people), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS(stays); i++) {
    event = store_visit(IV_EVENT_ZONE_VISIT, 0, FALSE);
    event.end_ts = event.ts + stays[i].length;
    g_assert_cmpuint(iv_bucket_people(&event, &limits, people), ==, stays[i].n);
    event.visitor = 0;
    g_assert_cmpuint(iv_bucket_people(&event, &limits, people), ==, 0);
  }
}

/* Alive time is shared out over the buckets it lies in, and none is lost or made. */
static void test_sample(void) {
  IvBucketDelta d[IV_BUCKET_DELTAS_MAX];
  IvEvent event;
  iv_event_init(&event, IV_EVENT_CAMERA_SAMPLE, T0 - 15 * IV_SECOND);
  event.end_ts = T0 + 45 * IV_SECOND;
  iv_event_set_number(&event, IV_ATTR_ALIVE_S, 60);
  iv_event_set_number(&event, IV_ATTR_SPAN_S, 60);
  iv_event_set_number(&event, IV_ATTR_FRAMES_DUE, 300);
  iv_event_set_number(&event, IV_ATTR_PEOPLE_SUM, 900);
  iv_event_set_number(&event, IV_ATTR_PEOPLE_N, 300);
  iv_event_set_number(&event, IV_ATTR_PEOPLE_MAX, 7);
  guint n = iv_bucket_deltas(&event, -1, &limits, d);
  IvTime before = T0 - IV_BUCKET_SPAN;
  g_assert_cmpint(amount(d, n, IV_SUBJECT_CAMERA, before, IV_CAMERA_ALIVE_MS), ==, 15000);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_CAMERA, T0, IV_CAMERA_ALIVE_MS), ==, 45000);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_CAMERA, before, IV_CAMERA_SPAN_MS), ==, 15000);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_CAMERA, before, IV_CAMERA_FRAMES_DUE), ==, 300);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_CAMERA, before, IV_CAMERA_PEOPLE_MAX), ==, 7);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_CAMERA, T0, IV_CAMERA_PEOPLE_SUM), ==, 0);
  /* a sample cannot be alive for longer than it lasted */
  iv_event_set_number(&event, IV_ATTR_ALIVE_S, 1e9);
  n = iv_bucket_deltas(&event, -1, &limits, d);
  g_assert_cmpint(amount(d, n, IV_SUBJECT_CAMERA, T0, IV_CAMERA_ALIVE_MS), ==, 45000);
  /* nor touch more buckets than there is room for */
  event.end_ts = event.ts + 100 * IV_DAY;
  g_assert_cmpuint(iv_bucket_deltas(&event, -1, &limits, d), <=, IV_BUCKET_DELTAS_MAX);
  event.end_ts = event.ts;
  g_assert_cmpuint(iv_bucket_deltas(&event, -1, &limits, d), ==, 1);
}

static void test_other_kinds_count_nothing(void) {
  IvBucketDelta d[IV_BUCKET_DELTAS_MAX];
  IvEvent event;
  iv_event_init(&event, IV_EVENT_UNKNOWN, T0);
  g_assert_cmpuint(iv_bucket_deltas(&event, -1, &limits, d), ==, 0);
  iv_event_init(&event, IV_EVENT_CAMERA_STATE, T0);
  g_assert_cmpuint(iv_bucket_deltas(&event, -1, &limits, d), ==, 0);
}

static void test_figures(void) {
  g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (int i = 0; i < IV_FIGURES; i++) {
    const IvFigureInfo *info = iv_figure_info((IvFigure)i);
    g_assert_nonnull(info->id);
    /* one that is preliminary may have a final one beside it */
    char *key = g_strdup_printf("%s %d", info->id, info->definition_version);
    g_assert_true(g_hash_table_add(ids, key));
    g_assert_cmpuint(strlen(info->definition), >, 10);
    g_assert_cmpuint(strlen(info->unit), >, 0);
  }
  const IvFigureInfo *footfall = iv_figure_info(iv_figure_footfall(0.99));
  g_assert_cmpint(footfall->definition_version, ==, 0);
  g_assert_nonnull(strstr(footfall->definition, "re-entries of the others are not removed"));
  g_assert_cmpint(iv_figure_footfall((double)NAN), ==, IV_FIGURE_FOOTFALL_UNKNOWN);
  g_assert_cmpint(iv_figure_info(iv_figure_footfall(1))->definition_version, ==, 1);
  g_assert_cmpint(iv_figure_zone_visitors(0.5), ==, IV_FIGURE_ZONE_VISITORS_UNKNOWN);
  g_assert_cmpint(iv_figure_zone_visitors(1), ==, IV_FIGURE_ZONE_VISITORS);
}

static void test_page_is_current(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(INVEYE_SOURCE_ROOT, "docs", "kpis.md", NULL);
  g_autofree char *page = NULL;
  g_autofree char *printed = iv_kpi_reference();
  g_file_get_contents(path, &page, NULL, &error);
  g_assert_no_error(error);
  if (strcmp(page, printed) != 0)
    g_error("docs/kpis.md is old; run: build/inveye check --figures > docs/kpis.md");
}

/* ---- peaks ---- */

static void test_peak(void) {
  /* two meet, one leaves as another comes, one stays over three buckets, one has no length */
  IvPeriod stays[] = {{T0 + 10, T0 + 20},
                      {T0 + 15, T0 + 30},
                      {T0 + 20, T0 + 25},
                      {T0 + IV_BUCKET_SPAN + 5, T0 + 3 * IV_BUCKET_SPAN + 5},
                      {T0 + 3 * IV_BUCKET_SPAN + 1, T0 + 3 * IV_BUCKET_SPAN + 1},
                      {T0 - 100, T0}};
  guint peaks[5];
  iv_peak_occupancy(stays, G_N_ELEMENTS(stays), T0, 5, peaks);
  g_assert_cmpuint(peaks[0], ==, 2);
  g_assert_cmpuint(peaks[1], ==, 1);
  g_assert_cmpuint(peaks[2], ==, 1);
  g_assert_cmpuint(peaks[3], ==, 2);
  g_assert_cmpuint(peaks[4], ==, 0);
  iv_peak_occupancy(NULL, 0, T0, 2, peaks);
  g_assert_cmpuint(peaks[0] + peaks[1], ==, 0);
}

/* Against counting at every instant. */
static void test_peak_by_counting(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(5);
  for (guint round = 0; round < 200; round++) {
    enum { N = 40, BUCKETS = 4, UNIT = 10 };
    IvTime unit = IV_BUCKET_SPAN / UNIT;
    IvPeriod stays[N];
    for (guint i = 0; i < N; i++) {
      stays[i].from = T0 + g_rand_int_range(dice, -5, BUCKETS * UNIT) * unit;
      stays[i].to = stays[i].from + g_rand_int_range(dice, 1, 15) * unit;
    }
    guint expected[BUCKETS] = {0}, peaks[BUCKETS];
    for (guint k = 0; k < BUCKETS * UNIT; k++) {
      guint inside = 0;
      for (guint i = 0; i < N; i++)
        inside += stays[i].from <= T0 + k * unit && T0 + k * unit < stays[i].to;
      expected[k / UNIT] = MAX(expected[k / UNIT], inside);
    }
    iv_peak_occupancy(stays, N, T0, BUCKETS, peaks);
    for (guint b = 0; b < BUCKETS; b++)
      g_assert_cmpuint(peaks[b], ==, expected[b]);
  }
}

static void test_peak_hours(void) {
  double values[24] = {0};
  gboolean is_peak[24];
  for (guint i = 0; i < 24; i++)
    values[i] = i < 8 ? (double)NAN : (double)(i % 12);
  /* 16 known hours: 8..11, 0..11; the 90th percentile is the 15th of them: 11 */
  g_assert_true(iv_peak_hours(values, 24, is_peak));
  for (guint i = 0; i < 24; i++)
    g_assert_false(is_peak[i]);
  values[20] = 50;
  g_assert_true(iv_peak_hours(values, 24, is_peak));
  for (guint i = 0; i < 24; i++)
    g_assert_cmpint(is_peak[i], ==, i == 20);
  g_assert_false(iv_peak_hours(values + 8, 9, is_peak));
}

/* ---- coverage ---- */

static void test_coverage(void) {
  IvPeriod hour = {T0, T0 + IV_HOUR};
  IvPulse never = {IV_TIME_NONE, IV_TIME_NONE}, fresh = {T0 + 29 * IV_MINUTE, IV_TIME_NONE},
          old = {T0 + 10 * IV_MINUTE, IV_TIME_NONE}, new = {IV_TIME_NONE, T0 + 29 * IV_MINUTE};
  IvTime now = T0 + 30 * IV_MINUTE;
  g_assert_false(iv_pulse_beats(&never, now));
  g_assert_false(iv_pulse_beats(&old, now));
  g_assert_true(iv_pulse_beats(&fresh, now));
  g_assert_true(iv_pulse_beats(&new, now));
  g_assert_cmpint(iv_coverage_due(hour, &never, now), ==, 30 * IV_MINUTE);
  g_assert_cmpint(iv_coverage_due(hour, &old, now), ==, 30 * IV_MINUTE);
  g_assert_cmpint(iv_coverage_due(hour, &fresh, now), ==, 29 * IV_MINUTE);
  g_assert_cmpint(iv_coverage_due(hour, &fresh, T0 + IV_DAY), ==, IV_HOUR);
  g_assert_cmpint(iv_coverage_due(hour, &fresh, T0 - IV_HOUR), ==, 0);
  g_assert_true(isnan(iv_coverage_share(0, 0)));
  g_assert_cmpfloat(iv_coverage_share(30, 60), ==, 0.5);
  g_assert_cmpfloat(iv_coverage_share(61, 60), ==, 1);
}

/* The bucket of the beginning, whole amounts. */
static void test_queue(void) {
  static const struct {
    IvEventKind kind;
    IvTime length;
    gint64 joined, waited, in_target, abandoned, served, ms;
  } cases[] = {
      {IV_EVENT_QUEUE_JOINED, 0, 1, 0, 0, 0, 0, 0},
      {IV_EVENT_QUEUE_WAIT, 300 * IV_SECOND, 0, 1, 1, 0, 0, 300000},
      {IV_EVENT_QUEUE_WAIT, 300001 * IV_MS, 0, 1, 0, 0, 0, 300001},
      {IV_EVENT_QUEUE_ABANDONED, 60 * IV_SECOND, 0, 0, 0, 1, 0, 0},
      {IV_EVENT_QUEUE_SERVICE, 60 * IV_SECOND, 0, 0, 0, 0, 1, 60000},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    IvBucketDelta d[IV_BUCKET_DELTAS_MAX];
    IvSpread spread;
    gint64 ms = 0;
    IvEvent event;
    iv_event_init(&event, cases[i].kind, T0 + 17);
    if (cases[i].length)
      event.end_ts = event.ts + cases[i].length;
    guint n = iv_bucket_deltas(&event, -1, &limits, d);
    g_assert_cmpuint(n, ==, 1);
#define LANE(place) amount(d, n, IV_SUBJECT_LANE, T0, place)
    g_assert_cmpint(LANE(IV_LANE_JOINED), ==, cases[i].joined);
    g_assert_cmpint(LANE(IV_LANE_WAITED), ==, cases[i].waited);
    g_assert_cmpint(LANE(IV_LANE_IN_TARGET), ==, cases[i].in_target);
    g_assert_cmpint(LANE(IV_LANE_ABANDONED), ==, cases[i].abandoned);
    g_assert_cmpint(LANE(IV_LANE_SERVED), ==, cases[i].served);
    g_assert_cmpint(LANE(IV_LANE_WAIT_MS) + LANE(IV_LANE_SERVICE_MS), ==, cases[i].ms);
    g_assert_cmpint(iv_bucket_length(&event, &limits, &spread, &ms), ==, cases[i].ms > 0);
    g_assert_cmpint(ms, ==, cases[i].ms);
  }
}

static void test_queue_sample(void) {
  IvBucketDelta d[IV_BUCKET_DELTAS_MAX];
  IvEvent event;
  iv_event_init(&event, IV_EVENT_QUEUE_SAMPLE, T0 + IV_MINUTE);
  event.end_ts = T0 + 2 * IV_MINUTE;
  iv_event_set_number(&event, IV_ATTR_N, 60);
  iv_event_set_number(&event, IV_ATTR_SUM, 93);
  iv_event_set_number(&event, IV_ATTR_MAX, 4);
  iv_event_set_number(&event, IV_ATTR_OPEN_S, 41);
  guint n = iv_bucket_deltas(&event, -1, &limits, d);
  g_assert_cmpint(LANE(IV_LANE_LENGTH_N), ==, 60);
  g_assert_cmpint(LANE(IV_LANE_LENGTH_SUM), ==, 93);
  g_assert_cmpint(LANE(IV_LANE_LENGTH_MAX), ==, 4);
  g_assert_cmpint(LANE(IV_LANE_OPEN_MS), ==, 41000);
  g_assert_true(iv_subject_info(IV_SUBJECT_LANE)->measures[IV_LANE_LENGTH_MAX].is_max);
  iv_event_init(&event, IV_EVENT_QUEUE_LONG, T0);
  g_assert_cmpuint(iv_bucket_deltas(&event, -1, &limits, d), ==, 0);
}

/* Over the ends of buckets, to the millisecond; what goes on or has no length is none. */
static void test_crowd(void) {
  IvBucketDelta d[IV_BUCKET_DELTAS_MAX];
  IvEvent event;
  iv_event_init(&event, IV_EVENT_ZONE_OVER_CAPACITY, T0 + 299 * IV_SECOND + 1);
  g_assert_cmpuint(iv_bucket_deltas(&event, -1, &limits, d), ==, 0);
  event.end_ts = event.ts;
  g_assert_cmpuint(iv_bucket_deltas(&event, -1, &limits, d), ==, 0);
  event.end_ts = T0 + 601 * IV_SECOND + 1500;
  guint n = iv_bucket_deltas(&event, -1, &limits, d);
  static const gint64 expected[] = {1000, 300000, 1001};
  for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
    g_assert_cmpint(
        amount(d, n, IV_SUBJECT_ZONE, T0 + i * IV_BUCKET_SPAN, IV_ZONE_OVER_CAPACITY_MS), ==,
        expected[i]);
  event.end_ts = event.ts + IV_DAY;
  g_assert_cmpuint(iv_bucket_deltas(&event, -1, &limits, d), <=, IV_BUCKET_DELTAS_MAX);
  iv_event_init(&event, IV_EVENT_ZONE_OVER_CAPACITY_STARTED, T0);
  g_assert_cmpuint(iv_bucket_deltas(&event, -1, &limits, d), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  limits = iv_kpi_limits_default();
  g_test_add_func("/bucket/crowd", test_crowd);
  g_test_add_func("/bucket/store_visits", test_store_visits);
  g_test_add_func("/bucket/durations_and_bounces", test_durations_and_bounces);
  g_test_add_func("/bucket/people", test_people);
  g_test_add_func("/bucket/crossing", test_crossing);
  g_test_add_func("/bucket/queue", test_queue);
  g_test_add_func("/bucket/queue-sample", test_queue_sample);
  g_test_add_func("/bucket/turn_back", test_turn_back);
  g_test_add_func("/bucket/passed_by", test_passed_by);
  g_test_add_func("/bucket/visit", test_visit);
  g_test_add_func("/bucket/sample", test_sample);
  g_test_add_func("/bucket/other_kinds", test_other_kinds_count_nothing);
  g_test_add_func("/figure/table", test_figures);
  g_test_add_func("/figure/page", test_page_is_current);
  g_test_add_func("/peak/buckets", test_peak);
  g_test_add_func("/peak/by_counting", test_peak_by_counting);
  g_test_add_func("/peak/hours", test_peak_hours);
  g_test_add_func("/coverage/share", test_coverage);
  return g_test_run();
}

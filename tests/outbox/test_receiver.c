/* SPDX-License-Identifier: Apache-2.0 */
/* The door: what comes in, as whom, and what is told about it. */
#include "outbox/receiver.h"

#include <math.h>
#include <string.h>

#include "model/heat.h"

#define NOW (1000000 * IV_MINUTE)

/* A ledger that knows some events already, refuses one, and can fail. */
typedef struct {
  guint calls, seen;
  gboolean fails;
  char store[IV_SLUG_MAX + 1], edge[IV_SLUG_MAX + 1];
} Book;

static gboolean book_apply(gpointer self, const IvEvent *events, guint n, IvTime now,
                           gboolean *ret_inserted, const char **ret_refused, GError **error) {
  Book *book = self;
  book->calls++;
  book->seen += n;
  g_assert_cmpint(now, ==, NOW);
  for (guint i = 0; i < n; i++) {
    ret_inserted[i] = events[i].tracklet_id % 2 == 1;
    ret_refused[i] = events[i].tracklet_id == 4 ? "four is full" : NULL;
    g_strlcpy(book->store, events[i].store_id.text, sizeof book->store);
    g_strlcpy(book->edge, events[i].edge_id.text, sizeof book->edge);
  }
  if (book->fails)
    g_set_error_literal(error, g_quark_from_static_string("book"), 0, "disk");
  return !book->fails;
}

static const IvLedger ledger = {book_apply};

static void note_published(const IvEvent *events, guint n, gpointer user_data) {
  GArray *published = user_data;
  for (guint i = 0; i < n; i++)
    g_array_append_val(published, events[i].tracklet_id);
}

static IvEvent walk(guint64 who, IvTime ts) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_LINE_CROSSED, ts);
  iv_slug_set(&event.store_id, "forged");
  iv_slug_set(&event.edge_id, "forged");
  iv_slug_set(&event.camera_id, "door");
  iv_slug_set(&event.line_id, "in");
  event.tracklet_id = who;
  iv_event_set_text(&event, IV_ATTR_DIRECTION, "in");
  return event;
}

static void test_take(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) published = g_array_new(FALSE, FALSE, sizeof(guint64));
  Book book = {0};
  IvReceiverOptions options = {&ledger, &book, note_published, published};
  g_autoptr(IvReceiver) receiver = iv_receiver_new(&options);
  IvEdgeSession session = {{"demo"}, {"edge-1"}};
  IvEvent events[6] = {walk(1, NOW), walk(2, NOW),          walk(3, NOW - IV_HOUR),
                       walk(4, NOW), walk(5, NOW + IV_DAY), walk(7, NOW)};
  IvReceipt receipts[6];
  events[5].kind = IV_EVENT_UNKNOWN;
  strcpy(events[5].kind_name, "new.kind");
  g_assert_true(iv_receiver_take(receiver, &session, events, 6, NOW, receipts, &error));
  g_assert_no_error(error);
  static const IvVerdict verdicts[] = {IV_VERDICT_NEW,     IV_VERDICT_DUPLICATE, IV_VERDICT_NEW,
                                       IV_VERDICT_REFUSED, IV_VERDICT_REFUSED,   IV_VERDICT_NEW};
  for (guint i = 0; i < 6; i++) {
    g_assert_cmpint(receipts[i].verdict, ==, verdicts[i]);
    g_assert_cmpint(receipts[i].late, ==, i == 2);
    g_assert_cmpint(receipts[i].reason != NULL, ==, verdicts[i] == IV_VERDICT_REFUSED);
  }
  g_assert_cmpstr(receipts[3].reason, ==, "four is full");
  g_assert_nonnull(strstr(receipts[4].reason, "future"));
  g_assert_cmpuint(book.seen, ==, 5); /* the one from the future never came that far */
  g_assert_cmpstr(book.store, ==, "demo");
  g_assert_cmpstr(book.edge, ==, "edge-1");
  g_assert_cmpuint(published->len, ==, 3);
  g_assert_cmpuint(g_array_index(published, guint64, 1), ==, 3);
  IvReceiverStats stats;
  iv_receiver_stats(receiver, &stats);
  g_assert_cmpuint(stats.accepted, ==, 3);
  g_assert_cmpuint(stats.duplicates, ==, 1);
  g_assert_cmpuint(stats.refused, ==, 2);
  g_assert_cmpuint(stats.late, ==, 1);
  g_assert_cmpuint(stats.unknown_kind, ==, 1);
}

/* Nothing is published or answered for when the ledger fails. */
static void test_ledger_fails(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) published = g_array_new(FALSE, FALSE, sizeof(guint64));
  Book book = {.fails = TRUE};
  IvReceiverOptions options = {&ledger, &book, note_published, published};
  g_autoptr(IvReceiver) receiver = iv_receiver_new(&options);
  IvEdgeSession session = {{"demo"}, {"edge-1"}};
  IvEvent event = walk(1, NOW);
  IvReceipt receipt = {.verdict = IV_VERDICT_REFUSED};
  g_assert_false(iv_receiver_take(receiver, &session, &event, 1, NOW, &receipt, &error));
  g_assert_cmpstr(error->message, ==, "disk");
  g_assert_cmpint(receipt.verdict, ==, IV_VERDICT_REFUSED); /* untouched */
  g_assert_cmpuint(published->len, ==, 0);
}

static IvEvent visit(void) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_ZONE_VISIT, NOW - IV_MINUTE);
  iv_slug_set(&event.camera_id, "aisle");
  iv_slug_set(&event.zone_id, "shelf");
  event.end_ts = NOW;
  return event;
}

static IvEvent sample(void) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_CAMERA_SAMPLE, NOW - IV_MINUTE);
  iv_slug_set(&event.camera_id, "aisle");
  event.end_ts = NOW;
  iv_event_set_number(&event, IV_ATTR_ALIVE_S, 60);
  return event;
}

static void assert_refused(IvEvent event, const char *part) {
  const char *wrong = iv_receiver_check(&event, NOW);
  g_assert_nonnull(wrong);
  if (!strstr(wrong, part))
    g_error("\"%s\" says nothing of \"%s\"", wrong, part);
}

/* What an edge tells of a heat map is read at the door: bad cells never reach the ledger. */
static void test_heat(void) {
  IvHeatGrid grid = iv_heat_grid_of_picture();
  IvHeatCell cell = {5, 10};
  IvEvent event = sample(), heat;
  iv_event_init(&heat, IV_EVENT_HEAT_SAMPLE, NOW - IV_MINUTE);
  heat.camera_id = event.camera_id;
  heat.end_ts = NOW;
  iv_heat_sample_write(&heat, &grid, &cell, 1);
  g_assert_null(iv_receiver_check(&heat, NOW));
  event = heat;
  event.camera_id = (IvSlug){""};
  assert_refused(event, "camera_id");
  event = heat;
  event.end_ts = IV_TIME_NONE;
  assert_refused(event, "end_ts");
  event = heat;
  event.ts -= 5 * IV_MINUTE;
  assert_refused(event, "five minutes");
  event = heat;
  iv_event_set_text(&event, IV_ATTR_CELLS_2, "bad one");
  assert_refused(event, "character");
}

static void test_door(void) {
  IvEvent event = walk(1, NOW), v = visit(), s = sample();
  g_assert_null(iv_receiver_check(&event, NOW));
  g_assert_null(iv_receiver_check(&v, NOW));
  g_assert_null(iv_receiver_check(&s, NOW));
  event.ts = NOW + IV_EVENT_FUTURE_MAX;
  g_assert_null(iv_receiver_check(&event, NOW));
  event.ts++;
  assert_refused(event, "future");
  event.ts = -1;
  assert_refused(event, "1970");
  event = walk(1, NOW);
  event.camera_id = (IvSlug){""};
  assert_refused(event, "camera_id");
  event = walk(1, NOW);
  event.line_id = (IvSlug){""};
  assert_refused(event, "line_id");
  event = walk(1, NOW);
  iv_event_set_text(&event, IV_ATTR_DIRECTION, "up");
  assert_refused(event, "direction");
  event = walk(1, NOW);
  event.n_attrs = 0;
  assert_refused(event, "direction");
  event = walk(1, NOW);
  iv_event_set_time(&event, IV_ATTR_IN_TS, NOW - 2 * IV_MINUTE);
  assert_refused(event, "in_ts");
  iv_event_set_time(&event, IV_ATTR_IN_TS, NOW + 1);
  assert_refused(event, "in_ts");
  event = walk(1, NOW);
  event.score = (float)NAN;
  assert_refused(event, "number");
  event.score = (float)INFINITY;
  assert_refused(event, "number");
  event = walk(1, NOW);
  event.kind_name[0] = '\0';
  assert_refused(event, "kind");
  iv_event_init(&event, IV_EVENT_QUEUE_WAIT, NOW - IV_MINUTE);
  iv_slug_set(&event.camera_id, "cam");
  event.end_ts = NOW;
  assert_refused(event, "lane_id");
  iv_slug_set(&event.lane_id, "till");
  g_assert_null(iv_receiver_check(&event, NOW));
  event.end_ts = IV_TIME_NONE;
  assert_refused(event, "end_ts");
  event = visit();
  event.zone_id = (IvSlug){""};
  assert_refused(event, "zone_id");
  event = visit();
  event.end_ts = IV_TIME_NONE;
  assert_refused(event, "end_ts");
  event = visit();
  event.end_ts = event.ts - 1;
  assert_refused(event, "before");
  event = visit();
  event.ts = NOW - IV_EVENT_SPAN_MAX - 1;
  assert_refused(event, "longer");
  event = sample();
  event.ts = NOW - IV_HOUR;
  assert_refused(event, "longer");
  static const double numbers[] = {-1, 1e13, (double)NAN, (double)INFINITY};
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
    event = sample();
    iv_event_set_number(&event, IV_ATTR_PEOPLE_SUM, numbers[i]);
    assert_refused(event, "number");
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/receiver/take", test_take);
  g_test_add_func("/receiver/ledger_fails", test_ledger_fails);
  g_test_add_func("/receiver/door", test_door);
  g_test_add_func("/receiver/heat", test_heat);
  return g_test_run();
}

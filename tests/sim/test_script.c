/* SPDX-License-Identifier: Apache-2.0 */
/* The script of days in the kiosk: that it is told the same way again, and that it holds
 * together. */
#include "sim/store_time.h"
#include "store_file.h"

typedef struct {
  const IvScenario *s;
  GString *text;
  GArray *facts; /* IvFact */
  GChecksum *points;
  guint64 n_points;
  IvTime last;
  guint sales;
} Told;

static void on_fact(const IvFact *fact, gpointer user_data) {
  Told *told = user_data;
  g_assert_cmpint(fact->ts, >=, told->last);
  told->last = fact->ts;
  iv_fact_write(told->s, fact, told->text);
  g_array_append_val(told->facts, *fact);
}

static void on_receipt(const IvReceipt *receipt, gpointer user_data) {
  Told *told = user_data;
  g_assert_cmpint(receipt->ts, >=, told->last);
  told->last = receipt->ts;
  told->sales += receipt->kind == IV_RECEIPT_SALE;
  if (receipt->kind == IV_RECEIPT_SALE) {
    int cents = 0;
    for (guint i = 0; i < receipt->n_items; i++)
      cents += receipt->items[i].units * told->s->products[receipt->items[i].product].cents;
    g_assert_cmpint(cents, ==, receipt->cents);
    g_assert_cmpint(cents, >, 0);
  }
  iv_receipt_write(told->s, receipt, told->text);
}

static void on_points(IvTime ts, const IvSimPoint *points, guint n, gpointer user_data) {
  Told *told = user_data;
  g_assert_cmpint(ts % IV_SIM_TICK, ==, 0);
  g_checksum_update(told->points, (const guchar *)(gconstpointer)points,
                    (gssize)(n * sizeof *points));
  told->n_points += n;
  for (guint i = 0; i < n; i++)
    g_assert_true(points[i].u >= 0 && points[i].u <= 1 && points[i].v >= 0 && points[i].v <= 1);
}

static void told_clear(Told *told) {
  g_string_free(told->text, TRUE);
  g_array_unref(told->facts);
  g_checksum_free(told->points);
}

static Told tell(const IvScenario *s, guint64 seed, int days, IvTime piece) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(s->time_zone);
  Told told = {.s = s,
               .text = g_string_new(NULL),
               .facts = g_array_new(FALSE, FALSE, sizeof(IvFact)),
               .points = g_checksum_new(G_CHECKSUM_SHA256)};
  IvSimOutput output = {
      .fact = on_fact, .receipt = on_receipt, .points = on_points, .user_data = &told};
  IvSimConfig config = {.seed = seed,
                        .start = iv_store_day(s, zone, 0).start,
                        .until = iv_store_day(s, zone, days).start};
  g_autoptr(IvSim) sim = open_sim(s, zone, config, &output);
  for (IvTime t = config.start; t < config.until; t += piece)
    iv_sim_run(sim, t + piece);
  return told;
}

static void test_same_again(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  Told once = tell(s, 5, 2, IV_DAY), again = tell(s, 5, 2, 7 * IV_MINUTE),
       other = tell(s, 6, 2, IV_DAY);
  g_assert_cmpstr(once.text->str, ==, again.text->str);
  g_assert_cmpstr(g_checksum_get_string(once.points), ==, g_checksum_get_string(again.points));
  g_assert_cmpstr(once.text->str, !=, other.text->str);
  g_assert_cmpuint(once.n_points, >, 10000);
  told_clear(&once);
  told_clear(&again);
  told_clear(&other);
}

/* What a person is known to have done so far. */
typedef struct {
  guint in, out, begun, ended, turned;
  gboolean waits, paying, goes;
  guint64 zones;
} Person;

static void follow(Person *p, const IvFact *fact) {
  guint64 bit = G_GUINT64_CONSTANT(1) << (fact->subject & 63);
  switch (fact->kind) {
  case IV_FACT_LINE_CROSS:
    *(fact->number ? &p->in : &p->out) += 1;
    g_assert_true(p->in == p->out || p->in == p->out + 1);
    break;
  case IV_FACT_VISIT_BEGIN:
    g_assert_cmpuint(p->begun++, ==, 0);
    break;
  case IV_FACT_VISIT_END:
    g_assert_cmpuint(p->ended++, ==, 0);
    g_assert_cmpuint(p->in, ==, p->out);
    break;
  case IV_FACT_TURN_BACK:
    p->turned++;
    break;
  case IV_FACT_ZONE_ENTER:
    g_assert_false(p->zones & bit);
    p->zones |= bit;
    break;
  case IV_FACT_ZONE_LEAVE:
    g_assert_true(p->zones & bit);
    p->zones &= ~bit;
    break;
  case IV_FACT_QUEUE_JOIN:
    g_assert_false(p->waits);
    p->waits = TRUE;
    break;
  case IV_FACT_QUEUE_ABANDON:
    g_assert_true(p->waits);
    p->waits = FALSE;
    p->goes = TRUE;
    break;
  case IV_FACT_QUEUE_LEFT:
    g_assert_true(p->goes); /* having given up, and only then */
    p->goes = FALSE;
    break;
  case IV_FACT_QUEUE_SERVED:
    p->waits = FALSE;
    p->paying = TRUE;
    break;
  case IV_FACT_QUEUE_SERVICE_END:
    g_assert_true(p->paying);
    p->paying = FALSE;
    break;
  default:
    break;
  }
}

static void check_end(gpointer key, gpointer value, gpointer user_data) {
  const Person *p = value;
  (void)key, (void)user_data;
  g_assert_false(p->waits || p->paying || p->goes || p->zones);
  g_assert_cmpuint(p->in, ==, p->out);
  g_assert_cmpuint(p->begun, ==, p->ended);
  g_assert_cmpuint(p->in > 0, ==, p->begun + p->turned);
}

static void test_holds_together(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  Told told = tell(s, 9, 8, IV_DAY);
  g_autoptr(GHashTable) people = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  guint counts[IV_FACTS] = {0};
  for (guint i = 0; i < told.facts->len; i++) {
    const IvFact *fact = &g_array_index(told.facts, IvFact, i);
    counts[fact->kind]++;
    if (!fact->agent)
      continue;
    Person *person = g_hash_table_lookup(people, GUINT_TO_POINTER(fact->agent));
    if (!person) {
      person = g_new0(Person, 1);
      g_hash_table_insert(people, GUINT_TO_POINTER(fact->agent), person);
    }
    follow(person, fact);
  }
  g_hash_table_foreach(people, check_end, NULL);
  g_assert_cmpuint(counts[IV_FACT_QUEUE_SERVED], ==, told.sales);
  const IvFactKind seen[] = {IV_FACT_TURN_BACK,    IV_FACT_PASS_BY,      IV_FACT_QUEUE_JOIN,
                             IV_FACT_DISPLAY_STOP, IV_FACT_SLOT_RETURN,  IV_FACT_LANE_CLOSE,
                             IV_FACT_STAFF_BREAK,  IV_FACT_THEFT_CONCEAL};
  for (guint i = 0; i < G_N_ELEMENTS(seen); i++)
    g_assert_cmpuint(counts[seen[i]], >, 0);
  told_clear(&told);
}

/* One line, one till: who joins first is served first, unless somebody gives up. */
static void test_first_come_first_served(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  s->staffed = (IvServiceTime){120, 40, 4}; /* a slow day */
  Told told = tell(s, 3, 4, IV_DAY);
  g_autoptr(GArray) line = g_array_new(FALSE, FALSE, sizeof(guint32));
  guint joined = 0, gave_up = 0;
  for (guint i = 0; i < told.facts->len; i++) {
    const IvFact *fact = &g_array_index(told.facts, IvFact, i);
    if (fact->kind == IV_FACT_QUEUE_JOIN) {
      g_array_append_val(line, fact->agent);
      joined++;
    } else if (fact->kind == IV_FACT_QUEUE_SERVED && line->len &&
               g_array_index(line, guint32, 0) == fact->agent) {
      g_array_remove_index(line, 0);
    } else if (fact->kind == IV_FACT_QUEUE_SERVED || fact->kind == IV_FACT_QUEUE_ABANDON) {
      for (guint j = 0; j < line->len; j++)
        if (g_array_index(line, guint32, j) == fact->agent) {
          g_assert_cmpint(fact->kind, ==, IV_FACT_QUEUE_ABANDON);
          g_array_remove_index(line, j--);
          gave_up++;
        }
    }
  }
  g_assert_cmpuint(joined, >, 100);
  g_assert_cmpuint(gave_up, >, 0);
  g_assert_cmpuint(line->len, ==, 0);
  told_clear(&told);
}

/* ---- who is in sight ---- */

typedef struct {
  const IvScenario *s;
  GString *script;
  GHashTable *by_points, *by_facts; /* agent → GArray of IvTime: found, lost, found ... */
} Sights;

static GArray *sights_of(GHashTable *people, guint32 agent) {
  GArray *sights = g_hash_table_lookup(people, GUINT_TO_POINTER(agent));
  if (!sights) {
    sights = g_array_new(FALSE, FALSE, sizeof(IvTime));
    g_hash_table_insert(people, GUINT_TO_POINTER(agent), sights);
  }
  return sights;
}

/* Each stretch of points grows while they come tick by tick. */
static void note_points(IvTime ts, const IvSimPoint *points, guint n, gpointer user_data) {
  Sights *sights = user_data;
  const IvTime lost = ts + IV_SIM_TICK;
  for (guint i = 0; i < n; i++) {
    GArray *of = sights_of(sights->by_points, points[i].agent);
    if (points[i].staff || (i > 0 && points[i - 1].agent == points[i].agent))
      continue;
    if (of->len > 0 && g_array_index(of, IvTime, of->len - 1) == ts) {
      g_array_index(of, IvTime, of->len - 1) = lost;
      continue;
    }
    g_array_append_val(of, ts);
    g_array_append_val(of, lost);
  }
}

static void note_fact(const IvFact *fact, gpointer user_data) {
  Sights *sights = user_data;
  iv_fact_write(sights->s, fact, sights->script);
  if (fact->kind != IV_FACT_SIGHT_FOUND && fact->kind != IV_FACT_SIGHT_LOST)
    return;
  GArray *of = sights_of(sights->by_facts, fact->agent);
  g_assert_cmpint(of->len % 2, ==, fact->kind == IV_FACT_SIGHT_LOST);
  g_array_append_val(of, fact->ts);
}

static Sights look(const IvScenario *s, gboolean fixtures_hide) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(s->time_zone);
  Sights sights = {
      .s = s,
      .script = g_string_new(NULL),
      .by_points = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref),
      .by_facts = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref)};
  IvSimOutput output = {.fact = note_fact, .points = note_points, .user_data = &sights};
  IvSimConfig config = {.seed = 7,
                        .start = iv_store_day(s, zone, 0).start,
                        .until = iv_store_day(s, zone, 1).start,
                        .noise.fixtures_hide = fixtures_hide};
  g_autoptr(IvSim) sim = open_sim(s, zone, config, &output);
  iv_sim_run(sim, config.until);
  return sights;
}

static void sights_clear(Sights *sights) {
  g_string_free(sights->script, TRUE);
  g_hash_table_unref(sights->by_points);
  g_hash_table_unref(sights->by_facts);
}

/* What the script tells of it is when there are points, to the tick; and shelves don't change it.
 */
static void test_sight(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  s->cameras[0].position.x = 60; /* half of the shop is in no picture */
  Sights ideal = look(s, FALSE), hidden = look(s, TRUE);
  GHashTableIter iter;
  gpointer agent, value;
  guint lost = 0;
  g_hash_table_iter_init(&iter, ideal.by_points);
  while (g_hash_table_iter_next(&iter, &agent, &value)) {
    const GArray *points = value, *facts = sights_of(ideal.by_facts, GPOINTER_TO_UINT(agent));
    g_assert_cmpmem(points->data, (int)(points->len * sizeof(IvTime)), facts->data,
                    (int)(facts->len * sizeof(IvTime)));
    lost += points->len / 2;
  }
  g_assert_cmpuint(lost, >, g_hash_table_size(ideal.by_points)); /* somebody twice */
  g_assert_cmpstr(ideal.script->str, ==, hidden.script->str);
  sights_clear(&ideal);
  sights_clear(&hidden);
}

static void test_no_way_to_a_slot(void) {
  g_autoptr(IvScenario) s = read_store(KIOSK);
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(s->time_zone);
  g_autoptr(GError) error = NULL;
  s->slots[2].stand = (IvSpot){6.9, 3}; /* behind the counter */
  g_assert_null(iv_sim_new(s, zone, &(IvSimConfig){.until = 1}, &(IvSimOutput){0}, &error));
  g_assert_nonnull(strstr(error->message, "slot-03"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/script/same-again", test_same_again);
  g_test_add_func("/sim/script/holds-together", test_holds_together);
  g_test_add_func("/sim/script/first-come-first-served", test_first_come_first_served);
  g_test_add_func("/sim/script/sight", test_sight);
  g_test_add_func("/sim/script/no-way-to-a-slot", test_no_way_to_a_slot);
  return g_test_run();
}

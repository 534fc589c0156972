/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "kpi/basket_private.h"

#define WORD 64
/* Products are their places among the frequent ones from here on. */
typedef struct {
  guint n;                     /* products */
  guint32 *product_of;         /* by place */
  const guint32 *items, *ends; /* as in IvBaskets, each product once in a basket; borrowed */
  guint32 *made[2];            /* the same where they had to be made; NULL = they had not */
  guint n_baskets;
  guint min_count;
  guint32 *singles; /* baskets with each product */
  guint32 *pairs;   /* n times n: baskets with both, by which of them comes first in it */
  guint64 *bits;    /* by product: a bit for each basket; NULL = not made */
  guint32 *row_of;  /* in bits, by product */
  guint n_words;    /* of each product's */
  guint64 *both;    /* room for n_words */
  GArray *sets;     /* of IvItemset */
  gboolean overflow;
} Counting;

static void counting_clear(Counting *c) {
  g_free(c->product_of);
  g_free(c->made[0]);
  g_free(c->made[1]);
  g_free(c->singles);
  g_free(c->pairs);
  g_free(c->bits);
  g_free(c->row_of);
  g_free(c->both);
  g_clear_pointer(&c->sets, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Counting, counting_clear)

static guint32 pair_count(const Counting *c, guint32 a, guint32 b) {
  return c->pairs[(gsize)a * c->n + b] + c->pairs[(gsize)b * c->n + a];
}

static void take_frequent(Counting *c, const IvBaskets *baskets, const guint32 *place_of) {
  guint n_items = baskets->n_baskets ? baskets->ends[baskets->n_baskets - 1] : 0;
  g_autofree guint32 *last = g_new0(guint32, c->n + 1);
  guint32 kept = 0, *items = g_new(guint32, n_items + 1), *ends = g_new(guint32, c->n_baskets + 1);
  for (guint32 i = 0, k = 0; i < c->n_baskets; i++) {
    for (; k < baskets->ends[i]; k++) {
      guint32 place = place_of ? place_of[baskets->items[k]] : baskets->items[k];
      if (place == G_MAXUINT32 || last[place] == i + 1)
        continue;
      last[place] = i + 1;
      items[kept++] = place;
    }
    ends[i] = kept;
  }
  c->items = c->made[0] = items;
  c->ends = c->made[1] = ends;
}

/* Adds what was counted in between, and forgets it. */
static void take_over(Counting *c, guint16 *some) {
  for (gsize i = 0; i < (gsize)c->n * c->n; i++)
    c->pairs[i] += some[i];
  memset(some, 0, (gsize)c->n * c->n * sizeof *some);
}

/* Counts in small numbers, which lie nearer to the processor, as long as none can run over. */
static void count_pairs(Counting *c) {
  g_autofree guint16 *some = g_new0(guint16, (gsize)c->n * c->n + 1);
  for (guint32 i = 0, from = 0; i < c->n_baskets; from = c->ends[i++]) {
    for (guint32 k = from; k < c->ends[i]; k++) {
      guint16 *row = some + (gsize)c->items[k] * c->n;
      c->singles[c->items[k]]++;
      for (guint32 m = k + 1; m < c->ends[i]; m++)
        row[c->items[m]]++;
    }
    if ((i + 1) % G_MAXUINT16 == 0)
      take_over(c, some);
  }
  take_over(c, some);
}

static gboolean is_pair(const Counting *c, guint32 a, guint32 b) {
  return pair_count(c, a, b) >= c->min_count;
}

static void emit(Counting *c, guint n, guint32 x, guint32 y, guint32 z, guint32 count) {
  IvItemset set = {.n = n, .count = count};
  const guint32 places[IV_ITEMSET_MAX] = {x, y, z};
  c->overflow = c->overflow || c->sets->len >= IV_ITEMSETS_MAX;
  for (guint i = 0; i < n; i++)
    set.items[i] = c->product_of[places[i]];
  if (!c->overflow)
    g_array_append_val(c->sets, set);
}

/* ---- triples ---- */

#define SPARE 8 /* rows: a word that is written again at once is waited for */

/* Products with two partners at least have a row: others are in no triple, and share the last ones,
 * which nobody reads, so that no basket's bits need to be chosen from. Returns how many. */
static guint number_rows(Counting *c) {
  guint n_rows = 0;
  c->row_of = g_new(guint32, c->n + 1);
  for (guint32 x = 0; x < c->n; x++) {
    guint partners = 0;
    for (guint32 y = 0; y < c->n && partners < 2; y++)
      partners += x != y && is_pair(c, x, y);
    c->row_of[x] = partners < 2 ? G_MAXUINT32 : n_rows++;
  }
  for (guint32 x = 0; x < c->n; x++)
    if (c->row_of[x] == G_MAXUINT32)
      c->row_of[x] = n_rows + x % SPARE;
  return n_rows + SPARE;
}

static void make_bits(Counting *c) {
  if (c->bits)
    return;
  c->n_words = (c->n_baskets + WORD - 1) / WORD;
  c->bits = g_new0(guint64, (gsize)number_rows(c) * c->n_words + 1);
  c->both = g_new(guint64, c->n_words + 1);
  for (guint32 i = 0, k = 0; i < c->n_baskets; i++) {
    guint64 *word = c->bits + i / WORD, bit = G_GUINT64_CONSTANT(1) << i % WORD;
    for (; k < c->ends[i]; k++)
      word[(gsize)c->row_of[c->items[k]] * c->n_words] |= bit;
  }
}

static const guint64 *bits_of(const Counting *c, guint32 place) {
  return c->bits + (gsize)c->row_of[place] * c->n_words;
}

static void find_both(Counting *c, guint32 x, guint32 y) {
  const guint64 *a = bits_of(c, x), *b = bits_of(c, y);
  for (guint i = 0; i < c->n_words; i++)
    c->both[i] = a[i] & b[i];
}

/* Bits of a word, without an instruction that not every machine has. */
static inline guint64 count_bits(guint64 x) {
  x -= x >> 1 & G_GUINT64_CONSTANT(0x5555555555555555);
  x = (x & G_GUINT64_CONSTANT(0x3333333333333333)) +
      (x >> 2 & G_GUINT64_CONSTANT(0x3333333333333333));
  x = (x + (x >> 4)) & G_GUINT64_CONSTANT(0x0f0f0f0f0f0f0f0f);
  return x * G_GUINT64_CONSTANT(0x0101010101010101) >> 56;
}

static guint32 count_common(const guint64 *a, const guint64 *b, guint n) {
  guint64 count = 0;
  for (guint i = 0; i < n; i++)
    count += count_bits(a[i] & b[i]);
  return (guint32)count;
}

#if defined(__x86_64__)
#define HAS_POPCNT __builtin_cpu_supports("popcnt")
__attribute__((target("popcnt"))) static guint32 count_common_fast(const guint64 *a,
                                                                   const guint64 *b, guint n) {
  guint64 count = 0;
  for (guint i = 0; i < n; i++)
    count += (guint64)__builtin_popcountll(a[i] & b[i]);
  return (guint32)count;
}
#else
#define HAS_POPCNT FALSE
#define count_common_fast count_common
#endif

static guint32 count_third(const Counting *c, guint32 z) {
  return HAS_POPCNT ? count_common_fast(c->both, bits_of(c, z), c->n_words)
                    : count_common(c->both, bits_of(c, z), c->n_words);
}

/* A triple is frequent only if its pairs are. */
static void find_triples(Counting *c, guint32 x, guint32 y) {
  gboolean begun = FALSE;
  for (guint32 z = y + 1; z < c->n && !c->overflow; z++) {
    if (!is_pair(c, x, z) || !is_pair(c, y, z))
      continue;
    if (!begun) {
      make_bits(c);
      find_both(c, x, y);
      begun = TRUE;
    }
    guint32 count = count_third(c, z);
    if (count >= c->min_count)
      emit(c, 3, x, y, z, count);
  }
}

GArray *iv_basket_mine_pairs(const IvBaskets *baskets, guint min_count, const guint32 *place_of,
                             guint n) {
  g_auto(Counting) c = {.n = n, .n_baskets = baskets->n_baskets, .min_count = min_count};
  g_assert(n <= IV_BASKET_PAIRS_MAX);
  c.product_of = g_new(guint32, c.n + 1);
  c.singles = g_new0(guint32, c.n + 1);
  c.pairs = g_new0(guint32, (gsize)c.n * c.n + 1);
  c.sets = g_array_new(FALSE, TRUE, sizeof(IvItemset));
  for (guint32 p = 0; p < baskets->n_products; p++)
    if (!place_of)
      c.product_of[p] = p;
    else if (place_of[p] != G_MAXUINT32)
      c.product_of[place_of[p]] = p;
  if (baskets->rising && !place_of) {
    c.items = baskets->items;
    c.ends = baskets->ends;
  } else {
    take_frequent(&c, baskets, place_of);
  }
  count_pairs(&c);
  for (guint32 x = 0; x < c.n && !c.overflow; x++) {
    if (c.singles[x] < min_count)
      continue;
    emit(&c, 1, x, 0, 0, c.singles[x]);
    for (guint32 y = x + 1; y < c.n && !c.overflow; y++) {
      if (!is_pair(&c, x, y))
        continue;
      emit(&c, 2, x, y, 0, pair_count(&c, x, y));
      find_triples(&c, x, y);
    }
  }
  return c.overflow ? NULL : g_steal_pointer(&c.sets);
}

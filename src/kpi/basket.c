/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/basket_private.h"

#include <stdlib.h>
#include <string.h>

/* Products are renamed to ranks: 0 is the one in most baskets. A path is a basket, or what is left
 * of one, as rising ranks; it stands for `weight` baskets. */
typedef struct {
  const guint32 *ranks;
  guint32 n, weight;
} Path;

#define NO_NODE G_MAXUINT32
typedef struct {
  guint32 rank, count, parent, next; /* next: node of the same rank */
} Node;

typedef struct {
  const guint32 *product_of; /* by rank */
  guint n_ranks;
  guint min_count;
  GArray *sets;
  gboolean overflow;
} Miner;

/* ---- the tree ---- */

typedef struct {
  GArray *nodes;  /* of Node */
  guint32 *heads; /* first node of each rank */
  guint n_ranks;
} Tree;

static void tree_clear(Tree *tree) {
  g_clear_pointer(&tree->nodes, g_array_unref);
  g_clear_pointer(&tree->heads, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tree, tree_clear)

static int compare_paths(gconstpointer a, gconstpointer b) {
  const Path *x = a, *y = b;
  for (guint i = 0; i < x->n && i < y->n; i++)
    if (x->ranks[i] != y->ranks[i])
      return x->ranks[i] < y->ranks[i] ? -1 : 1;
  return x->n < y->n ? -1 : x->n > y->n;
}

static guint32 add_node(Tree *tree, guint32 rank, guint32 parent) {
  Node node = {rank, 0, parent, tree->heads[rank]};
  g_array_append_val(tree->nodes, node);
  tree->heads[rank] = tree->nodes->len - 1;
  return tree->heads[rank];
}

/* Sorted paths share their beginning with the one before: no child is ever searched for.
 * `trail` holds the nodes of the path before. */
static void build_tree(Tree *tree, GArray *paths, guint n_ranks) {
  g_autoptr(GArray) trail = g_array_new(FALSE, FALSE, sizeof(guint32));
  const Path *before = NULL;
  *tree = (Tree){g_array_new(FALSE, FALSE, sizeof(Node)), g_new(guint32, MAX(n_ranks, 1)), n_ranks};
  memset(tree->heads, 0xff, n_ranks * sizeof(guint32));
  g_array_sort(paths, compare_paths);
  for (guint i = 0; i < paths->len; i++) {
    const Path *path = &g_array_index(paths, Path, i);
    guint same = 0;
    while (before && same < before->n && same < path->n && before->ranks[same] == path->ranks[same])
      same++;
    g_array_set_size(trail, same);
    for (guint k = same; k < path->n; k++) {
      guint32 parent = k > 0 ? g_array_index(trail, guint32, k - 1) : NO_NODE;
      guint32 node = add_node(tree, path->ranks[k], parent);
      g_array_append_val(trail, node);
    }
    for (guint k = 0; k < path->n; k++)
      g_array_index(tree->nodes, Node, g_array_index(trail, guint32, k)).count += path->weight;
    before = path;
  }
}

/* ---- growth ---- */

static int compare_numbers(gconstpointer a, gconstpointer b) {
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
  return x < y ? -1 : x > y;
}

static void emit(Miner *miner, const guint32 *ranks, guint n, guint32 count) {
  IvItemset set = {.n = n, .count = count};
  for (guint i = 0; i < n; i++)
    set.items[i] = miner->product_of[ranks[i]];
  qsort(set.items, n, sizeof set.items[0], compare_numbers);
  miner->overflow = miner->overflow || miner->sets->len >= IV_ITEMSETS_MAX;
  if (!miner->overflow)
    g_array_append_val(miner->sets, set);
}

static guint32 *count_ranks(const GArray *paths, guint n_ranks) {
  guint32 *counts = g_new0(guint32, MAX(n_ranks, 1));
  for (guint i = 0; i < paths->len; i++) {
    const Path *path = &g_array_index(paths, Path, i);
    for (guint k = 0; k < path->n; k++)
      counts[path->ranks[k]] += path->weight;
  }
  return counts;
}

/* What lies above the nodes of `rank`, with the nodes' counts. Ranks that are too rare below here
 * are left out. `pool` holds the ranks of all paths. */
static GArray *conditional_paths(const Tree *tree, guint32 rank, GArray *pool) {
  GArray *paths = g_array_new(FALSE, FALSE, sizeof(Path));
  g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(guint32));
  for (guint32 at = tree->heads[rank]; at != NO_NODE;) {
    const Node *node = &g_array_index(tree->nodes, Node, at);
    guint32 begin = pool->len;
    for (guint32 up = node->parent; up != NO_NODE; up = g_array_index(tree->nodes, Node, up).parent)
      g_array_append_val(pool, g_array_index(tree->nodes, Node, up).rank);
    Path path = {NULL, pool->len - begin, node->count};
    g_array_append_val(paths, path);
    g_array_append_val(starts, begin);
    at = node->next;
  }
  guint32 *ranks = (guint32 *)(gpointer)pool->data;
  for (guint i = 0; i < paths->len; i++) { /* the pool no longer moves */
    Path *path = &g_array_index(paths, Path, i);
    guint32 *own = ranks ? ranks + g_array_index(starts, guint32, i) : NULL;
    for (guint k = 0; k < path->n / 2; k++) {
      guint32 kept = own[k];
      own[k] = own[path->n - 1 - k];
      own[path->n - 1 - k] = kept;
    }
    path->ranks = own;
  }
  return paths;
}

/* `suffix` has room for one more. Everything above a node has a lower rank, so the conditional
 * paths of `rank` know only ranks below it. */
static void grow(Miner *miner, GArray *paths, guint n_ranks, guint32 *suffix, guint n_suffix) {
  g_autofree guint32 *counts = count_ranks(paths, n_ranks);
  gboolean last = n_suffix + 1 == IV_ITEMSET_MAX;
  g_auto(Tree) tree = {0};
  if (!last)
    build_tree(&tree, paths, n_ranks);
  for (guint32 rank = 0; rank < n_ranks && !miner->overflow; rank++) {
    if (counts[rank] < miner->min_count)
      continue;
    suffix[n_suffix] = rank;
    emit(miner, suffix, n_suffix + 1, counts[rank]);
    if (last)
      continue;
    g_autoptr(GArray) pool = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GArray) conditional = conditional_paths(&tree, rank, pool);
    grow(miner, conditional, rank, suffix, n_suffix + 1);
  }
}

/* ---- from baskets to paths ---- */

/* Each basket's products, rising and each once. `ret_ends` as in IvBaskets. */
static GArray *distinct_items(const IvBaskets *baskets, guint32 *ret_ends) {
  GArray *items = g_array_new(FALSE, FALSE, sizeof(guint32));
  for (guint i = 0, from = 0; i < baskets->n_baskets; from = baskets->ends[i++]) {
    guint begin = items->len, kept = begin;
    g_array_append_vals(items, baskets->items + from, baskets->ends[i] - from);
    if (items->len > begin)
      qsort(&g_array_index(items, guint32, begin), items->len - begin, sizeof(guint32),
            compare_numbers);
    for (guint k = begin; k < items->len; k++)
      if (k == begin || g_array_index(items, guint32, k) != g_array_index(items, guint32, kept - 1))
        g_array_index(items, guint32, kept++) = g_array_index(items, guint32, k);
    g_array_set_size(items, kept);
    ret_ends[i] = kept;
  }
  return items;
}

typedef struct {
  guint32 product, count;
} Frequency;

static int most_frequent_first(gconstpointer a, gconstpointer b) {
  const Frequency *x = a, *y = b;
  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  return x->product < y->product ? -1 : x->product > y->product;
}

/* Ranks of the frequent products; `ret_rank_of` (by product) is NO_NODE for the others. */
static GArray *rank_products(const GArray *items, guint n_products, guint min_count,
                             guint32 *ret_rank_of) {
  GArray *ranks = g_array_new(FALSE, FALSE, sizeof(Frequency));
  memset(ret_rank_of, 0, n_products * sizeof(guint32));
  for (guint i = 0; i < items->len; i++)
    ret_rank_of[g_array_index(items, guint32, i)]++;
  for (guint32 p = 0; p < n_products; p++) {
    Frequency frequency = {p, ret_rank_of[p]};
    if (frequency.count >= min_count)
      g_array_append_val(ranks, frequency);
  }
  g_array_sort(ranks, most_frequent_first);
  memset(ret_rank_of, 0xff, n_products * sizeof(guint32));
  for (guint32 r = 0; r < ranks->len; r++)
    ret_rank_of[g_array_index(ranks, Frequency, r).product] = r;
  return ranks;
}

/* Rewrites `items` to rising ranks in place and tells each basket as a path. */
static GArray *make_paths(GArray *items, const guint32 *ends, guint n_baskets,
                          const guint32 *rank_of) {
  GArray *paths = g_array_new(FALSE, FALSE, sizeof(Path));
  guint32 *all = (guint32 *)(gpointer)items->data;
  for (guint i = 0, from = 0; i < n_baskets; from = ends[i++]) {
    guint32 *own = all + from, n = 0;
    for (guint k = from; k < ends[i]; k++)
      if (rank_of[all[k]] != NO_NODE)
        own[n++] = rank_of[all[k]];
    if (n > 1)
      qsort(own, n, sizeof *own, compare_numbers);
    Path path = {own, n, 1};
    if (n > 0)
      g_array_append_val(paths, path);
  }
  return paths;
}

GArray *iv_basket_mine_growth(const IvBaskets *baskets, guint min_count) {
  guint32 suffix[IV_ITEMSET_MAX];
  g_autofree guint32 *ends = g_new(guint32, MAX(baskets->n_baskets, 1));
  g_autofree guint32 *rank_of = g_new(guint32, MAX(baskets->n_products, 1));
  g_autoptr(GArray) items = distinct_items(baskets, ends);
  g_autoptr(GArray) ranks = rank_products(items, baskets->n_products, min_count, rank_of);
  g_autofree guint32 *product_of = g_new(guint32, MAX(ranks->len, 1));
  for (guint r = 0; r < ranks->len; r++)
    product_of[r] = g_array_index(ranks, Frequency, r).product;
  g_autoptr(GArray) paths = make_paths(items, ends, baskets->n_baskets, rank_of);
  Miner miner = {.product_of = product_of, .n_ranks = ranks->len, .min_count = min_count};
  miner.sets = g_array_new(FALSE, TRUE, sizeof(IvItemset));
  grow(&miner, paths, ranks->len, suffix, 0);
  if (miner.overflow) {
    g_array_unref(miner.sets);
    return NULL;
  }
  return miner.sets;
}

/* ---- which way ---- */

static int compare_sets(gconstpointer a, gconstpointer b) {
  const IvItemset *x = a, *y = b;
  if (x->n != y->n)
    return x->n < y->n ? -1 : 1;
  for (guint i = 0; i < x->n; i++)
    if (x->items[i] != y->items[i])
      return x->items[i] < y->items[i] ? -1 : 1;
  return 0;
}

/* Places of the frequent products in the order of their numbers; returns how many. */
static guint place_products(const IvBaskets *baskets, guint min_count, guint32 *ret_place_of) {
  g_autofree guint32 *last = g_new0(guint32, MAX(baskets->n_products, 1));
  guint n = 0;
  memset(ret_place_of, 0, baskets->n_products * sizeof(guint32)); /* counts, at first */
  for (guint32 i = 0, k = 0; i < baskets->n_baskets; i++)
    for (; k < baskets->ends[i]; k++) {
      guint32 item = baskets->items[k];
      ret_place_of[item] += last[item] != i + 1;
      last[item] = i + 1;
    }
  for (guint32 p = 0; p < baskets->n_products; p++)
    ret_place_of[p] = ret_place_of[p] >= min_count ? n++ : G_MAXUINT32;
  return n;
}

/* Of many products few may be frequent. */
static GArray *mine_many(const IvBaskets *baskets, guint min_count) {
  g_autofree guint32 *place_of = g_new(guint32, baskets->n_products);
  guint n = place_products(baskets, min_count, place_of);
  return n <= IV_BASKET_PAIRS_MAX ? iv_basket_mine_pairs(baskets, min_count, place_of, n)
                                  : iv_basket_mine_growth(baskets, min_count);
}

GArray *iv_basket_mine(const IvBaskets *baskets, guint min_count) {
  min_count = MAX(min_count, 1);
  GArray *sets = baskets->n_products <= IV_BASKET_PAIRS_MAX
                     ? iv_basket_mine_pairs(baskets, min_count, NULL, baskets->n_products)
                     : mine_many(baskets, min_count);
  if (sets)
    g_array_sort(sets, compare_sets);
  return sets;
}

void iv_basket_renumber(GArray *sets, const guint32 *number_of) {
  for (guint i = 0; i < sets->len; i++) {
    IvItemset *set = &g_array_index(sets, IvItemset, i);
    for (guint k = 0; k < set->n; k++)
      set->items[k] = number_of[set->items[k]];
    qsort(set->items, set->n, sizeof set->items[0], compare_numbers);
  }
  g_array_sort(sets, compare_sets);
}

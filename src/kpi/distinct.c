/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/distinct.h"

struct IvDistinct {
  GArray *members; /* of guint64, rising */
};

static guint64 member_at(const GArray *members, guint i) {
  return g_array_index(members, guint64, i);
}

IvDistinct *iv_distinct_new(void) {
  IvDistinct *set = g_new0(IvDistinct, 1);
  set->members = g_array_new(FALSE, FALSE, sizeof(guint64));
  return set;
}

void iv_distinct_free(IvDistinct *set) {
  if (!set)
    return;
  g_array_unref(set->members);
  g_free(set);
}

gboolean iv_distinct_add(IvDistinct *set, guint64 member) {
  guint low = 0, high = set->members->len;
  while (low < high) {
    guint mid = (low + high) / 2;
    if (member_at(set->members, mid) < member)
      low = mid + 1;
    else
      high = mid;
  }
  if (low < set->members->len && member_at(set->members, low) == member)
    return FALSE;
  if (set->members->len >= IV_DISTINCT_MAX)
    return FALSE;
  g_array_insert_val(set->members, low, member);
  return TRUE;
}

void iv_distinct_merge(IvDistinct *set, const IvDistinct *other) {
  const GArray *a = set->members, *b = other->members;
  if (b->len == 0)
    return;
  GArray *both = g_array_sized_new(FALSE, FALSE, sizeof(guint64), a->len + b->len);
  const guint64 *x = (const guint64 *)(gconstpointer)a->data;
  const guint64 *y = (const guint64 *)(gconstpointer)b->data;
  guint64 *out = (guint64 *)(gpointer)both->data;
  guint i = 0, k = 0, n = 0;
  while (i < a->len && k < b->len && n < IV_DISTINCT_MAX) {
    guint64 next = MIN(x[i], y[k]);
    i += x[i] == next;
    k += y[k] == next;
    out[n++] = next;
  }
  for (; i < a->len && n < IV_DISTINCT_MAX; i++)
    out[n++] = x[i];
  for (; k < b->len && n < IV_DISTINCT_MAX; k++)
    out[n++] = y[k];
  g_array_set_size(both, n);
  g_array_unref(set->members);
  set->members = both;
}

guint iv_distinct_count(const IvDistinct *set) {
  return set->members->len;
}

static void put_number(GByteArray *bytes, guint64 value) {
  do {
    guint8 byte = (guint8)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    g_byte_array_append(bytes, &byte, 1);
    value >>= 7;
  } while (value);
}

/* Distances from the member before, seven bits a byte. */
GBytes *iv_distinct_to_bytes(const IvDistinct *set) {
  GByteArray *bytes = g_byte_array_new();
  guint64 before = 0;
  for (guint i = 0; i < set->members->len; i++) {
    put_number(bytes, member_at(set->members, i) - before);
    before = member_at(set->members, i);
  }
  return g_byte_array_free_to_bytes(bytes);
}

static inline gboolean get_number(const guint8 **p, const guint8 *end, guint64 *ret_value) {
  guint64 value = 0;
  if (*p < end && **p < 0x80) { /* nearly all are */
    *ret_value = *(*p)++;
    return TRUE;
  }
  for (int shift = 0; shift < 63 && *p < end; shift += 7) {
    guint8 byte = *(*p)++;
    value |= (guint64)(byte & 0x7f) << shift;
    if (!(byte & 0x80)) {
      *ret_value = value;
      return TRUE;
    }
  }
  return FALSE;
}

/* Reads the members behind the set's own, which stay; FALSE: the bytes are no set. */
static gboolean append_bytes(GArray *members, const void *bytes, gsize n) {
  const guint8 *p = bytes, *end = p ? p + n : p;
  guint64 member = 0, step;
  guint begun = members->len;
  while (p < end) {
    if (!get_number(&p, end, &step) || step == 0 || step > G_MAXINT64 - member ||
        members->len - begun == IV_DISTINCT_MAX)
      return FALSE;
    member += step;
    g_array_append_val(members, member);
  }
  return TRUE;
}

IvDistinct *iv_distinct_from_bytes(const void *bytes, gsize n) {
  g_autoptr(IvDistinct) set = iv_distinct_new();
  return append_bytes(set->members, bytes, n) ? g_steal_pointer(&set) : NULL;
}

gboolean iv_distinct_merge_bytes(IvDistinct *set, const void *bytes, gsize n) {
  guint own = set->members->len;
  g_autoptr(IvDistinct) more = iv_distinct_new();
  if (!append_bytes(more->members, bytes, n))
    return FALSE;
  /* Numbers are given one after the other, so what comes later is mostly behind what was there. */
  if (own > 0 && more->members->len > 0 &&
      member_at(set->members, own - 1) >= member_at(more->members, 0)) {
    iv_distinct_merge(set, more);
    return TRUE;
  }
  guint room = IV_DISTINCT_MAX - own;
  g_array_append_vals(set->members, more->members->data, MIN(more->members->len, room));
  return TRUE;
}

/* ---- how many in many sets ---- */

#define PAGE_BITS 12 /* members of a page: a bit each */
#define PAGE_WORDS ((1 << PAGE_BITS) / 64)

typedef struct {
  guint64 no; /* the members' upper bits */
  guint64 words[PAGE_WORDS];
} Page;

struct IvDistinctSum {
  GPtrArray *pages; /* of Page, owned; a few */
  guint count;
};

IvDistinctSum *iv_distinct_sum_new(void) {
  IvDistinctSum *sum = g_new0(IvDistinctSum, 1);
  sum->pages = g_ptr_array_new_with_free_func(g_free);
  return sum;
}

void iv_distinct_sum_free(IvDistinctSum *sum) {
  if (!sum)
    return;
  g_ptr_array_unref(sum->pages);
  g_free(sum);
}

static Page *find_page(IvDistinctSum *sum, guint64 no) {
  for (guint i = 0; i < sum->pages->len; i++) {
    Page *page = sum->pages->pdata[i];
    if (page->no == no)
      return page;
  }
  Page *page = g_new0(Page, 1);
  page->no = no;
  g_ptr_array_add(sum->pages, page);
  return page;
}

gboolean iv_distinct_sum_add(IvDistinctSum *sum, const void *bytes, gsize n) {
  const guint8 *p = bytes, *end = p ? p + n : p;
  guint64 member = 0, step;
  Page *page = NULL;
  while (p < end) {
    if (!get_number(&p, end, &step) || step == 0 || step > G_MAXINT64 - member)
      return FALSE;
    member += step;
    if (!page || page->no != member >> PAGE_BITS)
      page = find_page(sum, member >> PAGE_BITS);
    guint64 *word = &page->words[member >> 6 & (PAGE_WORDS - 1)];
    guint64 bit = G_GUINT64_CONSTANT(1) << (member & 63);
    sum->count += (*word & bit) == 0;
    *word |= bit;
  }
  return TRUE;
}

guint iv_distinct_sum_count(const IvDistinctSum *sum) {
  return MIN(sum->count, IV_DISTINCT_MAX);
}

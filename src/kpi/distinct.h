/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Who was counted, so that each counts once however sets are put together: a sorted set of whole
 * numbers. It is exact at any size; visitors of a store are numbered one after the other from 1 on
 * each day, so a member takes 1 to 3 bytes, and no estimate (HyperLogLog) would be smaller before
 * some 30 000 people (docs/adr/0016). The order of adding and merging changes nothing. */
typedef struct IvDistinct IvDistinct;

#define IV_DISTINCT_MAX 1000000 /* members; what is added beyond is not counted */

IvDistinct *iv_distinct_new(void);
void iv_distinct_free(IvDistinct *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvDistinct, iv_distinct_free)

/* TRUE when it was not in it yet. `member` is not 0. O(members) at worst. */
gboolean iv_distinct_add(IvDistinct *set, guint64 member);

/* O(members of both). */
void iv_distinct_merge(IvDistinct *set, const IvDistinct *other);

/* Merges what iv_distinct_to_bytes wrote, without making a set of it. FALSE, with the set as it
 * was, when the bytes are none. */
gboolean iv_distinct_merge_bytes(IvDistinct *set, const void *bytes, gsize n);
guint iv_distinct_count(const IvDistinct *set);

/* How many there are in many sets together, where nobody asks who: members of a day lie close to
 * each other, so a bit for each is small, and adding a set costs only its own members. */
typedef struct IvDistinctSum IvDistinctSum;
IvDistinctSum *iv_distinct_sum_new(void);
void iv_distinct_sum_free(IvDistinctSum *sum);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvDistinctSum, iv_distinct_sum_free)

/* Adds what iv_distinct_to_bytes wrote. FALSE, with nothing to rely on, when the bytes are none. */
gboolean iv_distinct_sum_add(IvDistinctSum *sum, const void *bytes, gsize n);
guint iv_distinct_sum_count(const IvDistinctSum *sum);

/* The same contents give the same bytes; an empty set gives none. */
GBytes *iv_distinct_to_bytes(const IvDistinct *set);

/* NULL when the bytes are no set; n = 0 is the empty one. */
IvDistinct *iv_distinct_from_bytes(const void *bytes, gsize n);

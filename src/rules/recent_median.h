/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* The median of the last 31 values: of a track's box heights it is steady and cheap. A cleared one
 * is the start state. No value may be NAN. */
#define IV_RECENT_MEDIAN_N 31

typedef struct {
  float ring[IV_RECENT_MEDIAN_N], sorted[IV_RECENT_MEDIAN_N];
  guint n, next;
} IvRecentMedian;

void iv_recent_median_add(IvRecentMedian *recent, float value);
float iv_recent_median(const IvRecentMedian *recent); /* the upper one of an even n; 0 of nothing */

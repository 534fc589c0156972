/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "base/timestamp.h"

/* Slows down guessing: after some failures a key (an account, an address) has to wait, twice as
 * long each time. Kept in memory, bounded; a restart forgets. Any thread; reads no clock. */
typedef struct IvThrottle IvThrottle;

#define IV_THROTTLE_KEYS_MAX 4096 /* the one longest without a failure is forgotten */
#define IV_THROTTLE_WAIT_MAX (5 * IV_MINUTE)
#define IV_THROTTLE_FORGET (30 * IV_MINUTE) /* without a failure for so long: a clean slate */

/* The first `free_failures` cost nothing, the next one 1 s, then 2, 4, ... */
IvThrottle *iv_throttle_new(guint free_failures);
void iv_throttle_free(IvThrottle *throttle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvThrottle, iv_throttle_free)

/* How long this key must wait from `now` on; 0 = not at all. */
IvTime iv_throttle_wait(IvThrottle *throttle, const char *key, IvTime now);

/* Counts a failure before it is known to be one, so that many at once don't slip through. */
void iv_throttle_attempt(IvThrottle *throttle, const char *key, IvTime now);

/* It was none: takes one back, or all of them (the key has proved itself). */
void iv_throttle_take_back(IvThrottle *throttle, const char *key);
void iv_throttle_clear(IvThrottle *throttle, const char *key);

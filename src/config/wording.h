/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* The name that somebody probably meant: the one with the fewest typing slips (letter added, left
 * out, changed, or two neighbours swapped; case, '-' and '_' do not matter), if these are few for
 * the length of `word`. NULL when none is near. Pure. */
const char *iv_nearest_name(const char *word, const char *const *names, guint n);

/* " (did you mean \"x\"?)" for it, or "" when none is near; the caller frees. */
char *iv_nearest_hint(const char *word, const char *const *names, guint n);

/* "a, b, c"; the caller frees. */
char *iv_names_joined(const char *const *names, guint n);

/* `text` in double quotes, safe and short enough to show: addresses masked (iv_url_mask), control
 * characters and broken UTF-8 replaced, cut after 60 characters. The caller frees. */
char *iv_quoted(const char *text);

/* Replaces control characters and broken UTF-8 in a message (takes `text`, gives it back or a new
 * one). The caller frees. */
char *iv_printable(char *text);

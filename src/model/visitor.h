/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Who somebody is, for one day of the store: (store-day, number), in one word that fits a column.
 * 0 = not known. Numbers begin anew each day, so nobody can be followed from one day to the next,
 * and ids of different days are different. The store is not in it; the event names it.
 *
 * As text "2026-03-23/CUST-0042"; people are shown the part after the slash. */
#define IV_VISITOR_TEXT_MAX 27
#define IV_VISITOR_DAY_MAX 2932896 /* 9999-12-31 */

/* `day`: the store's day, as days since 1970-01-01 (0..IV_VISITOR_DAY_MAX); number from 1. */
guint64 iv_visitor_make(guint day, guint32 number);
guint iv_visitor_day(guint64 visitor);
guint32 iv_visitor_number(guint64 visitor);

/* Whether it is one: 0 is not. */
gboolean iv_visitor_is_valid(guint64 visitor);

/* Of a valid one. Returns ret_text, of IV_VISITOR_TEXT_MAX bytes. */
char *iv_visitor_to_text(guint64 visitor, char *ret_text);

/* FALSE (and ret_visitor untouched) for NULL and what is not written exactly like that. */
gboolean iv_visitor_from_text(const char *text, guint64 *ret_visitor);

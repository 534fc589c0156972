/* SPDX-License-Identifier: Apache-2.0 */
#include "model/visitor.h"

#include <string.h>

#define DAY_1970 719163 /* GLib's number of 1970-01-01 */

guint64 iv_visitor_make(guint day, guint32 number) {
  g_assert(day <= IV_VISITOR_DAY_MAX && number > 0);
  return (guint64)day << 32 | number;
}

guint iv_visitor_day(guint64 visitor) {
  return (guint)(visitor >> 32);
}

guint32 iv_visitor_number(guint64 visitor) {
  return (guint32)(visitor & G_MAXUINT32);
}

gboolean iv_visitor_is_valid(guint64 visitor) {
  return iv_visitor_number(visitor) > 0 && visitor >> 32 <= IV_VISITOR_DAY_MAX;
}

char *iv_visitor_to_text(guint64 visitor, char *ret_text) {
  GDate date;
  g_assert(iv_visitor_is_valid(visitor));
  g_date_clear(&date, 1);
  g_date_set_julian(&date, iv_visitor_day(visitor) + DAY_1970);
  g_snprintf(ret_text, IV_VISITOR_TEXT_MAX, "%04u-%02u-%02u/CUST-%04u",
             (guint)g_date_get_year(&date), (guint)g_date_get_month(&date),
             (guint)g_date_get_day(&date), iv_visitor_number(visitor));
  return ret_text;
}

/* Digits only; FALSE where there is another sign, or nothing. */
static gboolean read_digits(const char *text, gsize n, guint64 *ret_value) {
  guint64 value = 0;
  for (gsize i = 0; i < n; i++) {
    if (!g_ascii_isdigit(text[i]))
      return FALSE;
    value = value * 10 + (guint64)(text[i] - '0');
  }
  *ret_value = value;
  return n > 0;
}

/* What is read is written again: that there is one way to write each needs no rules of its own. */
gboolean iv_visitor_from_text(const char *text, guint64 *ret_visitor) {
  char again[IV_VISITOR_TEXT_MAX];
  guint64 year, month, day, number;
  if (!text || strlen(text) < 17 || strlen(text) >= IV_VISITOR_TEXT_MAX ||
      !read_digits(text, 4, &year) || !read_digits(text + 5, 2, &month) ||
      !read_digits(text + 8, 2, &day) || !read_digits(text + 16, strlen(text + 16), &number))
    return FALSE;
  if (number == 0 || number > G_MAXUINT32 || year < 1970 ||
      !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
    return FALSE;
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
  guint64 visitor = iv_visitor_make(g_date_get_julian(&date) - DAY_1970, (guint32)number);
  if (strcmp(iv_visitor_to_text(visitor, again), text) != 0)
    return FALSE;
  *ret_visitor = visitor;
  return TRUE;
}

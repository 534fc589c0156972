/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and times as people and tills write them. */
#include <stdio.h>
#include <string.h>

#include "model/receipt_csv.h"

#define VALUE_MAX G_GINT64_CONSTANT(1000000000000000)

/* Where the decimal point is: the last of . and , — NULL when there is none. */
static const char *find_point(const char *text) {
  const char *dot = strrchr(text, '.'), *comma = strrchr(text, ',');
  return dot > comma ? dot : comma;
}

static gboolean is_separator(char c, char point) {
  return c == ' ' || c == '\'' || ((c == '.' || c == ',') && c != point);
}

/* Digits with separators of thousands between them. */
static gboolean read_whole(const char *text, const char *end, char point, gint64 *ret_value) {
  gint64 value = 0;
  gboolean any = FALSE;
  for (const char *at = text; at < end; at++) {
    if (is_separator(*at, point) && any)
      continue;
    if (!g_ascii_isdigit(*at) || value > VALUE_MAX)
      return FALSE;
    value = value * 10 + (*at - '0');
    any = TRUE;
  }
  *ret_value = value;
  return any;
}

static gboolean read_fraction(const char *text, int digits, gint64 *value) {
  for (; *text; text++) {
    if (!g_ascii_isdigit(*text) || (digits <= 0 && *text != '0') || *value > VALUE_MAX)
      return FALSE;
    if (digits > 0)
      *value = *value * 10 + (*text - '0');
    digits--;
  }
  for (; digits > 0; digits--)
    *value = *value > VALUE_MAX ? *value : *value * 10;
  return TRUE;
}

gboolean iv_decimal_read(const char *text, int digits, gint64 *ret_value) {
  gboolean negative = text[0] == '-';
  gint64 value = 0;
  text += text[0] == '-' || text[0] == '+';
  const char *point = find_point(text);
  const char *end = point ? point : text + strlen(text);
  if (!read_whole(text, end, point ? *point : '\0', &value) ||
      !read_fraction(point ? point + 1 : end, digits, &value) || value > VALUE_MAX)
    return FALSE;
  *ret_value = negative ? -value : value;
  return TRUE;
}

gboolean iv_local_time_read(const char *text, GTimeZone *zone, IvTime *ret_time) {
  int year, month, day, hour, minute, used = 0;
  int second = 0;
  if (iv_time_from_text(text, ret_time))
    return TRUE;
  if (strlen(text) > 32 || (sscanf(text, "%4d-%2d-%2d%*1[ T]%2d:%2d%n", &year, &month, &day, &hour,
                                   &minute, &used) != 5 &&
                            sscanf(text, "%2d.%2d.%4d%*1[ T]%2d:%2d%n", &day, &month, &year, &hour,
                                   &minute, &used) != 5))
    return FALSE;
  if (text[used] == ':') {
    int more = 0;
    if (sscanf(text + used, ":%2d%n", &second, &more) != 1)
      return FALSE;
    used += more;
  }
  g_autoptr(GDateTime) local =
      text[used] ? NULL : g_date_time_new(zone, year, month, day, hour, minute, second);
  if (!local)
    return FALSE;
  *ret_time = g_date_time_to_unix(local) * IV_SECOND;
  return TRUE;
}

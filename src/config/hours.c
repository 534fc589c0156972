/* SPDX-License-Identifier: Apache-2.0 */
#include "config/hours.h"

#include <string.h>

#define DAY_MINUTES (24 * 60)
#define CLOCK_CHARS 5 /* "22:00" */

static gboolean read_clock(const char *text, int *ret_minutes) {
  for (int i = 0; i < CLOCK_CHARS; i++)
    if (i == 2 ? text[i] != ':' : !g_ascii_isdigit(text[i]))
      return FALSE;
  int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';
  *ret_minutes = hour * 60 + minute;
  return minute < 60 && *ret_minutes <= DAY_MINUTES;
}

gboolean iv_hours_read(const char *text, IvHours *ret_hours) {
  IvHours hours = {0, DAY_MINUTES};
  if (text && (strlen(text) != 2 * CLOCK_CHARS + 1 || text[CLOCK_CHARS] != '-' ||
               !read_clock(text, &hours.from) || !read_clock(text + CLOCK_CHARS + 1, &hours.to) ||
               hours.from == hours.to || hours.from == DAY_MINUTES))
    return FALSE;
  *ret_hours = hours;
  return TRUE;
}

gboolean iv_hours_have(const IvHours *hours, int minute) {
  return hours->from < hours->to ? minute >= hours->from && minute < hours->to
                                 : minute >= hours->from || minute < hours->to;
}

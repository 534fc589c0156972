/* SPDX-License-Identifier: Apache-2.0 */
#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>

#define TIME_MIN ((IvTime)-62135596800 * IV_SECOND)
#define TIME_MAX ((IvTime)253402300800 * IV_SECOND - 1)

/* Civil date from days since 1970-01-01 in the proleptic Gregorian calendar. Eras of 400 years have
 * 146097 days; years are counted from March so that the leap day is the last of its year. */
static void civil_from_days(gint64 days, int *year, int *month, int *day) {
  days += 719468;
  gint64 era = (days >= 0 ? days : days - 146096) / 146097;
  gint64 doe = days - era * 146097;
  gint64 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  gint64 doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  gint64 mp = (5 * doy + 2) / 153;
  *day = (int)(doy - (153 * mp + 2) / 5 + 1);
  *month = (int)(mp < 10 ? mp + 3 : mp - 9);
  *year = (int)(yoe + era * 400 + (*month <= 2));
}

static gint64 days_from_civil(int year, int month, int day) {
  year -= month <= 2;
  gint64 era = (year >= 0 ? year : year - 399) / 400;
  gint64 yoe = year - era * 400;
  gint64 doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static int days_in_month(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  gboolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap);
}

char *iv_time_to_text(IvTime t, char *ret_text) {
  t = CLAMP(t, TIME_MIN, TIME_MAX);
  IvTime midnight = iv_time_floor(t, IV_DAY);
  int year, month, day;
  civil_from_days(midnight / IV_DAY, &year, &month, &day);
  unsigned ms = (unsigned)((t - midnight) / IV_MS);
  g_snprintf(ret_text, IV_TIME_TEXT_MAX, "%04d-%02d-%02dT%02u:%02u:%02u.%03uZ", year, month, day,
             ms / 3600000 % 24, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
  return ret_text;
}

/* Reads `.123456` (any number of digits, below a microsecond dropped); returns the end. */
static const char *read_fraction(const char *p, IvTime *ret_us) {
  IvTime scale = 100000, us = 0;
  if (*p == '.' && g_ascii_isdigit(p[1]))
    for (p++; g_ascii_isdigit(*p); p++, scale /= 10)
      us += scale * (*p - '0');
  *ret_us = us;
  return p;
}

/* TRUE when `text` begins with digits where `form` has '0' and with form's own characters
 * elsewhere; 'T' stands for the separators RFC 3339 allows. (sscanf alone would take blanks and
 * signs.) */
static gboolean has_form(const char *text, const char *form) {
  for (; *form; form++, text++) {
    gboolean good = *form == '0'   ? g_ascii_isdigit(*text)
                    : *form == 'T' ? *text && strchr("Tt ", *text)
                                   : *text == *form;
    if (!good)
      return FALSE;
  }
  return TRUE;
}

static gboolean read_zone(const char *p, IvTime *ret_offset) {
  unsigned hours, minutes;
  if ((*p == 'Z' || *p == 'z') && p[1] == '\0') {
    *ret_offset = 0;
    return TRUE;
  }
  if ((*p != '+' && *p != '-') || !has_form(p + 1, "00:00") || p[6] != '\0' ||
      sscanf(p + 1, "%2u:%2u", &hours, &minutes) != 2 || hours > 23 || minutes > 59)
    return FALSE;
  *ret_offset = (*p == '-' ? -1 : 1) * (IvTime)(hours * 60 + minutes) * IV_MINUTE;
  return TRUE;
}

gboolean iv_time_from_text(const char *text, IvTime *ret_time) {
  static const char form[] = "0000-00-00T00:00:00";
  int y, mo, d, h, mi, s;
  if (!text || strlen(text) > 40 || !has_form(text, form) ||
      sscanf(text, "%4d-%2d-%2d%*1c%2d:%2d:%2d", &y, &mo, &d, &h, &mi, &s) != 6)
    return FALSE;
  if (y < 1 || mo < 1 || mo > 12 || d < 1 || d > days_in_month(y, mo) || h > 23 || mi > 59 ||
      s > 60)
    return FALSE;
  IvTime us, offset;
  if (!read_zone(read_fraction(text + strlen(form), &us), &offset))
    return FALSE;
  IvTime seconds = days_from_civil(y, mo, d) * 86400 + h * 3600 + mi * 60 + s;
  *ret_time = seconds * IV_SECOND + us - offset;
  return TRUE;
}

IvTime iv_time_floor(IvTime t, IvTime span) {
  IvTime rest = t % span;
  return t - rest - (rest < 0 ? span : 0);
}

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Hours of a day, "22:00-06:00": from the first minute up to, not including, the second; over
 * midnight where it is the earlier one. Pure. */
typedef struct {
  int from, to; /* minutes of the day, 0..1440 */
} IvHours;

/* NULL is the whole day. FALSE when it is none; "24:00" may end it. */
gboolean iv_hours_read(const char *text, IvHours *ret_hours);

/* `minute`: of the day, 0..1439. */
gboolean iv_hours_have(const IvHours *hours, int minute);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/archiver.h"
#include "model/event.h"

/* When the archive is an alarm: nothing can be stored for more than an hour, or what waits is more
 * than a day late and stays so for an hour (what was kept as evidence of last week waits for
 * seconds, not for a week). Told once a day at the most. Pure; one thread. */
typedef struct {
  IvTime told_at;    /* monotonic; 0 = not yet */
  IvTime late_since; /* monotonic; 0 = it is not late */
} IvArchiveAlarm;    /* {0} at first */

/* `after`: archive.after. TRUE = an event is due: `ret_event` without its store, edge and id;
 * `ret_reason` (static) says what is wrong. */
gboolean iv_archive_alarm_look(IvArchiveAlarm *alarm, const IvArchiverStats *stats, IvTime after,
                               IvTime now, IvTime monotonic, IvEvent *ret_event,
                               const char **ret_reason);

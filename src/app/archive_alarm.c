/* SPDX-License-Identifier: Apache-2.0 */
#include "app/archive_alarm.h"

#define BEHIND_AFTER IV_DAY       /* so late something may be */
#define BEHIND_FOR IV_HOUR        /* and so long that may go on */
#define UNREACHABLE_AFTER IV_HOUR /* so long it may fail */
#define TELL_SPAN IV_DAY          /* an alarm that goes on is told again */

static const char *reason_of(IvArchiveAlarm *alarm, const IvArchiverStats *stats, IvTime after,
                             IvTime now, IvTime monotonic) {
  IvTime oldest = stats->totals.oldest_waiting;
  if (oldest == IV_TIME_NONE || now - oldest <= BEHIND_AFTER + after)
    alarm->late_since = 0;
  else if (alarm->late_since == 0)
    alarm->late_since = monotonic;
  if (stats->failing_since != IV_TIME_NONE && now - stats->failing_since > UNREACHABLE_AFTER)
    return "nothing can be stored in the archive for more than an hour";
  if (alarm->late_since != 0 && monotonic - alarm->late_since > BEHIND_FOR)
    return "the archive is more than a day behind";
  return NULL;
}

gboolean iv_archive_alarm_look(IvArchiveAlarm *alarm, const IvArchiverStats *stats, IvTime after,
                               IvTime now, IvTime monotonic, IvEvent *ret_event,
                               const char **ret_reason) {
  const char *reason = reason_of(alarm, stats, after, now, monotonic);
  if (!reason || (alarm->told_at != 0 && monotonic - alarm->told_at < TELL_SPAN))
    return FALSE;
  alarm->told_at = monotonic;
  iv_event_init(ret_event, IV_EVENT_ARCHIVE_BEHIND, now);
  iv_event_set_text(ret_event, IV_ATTR_REASON, reason);
  if (stats->totals.oldest_waiting != IV_TIME_NONE)
    iv_event_set_number(ret_event, IV_ATTR_BEHIND_S,
                        (double)((now - stats->totals.oldest_waiting) / IV_SECOND));
  *ret_reason = reason;
  return TRUE;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "config/snapshot_kinds.h"

#include <string.h>

G_STATIC_ASSERT(IV_EVENT_KINDS <= 64);

gboolean iv_snapshot_kinds_read(const char *text, guint64 *ret_kinds, char **ret_fault) {
  guint64 kinds = 0;
  if (text && strcmp(text, IV_SNAPSHOT_KINDS_NONE) != 0) {
    g_auto(GStrv) words = g_strsplit_set(text, ", ", -1);
    for (guint i = 0; words[i]; i++) {
      if (words[i][0] == '\0')
        continue;
      IvEventKind kind = iv_event_kind_from_name(words[i]);
      if (kind == IV_EVENT_UNKNOWN || iv_event_kind_info(kind)->sample) {
        *ret_fault = g_strdup(words[i]);
        return FALSE;
      }
      kinds |= G_GUINT64_CONSTANT(1) << kind;
    }
  }
  *ret_kinds = kinds;
  return TRUE;
}

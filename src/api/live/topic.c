/* SPDX-License-Identifier: Apache-2.0 */
#include "api/live/topic.h"

#include <string.h>

static const IvTopicKindInfo kinds[IV_TOPIC_KINDS] = {
    [IV_TOPIC_KPI] = {"store", "kpi", TRUE, IV_KEEP_STATE, NULL, IV_PERMISSION_KPIS_READ},
    [IV_TOPIC_CAMERAS] = {"store", "cameras", TRUE, IV_KEEP_STATE, NULL,
                          IV_PERMISSION_CAMERAS_READ},
    [IV_TOPIC_EVENTS] = {"store", "events", TRUE, IV_KEEP_LOG, "events", IV_PERMISSION_EVENTS_READ},
    [IV_TOPIC_TRACKS] = {"camera", "tracks", FALSE, IV_KEEP_STATE, NULL,
                         IV_PERMISSION_PICTURES_READ},
};

const IvTopicKindInfo *iv_topic_kind_info(IvTopicKind kind) {
  return &kinds[kind];
}

gboolean iv_topic_parse(const char *name, IvTopicKind *ret_kind, IvSlug *ret_id) {
  if (strnlen(name, IV_TOPIC_NAME_MAX + 1) > IV_TOPIC_NAME_MAX)
    return FALSE;
  g_auto(GStrv) parts = g_strsplit(name, "/", 4);
  if (g_strv_length(parts) != 3)
    return FALSE;
  for (IvTopicKind kind = 0; kind < IV_TOPIC_KINDS; kind++) {
    if (strcmp(parts[0], kinds[kind].owner) != 0 || strcmp(parts[2], kinds[kind].name) != 0)
      continue;
    if (!iv_slug_set(ret_id, parts[1]))
      return FALSE;
    *ret_kind = kind;
    return TRUE;
  }
  return FALSE;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What clients say over the WebSocket: taken within its limits, or refused with a reason. */
#include <string.h>

#include "api/live/command.h"
#include "api/live/topic.h"
#include "target.h"

static void check_topics(char *const *topics) {
  g_assert_nonnull(topics);
  g_assert_cmpuint(g_strv_length((char **)topics), <=, IV_COMMAND_TOPICS_MAX);
  for (guint i = 0; topics[i]; i++) {
    IvTopicKind kind;
    IvSlug id;
    if (!iv_topic_parse(topics[i], &kind, &id))
      continue;
    const IvTopicKindInfo *info = iv_topic_kind_info(kind);
    g_autofree char *name = g_strdup_printf("%s/%s/%s", info->owner, id.text, info->name);
    g_assert_cmpstr(name, ==, topics[i]);
  }
}

int LLVMFuzzerTestOneInput(const guint8 *input, gsize length) {
  g_auto(IvLiveCommand) command = {NULL, NULL};
  g_autoptr(GError) error = NULL;
  if (!iv_live_command_parse((const char *)input, length, &command, &error)) {
    g_assert_nonnull(error);
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
    return 0;
  }
  check_topics(command.subscribe);
  check_topics(command.unsubscribe);
  return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "api/live/command.h"

#include <jansson.h>

#include "api/live/topic.h"

#define REFUSE(...) (g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, __VA_ARGS__), FALSE)

void iv_live_command_clear(IvLiveCommand *command) {
  g_clear_pointer(&command->subscribe, g_strfreev);
  g_clear_pointer(&command->unsubscribe, g_strfreev);
}

static gboolean read_topics(const json_t *array, const char *key, GStrv *ret_topics,
                            GError **error) {
  gsize n = json_array_size(array);
  if (array && !json_is_array(array))
    return REFUSE("\"%s\" must be an array of topics", key);
  if (n > IV_COMMAND_TOPICS_MAX)
    return REFUSE("\"%s\" holds more than %d topics", key, IV_COMMAND_TOPICS_MAX);
  g_autoptr(GStrvBuilder) topics = g_strv_builder_new();
  for (gsize i = 0; i < n; i++) {
    const json_t *topic = json_array_get(array, i);
    if (!json_is_string(topic) || json_string_length(topic) > IV_TOPIC_NAME_MAX)
      return REFUSE("a topic is a text of at most %d bytes", IV_TOPIC_NAME_MAX);
    g_strv_builder_add(topics, json_string_value(topic));
  }
  *ret_topics = g_strv_builder_end(topics);
  return TRUE;
}

static gboolean read_command(const json_t *json, IvLiveCommand *ret_command, GError **error) {
  g_auto(IvLiveCommand) command = {NULL, NULL};
  const json_t *subscribe = json_object_get(json, "subscribe");
  const json_t *unsubscribe = json_object_get(json, "unsubscribe");
  gsize known = (subscribe ? 1 : 0) + (unsubscribe ? 1 : 0);
  if (!json_is_object(json) || known == 0 || known != json_object_size(json))
    return REFUSE("a message is {\"subscribe\":[...]} or {\"unsubscribe\":[...]}");
  if (!read_topics(subscribe, "subscribe", &command.subscribe, error) ||
      !read_topics(unsubscribe, "unsubscribe", &command.unsubscribe, error))
    return FALSE;
  *ret_command = command;
  command = (IvLiveCommand){NULL, NULL};
  return TRUE;
}

gboolean iv_live_command_parse(const char *text, gsize length, IvLiveCommand *ret_command,
                               GError **error) {
  if (length > IV_COMMAND_BYTES_MAX)
    return REFUSE("a message has at most %d bytes", IV_COMMAND_BYTES_MAX);
  json_error_t cause;
  json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &cause);
  if (!json)
    return REFUSE("not JSON: %s", cause.text);
  gboolean ok = read_command(json, ret_command, error);
  json_decref(json);
  return ok;
}

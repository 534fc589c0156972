/* SPDX-License-Identifier: Apache-2.0 */
#include "config/terminal_map.h"

#include <string.h>

static const char *read_one(char *word, const GArray *map, IvTerminalLane *ret_entry) {
  char *equals = strrchr(g_strstrip(word), '=');
  if (!equals)
    return "is not TERMINAL=lane, TERMINAL=lane, ...";
  *equals = '\0';
  const char *terminal = g_strchomp(word), *lane = g_strchug(equals + 1);
  if (!iv_pos_receipt_text_is_valid(terminal, IV_TERMINAL_ID_MAX))
    return "has a terminal whose name is not 1 to 40 bytes";
  if (!iv_slug_set(&ret_entry->lane, lane))
    return "has a lane that is not 1 to 40 of a-z, 0-9 and -";
  g_strlcpy(ret_entry->terminal, terminal, sizeof ret_entry->terminal);
  for (guint i = 0; i < map->len; i++)
    if (strcmp(g_array_index(map, IvTerminalLane, i).terminal, terminal) == 0)
      return "names a terminal twice";
  return map->len < IV_TERMINAL_MAP_MAX ? NULL : "names more than 200 terminals; use the API";
}

GArray *iv_terminal_map_read(const char *text, const char **ret_fault) {
  g_autoptr(GArray) map = g_array_new(FALSE, TRUE, sizeof(IvTerminalLane));
  g_auto(GStrv) words = g_strsplit(text ? text : "", ",", IV_TERMINAL_MAP_MAX + 1);
  for (guint i = 0; words[i]; i++) {
    IvTerminalLane entry = {0};
    *ret_fault = read_one(words[i], map, &entry);
    if (*ret_fault)
      return NULL;
    g_array_append_val(map, entry);
  }
  return g_steal_pointer(&map);
}

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

/* What a client says over the WebSocket: {"subscribe":[topics],"unsubscribe":[topics]}. Pure. */

#define IV_COMMAND_BYTES_MAX (16 * 1024)
#define IV_COMMAND_TOPICS_MAX 64 /* of each list */

typedef struct {
  GStrv subscribe, unsubscribe; /* owned; never NULL after a parse; names not yet looked at */
} IvLiveCommand;

void iv_live_command_clear(IvLiveCommand *command);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvLiveCommand, iv_live_command_clear)

/* FALSE (`ret_command` untouched) with G_IO_ERROR_INVALID_DATA saying what is wrong. */
gboolean iv_live_command_parse(const char *text, gsize length, IvLiveCommand *ret_command,
                               GError **error);

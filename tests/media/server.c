/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static void spawn(Server *server) {
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  g_autofree char *port = g_strdup_printf("%d", server->port);
  g_ptr_array_add(argv, (gpointer)g_getenv("INVEYE_RTSPD"));
  g_ptr_array_add(argv, port);
  g_ptr_array_add(argv, server->user);
  g_ptr_array_add(argv, server->password);
  for (guint i = 0; i < server->mounts->len; i++)
    g_ptr_array_add(argv, server->mounts->pdata[i]);
  g_ptr_array_add(argv, NULL);
  g_autoptr(GError) error = NULL;
  server->process =
      g_subprocess_newv((const char *const *)argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error(error);
  g_autoptr(GDataInputStream) lines =
      g_data_input_stream_new(g_subprocess_get_stdout_pipe(server->process));
  g_autofree char *line = g_data_input_stream_read_line(lines, NULL, NULL, NULL);
  g_assert_nonnull(line);
  g_assert_cmpint(sscanf(line, "port %d", &server->port), ==, 1);
}

void server_start(Server *server, const char *user, const char *password,
                  const char *const *mounts) {
  *server = (Server){.user = g_strdup(user), .password = g_strdup(password)};
  server->mounts = g_ptr_array_new_with_free_func(g_free);
  for (; *mounts; mounts++)
    g_ptr_array_add(server->mounts, g_strdup(*mounts));
  spawn(server);
}

void server_kill(Server *server) {
  if (!server->process)
    return;
  g_subprocess_send_signal(server->process, SIGCONT);
  g_subprocess_force_exit(server->process);
  g_subprocess_wait(server->process, NULL, NULL);
  g_clear_object(&server->process);
}

void server_restart(Server *server) {
  server_kill(server);
  spawn(server);
}

void server_freeze(Server *server, gboolean frozen) {
  g_subprocess_send_signal(server->process, frozen ? SIGSTOP : SIGCONT);
}

void server_clear(Server *server) {
  server_kill(server);
  g_ptr_array_free(server->mounts, TRUE);
  g_free(server->user);
  g_free(server->password);
}

char *server_url(Server *server, const char *name, const char *login) {
  return g_strdup_printf("rtsp://%s127.0.0.1:%d/%s", login, server->port, name);
}

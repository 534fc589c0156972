/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

/* The tests' RTSP server (rtspd.c) as a child process. */
typedef struct {
  GSubprocess *process;
  int port;
  char *user, *password; /* "-" = none */
  GPtrArray *mounts;     /* "name=clip" */
} Server;

/* `mounts` NULL-terminated. */
void server_start(Server *server, const char *user, const char *password,
                  const char *const *mounts);
void server_kill(Server *server);    /* as by pulling the plug */
void server_restart(Server *server); /* on the same port */
void server_freeze(Server *server, gboolean frozen);
void server_clear(Server *server);
char *server_url(Server *server, const char *name, const char *login); /* login "u:p@" or "" */

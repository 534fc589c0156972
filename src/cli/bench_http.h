/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

/* Plain HTTP to a server on this machine, a connection for each request; for the benches. */

/* The session's cookie, the caller frees. NULL when the server can't be reached or refuses. */
char *iv_bench_http_log_in(guint16 port, const char *user, const char *password, GError **error);

/* Text is borrowed. */
typedef struct {
  const char *method, *path;
  const char *cookie;       /* NULL = none */
  const char *content_type; /* of `body`; NULL = no body */
  const char *body;
} IvBenchRequest;

typedef struct {
  int status;
  char *cookie, *location, *body; /* owned; NULL = none */
} IvBenchAnswer;

gboolean iv_bench_http_call(guint16 port, const IvBenchRequest *request, IvBenchAnswer *ret_answer,
                            GError **error);
void iv_bench_answer_clear(IvBenchAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvBenchAnswer, iv_bench_answer_clear)

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/bench_http.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define BODY_BYTES_MAX (16 * 1024 * 1024)

void iv_bench_answer_clear(IvBenchAnswer *answer) {
  g_clear_pointer(&answer->cookie, g_free);
  g_clear_pointer(&answer->location, g_free);
  g_clear_pointer(&answer->body, g_free);
}

static char *write_request(guint16 port, const IvBenchRequest *request) {
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n",
                         request->method, request->path, port);
  if (request->cookie)
    g_string_append_printf(text, "Cookie: %s\r\n", request->cookie);
  if (request->content_type)
    g_string_append_printf(text, "Content-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n",
                           request->content_type, strlen(request->body));
  g_string_append_printf(text, "\r\n%s", request->content_type ? request->body : "");
  return g_string_free(text, FALSE);
}

static void read_header(IvBenchAnswer *answer, gint64 *length, const char *line) {
  const char *value = strchr(line, ':');
  if (!value)
    return;
  value += 1 + strspn(value + 1, " ");
  if (g_ascii_strncasecmp(line, "set-cookie:", 11) == 0)
    answer->cookie = g_strndup(value, strcspn(value, ";"));
  else if (g_ascii_strncasecmp(line, "location:", 9) == 0)
    answer->location = g_strdup(value);
  else if (g_ascii_strncasecmp(line, "content-length:", 15) == 0)
    *length = g_ascii_strtoll(value, NULL, 10);
}

static gboolean read_head(GDataInputStream *input, IvBenchAnswer *answer, gint64 *ret_length,
                          GError **error) {
  for (;;) {
    g_autofree char *line = g_data_input_stream_read_line(input, NULL, NULL, error);
    if (!line)
      return FALSE;
    if (line[0] == '\0')
      return answer->status != 0;
    if (answer->status == 0 && g_str_has_prefix(line, "HTTP/1.1 "))
      answer->status = (int)g_ascii_strtoll(line + 9, NULL, 10);
    else
      read_header(answer, ret_length, line);
  }
}

static gboolean read_answer(GIOStream *connection, IvBenchAnswer *answer, GError **error) {
  gint64 length = 0;
  gsize got = 0;
  g_autoptr(GDataInputStream) input =
      g_data_input_stream_new(g_io_stream_get_input_stream(connection));
  g_data_input_stream_set_newline_type(input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  if (!read_head(input, answer, &length, error))
    return FALSE;
  length = CLAMP(length, 0, BODY_BYTES_MAX);
  answer->body = g_malloc0((gsize)length + 1);
  return g_input_stream_read_all(G_INPUT_STREAM(input), answer->body, (gsize)length, &got, NULL,
                                 error);
}

gboolean iv_bench_http_call(guint16 port, const IvBenchRequest *request, IvBenchAnswer *ret_answer,
                            GError **error) {
  g_auto(IvBenchAnswer) answer = {0};
  g_autofree char *text = write_request(port, request);
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GSocketConnection) connection =
      g_socket_client_connect_to_host(client, "127.0.0.1", port, NULL, error);
  if (!connection ||
      !g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(connection)), text,
                                 strlen(text), NULL, NULL, error) ||
      !read_answer(G_IO_STREAM(connection), &answer, error)) {
    if (error && !*error)
      g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CLOSED, "the server hung up");
    return FALSE;
  }
  *ret_answer = answer;
  answer = (IvBenchAnswer){0};
  return TRUE;
}

char *iv_bench_http_log_in(guint16 port, const char *user, const char *password, GError **error) {
  g_auto(IvBenchAnswer) answer = {0};
  json_t *json = json_pack("{ss ss}", "username", user, "password", password);
  char *body = json_dumps(json, JSON_COMPACT);
  IvBenchRequest request = {
      .method = "POST", .path = "/api/v1/login", .content_type = "application/json", .body = body};
  gboolean called = iv_bench_http_call(port, &request, &answer, error);
  json_decref(json);
  free(body);
  if (called && (answer.status != 200 || !answer.cookie)) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "login: the server answered %d",
                answer.status);
    called = FALSE;
  }
  return called ? g_steal_pointer(&answer.cookie) : NULL;
}

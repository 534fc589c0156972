/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/live_client.h"

#include <string.h>

#include "base/clock.h"
#include "cli/bench_http.h"

#define MESSAGE_BYTES_MAX (4 * 1024 * 1024)
#define OPCODE_TEXT 1
#define OPCODE_CLOSE 8
#define OPCODE_PING 9
#define OPCODE_PONG 10

struct IvLiveClient {
  GSocketConnection *connection;
  GDataInputStream *input;
  GCancellable *cancel;
  IvLiveHeard heard;
  gpointer user_data;
  GThread *thread;
  gint over; /* atomic: the connection has ended */
};

/* ---- HTTP, as much as the way in needs ---- */

static GSocketConnection *connect_to(guint16 port, GDataInputStream **ret_input, GError **error) {
  g_autoptr(GSocketClient) socket = g_socket_client_new();
  GSocketConnection *connection =
      g_socket_client_connect_to_host(socket, "127.0.0.1", port, NULL, error);
  if (!connection)
    return NULL;
  *ret_input = g_data_input_stream_new(g_io_stream_get_input_stream(G_IO_STREAM(connection)));
  g_data_input_stream_set_newline_type(*ret_input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  return connection;
}

static gboolean send_bytes(GSocketConnection *connection, const void *bytes, gsize n,
                           GError **error) {
  GOutputStream *output = g_io_stream_get_output_stream(G_IO_STREAM(connection));
  return g_output_stream_write_all(output, bytes, n, NULL, NULL, error);
}

/* Reads the head of an answer; returns its status, 0 = none. */
static int read_head(GDataInputStream *input, GError **error) {
  int status = 0;
  for (;;) {
    g_autofree char *line = g_data_input_stream_read_line(input, NULL, NULL, error);
    if (!line || line[0] == '\0')
      return line ? status : 0;
    if (status == 0 && g_str_has_prefix(line, "HTTP/1.1 "))
      status = (int)g_ascii_strtoll(line + 9, NULL, 10);
  }
}

static gboolean expect(int status, int wanted, const char *what, GError **error) {
  if (status == wanted)
    return TRUE;
  if (!error || !*error)
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: the server answered %d", what, status);
  return FALSE;
}

/* ---- WebSocket (RFC 6455) ---- */

static gboolean upgrade(IvLiveClient *client, guint16 port, const char *cookie, GError **error) {
  /* The key proves nothing between two ends that trust each other; the RFC's own example does. */
  g_autofree char *request = g_strdup_printf(
      "GET /api/v1/ws HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUpgrade: websocket\r\nConnection: Upgrade"
      "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      "Cookie: %s\r\n\r\n",
      port, cookie);
  return send_bytes(client->connection, request, strlen(request), error) &&
         expect(read_head(client->input, error), 101, "WebSocket", error);
}

/* Payload under 64 KiB. A mask of zeros is a mask. */
static gboolean send_frame(IvLiveClient *client, int opcode, const void *payload, gsize n,
                           GError **error) {
  g_autoptr(GByteArray) frame = g_byte_array_new();
  g_assert(n < 65536);
  guint8 opening[] = {(guint8)(0x80 | opcode), (guint8)(0x80 | (n < 126 ? n : 126))};
  guint8 wide[] = {(guint8)(n >> 8), (guint8)n}, mask[4] = {0};
  g_byte_array_append(frame, opening, sizeof opening);
  if (n >= 126) /* a pong in the long form would be an error */
    g_byte_array_append(frame, wide, sizeof wide);
  g_byte_array_append(frame, mask, sizeof mask);
  g_byte_array_append(frame, payload, (guint)n);
  return send_bytes(client->connection, frame->data, frame->len, error);
}

static gboolean subscribe(IvLiveClient *client, const char *const *topics, GError **error) {
  json_t *names = json_array();
  for (const char *const *topic = topics; *topic; topic++)
    json_array_append_new(names, json_string(*topic));
  json_t *message = json_pack("{so}", "subscribe", names);
  char *text = json_dumps(message, JSON_COMPACT);
  gboolean sent = send_frame(client, OPCODE_TEXT, text, strlen(text), error);
  free(text);
  json_decref(message);
  return sent;
}

static gboolean read_bytes(IvLiveClient *client, void *buffer, gsize n) {
  gsize got = 0;
  return g_input_stream_read_all(G_INPUT_STREAM(client->input), buffer, n, &got, client->cancel,
                                 NULL) &&
         got == n;
}

/* Number of `bytes`, most significant first. */
static guint64 number(const guint8 *bytes, guint n) {
  guint64 value = 0;
  for (guint i = 0; i < n; i++)
    value = value << 8 | bytes[i];
  return value;
}

/* A server neither masks nor, here, splits a message. */
static char *read_frame(IvLiveClient *client, int *ret_opcode, gsize *ret_n) {
  guint8 head[2], wide[8];
  if (!read_bytes(client, head, 2))
    return NULL;
  guint64 n = head[1] & 0x7f;
  guint more = n == 126 ? 2 : n == 127 ? 8 : 0;
  if (more && !read_bytes(client, wide, more))
    return NULL;
  n = more ? number(wide, more) : n;
  if (n > MESSAGE_BYTES_MAX)
    return NULL;
  g_autofree char *payload = g_malloc(n + 1);
  if (!read_bytes(client, payload, n))
    return NULL;
  *ret_opcode = head[0] & 0x0f;
  *ret_n = n;
  return g_steal_pointer(&payload);
}

static gpointer listen_on(gpointer user_data) {
  IvLiveClient *client = user_data;
  int opcode = 0;
  gsize n = 0;
  for (;;) {
    g_autofree char *payload = read_frame(client, &opcode, &n);
    IvTime received = iv_clock_monotonic();
    if (!payload || opcode == OPCODE_CLOSE) {
      g_atomic_int_set(&client->over, 1);
      return NULL;
    }
    if (opcode == OPCODE_PING)
      send_frame(client, OPCODE_PONG, payload, n, NULL);
    json_t *message = opcode == OPCODE_TEXT ? json_loadb(payload, n, 0, NULL) : NULL;
    if (message)
      client->heard(message, received, client->user_data);
    json_decref(message);
  }
}

IvLiveClient *iv_live_client_new(const IvLiveClientOptions *options, GError **error) {
  g_autofree char *cookie =
      iv_bench_http_log_in(options->port, options->user, options->password, error);
  if (!cookie)
    return NULL;
  g_autoptr(IvLiveClient) client = g_new0(IvLiveClient, 1);
  client->cancel = g_cancellable_new();
  client->heard = options->heard;
  client->user_data = options->user_data;
  client->connection = connect_to(options->port, &client->input, error);
  if (!client->connection || !upgrade(client, options->port, cookie, error) ||
      !subscribe(client, options->topics, error))
    return NULL;
  client->thread = g_thread_new("live-client", listen_on, client);
  return g_steal_pointer(&client);
}

gboolean iv_live_client_is_open(IvLiveClient *client) {
  return !g_atomic_int_get(&client->over);
}

void iv_live_client_free(IvLiveClient *client) {
  if (!client)
    return;
  g_cancellable_cancel(client->cancel);
  g_clear_pointer(&client->thread, g_thread_join);
  g_clear_object(&client->input);
  g_clear_object(&client->connection);
  g_clear_object(&client->cancel);
  g_free(client);
}

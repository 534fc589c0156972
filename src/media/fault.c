/* SPDX-License-Identifier: Apache-2.0 */
#include "media/fault.h"

#include <gio/gio.h>
#include <string.h>

#include "base/url.h"

#define REACH_TIMEOUT_S 2
#define REFUSED "wrong user or password (401): check both in the camera's settings"

typedef struct {
  GQuark (*domain)(void);
  int code;
  const char *text; /* NULL code -1 ends */
} Reason;

static char *look_up(const GError *error, const Reason *table, gsize n) {
  for (gsize i = 0; i < n; i++)
    if (g_error_matches(error, table[i].domain(), table[i].code))
      return g_strdup(table[i].text);
  return NULL;
}

char *iv_fault_reach(const IvFaultPlace *place) {
  static const Reason table[] = {
      {g_resolver_error_quark, G_RESOLVER_ERROR_NOT_FOUND,
       "host name not known: check the spelling"},
      {g_resolver_error_quark, G_RESOLVER_ERROR_TEMPORARY_FAILURE,
       "host name could not be looked up: check the name server (DNS)"},
      {g_io_error_quark, G_IO_ERROR_CONNECTION_REFUSED,
       "connection refused: check the port, and that RTSP is switched on in the camera"},
      {g_io_error_quark, G_IO_ERROR_HOST_UNREACHABLE,
       "host not reachable: check the address, cable and power"},
      {g_io_error_quark, G_IO_ERROR_NETWORK_UNREACHABLE,
       "network not reachable: check this machine's network"},
      {g_io_error_quark, G_IO_ERROR_TIMED_OUT,
       "no answer: check the address, power, and firewalls on the way"},
  };
  if (!place->host)
    return NULL;
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_socket_client_set_timeout(client, REACH_TIMEOUT_S);
  g_socket_client_set_enable_proxy(client, FALSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnection) connection =
      g_socket_client_connect_to_host(client, place->host, place->port, NULL, &error);
  if (connection)
    return NULL;
  char *text = look_up(error, table, G_N_ELEMENTS(table));
  return text ? text : g_strdup("no connection: check address and network");
}

/* What GStreamer's RTSP source says by error code. */
static char *by_code(const GError *error) {
  static const Reason table[] = {
      {gst_resource_error_quark, GST_RESOURCE_ERROR_NOT_AUTHORIZED, REFUSED},
      {gst_resource_error_quark, GST_RESOURCE_ERROR_NOT_FOUND,
       "stream not found (404): check the path after the host in the address"},
      {gst_stream_error_quark, GST_STREAM_ERROR_CODEC_NOT_FOUND,
       "no decoder for this video: apt-get install gstreamer1.0-libav"},
      {gst_stream_error_quark, GST_STREAM_ERROR_TYPE_NOT_FOUND,
       "not a video that GStreamer knows: check that the file is whole"},
      {gst_stream_error_quark, GST_STREAM_ERROR_WRONG_TYPE, "not a video: check the path"},
      {gst_stream_error_quark, GST_STREAM_ERROR_DEMUX,
       "the video file is damaged: try to copy it again"},
      {gst_core_error_quark, GST_CORE_ERROR_MISSING_PLUGIN,
       "a GStreamer plugin is missing: apt-get install gstreamer1.0-plugins-good "
       "gstreamer1.0-plugins-bad gstreamer1.0-libav"},
  };
  return look_up(error, table, G_N_ELEMENTS(table));
}

/* What it only says in the text for developers. */
static char *by_detail(const char *detail) {
  static const struct {
    const char *part, *text;
  } table[] = {
      {"Unauthorized", REFUSED},
      {"Forbidden", "the camera forbids this stream to this user (403)"},
      {"Not Found", "stream not found (404): check the path after the host in the address"},
      {"Not found", "stream not found (404): check the path after the host in the address"},
      {"Not Enough Bandwidth",
       "the camera has too many viewers (453): close others or use its sub stream"},
      {"Service Unavailable", "the camera is busy (503): it may have too many viewers"},
      {"Unsupported Transport",
       "the camera refuses this transport (461): set transport to tcp or udp, whichever it is not"},
      {"imeout", "the camera accepts the connection but does not answer: restart it"},
      {"timed out", "the camera accepts the connection but does not answer: restart it"},
  };
  for (gsize i = 0; detail && i < G_N_ELEMENTS(table); i++)
    if (strstr(detail, table[i].part))
      return g_strdup(table[i].text);
  return NULL;
}

static gboolean failed_to_connect(const GError *error, const char *detail) {
  return g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE) ||
         (detail && strstr(detail, "Failed to connect"));
}

char *iv_fault_reason(GstMessage *message, const IvFaultPlace *place) {
  g_autoptr(GError) error = NULL;
  g_autofree char *detail = NULL;
  gst_message_parse_error(message, &error, &detail);
  g_debug("%s: %s (%s)", GST_MESSAGE_SRC_NAME(message), error->message, detail);
  char *reason = by_code(error);
  if (!reason)
    reason = by_detail(detail);
  if (reason && !place->login && strcmp(reason, REFUSED) == 0) {
    g_free(reason);
    reason = g_strdup("the camera asks for a user and password (401): put both into the address");
  }
  if (!reason && place->host && failed_to_connect(error, detail))
    reason = iv_fault_reach(place);
  if (!reason && place->host)
    reason = g_strdup("the connection broke");
  return reason ? reason : iv_url_mask(error->message);
}

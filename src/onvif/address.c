/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/address.h"

#include <string.h>

#include "base/url.h"
#include "onvif/onvif_error.h"

#define FLAGS (G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED)
#define HOST_MAX 255

void iv_onvif_address_clear(IvOnvifAddress *address) {
  g_clear_pointer(&address->scheme, g_free);
  g_clear_pointer(&address->host, g_free);
  g_clear_pointer(&address->path, g_free);
}

static gboolean is_host(const char *host) {
  gsize n = host ? strlen(host) : 0;
  if (n == 0 || n > HOST_MAX)
    return FALSE;
  for (const char *p = host; *p; p++)
    if (!g_ascii_isalnum(*p) && !strchr(".-_:%", *p))
      return FALSE;
  return TRUE;
}

/* GLib leaves blanks out without a word. */
static gboolean has_blanks(const char *text) {
  for (; *text; text++)
    if ((guchar)*text <= ' ' || *text == 0x7f)
      return TRUE;
  return FALSE;
}

/* FALSE when it is not HTTP, has a login in it, or a host that can't be. */
static gboolean take_apart(const char *url, IvOnvifAddress *ret_address) {
  g_auto(IvOnvifAddress) address = {0};
  g_autofree char *user = NULL, *path = NULL, *query = NULL;
  if (strlen(url) > IV_URL_MAX || has_blanks(url) ||
      !g_uri_split(url, FLAGS, &address.scheme, &user, &address.host, &address.port, &path, &query,
                   NULL, NULL))
    return FALSE;
  gboolean http = g_strcmp0(address.scheme, "http") == 0 || g_strcmp0(address.scheme, "https") == 0;
  if (!http || user || !is_host(address.host) || address.port == 0)
    return FALSE;
  address.port = MAX(address.port, 0);
  address.path = g_strconcat(path, query ? "?" : "", query ? query : "", NULL);
  *ret_address = address;
  address = (IvOnvifAddress){0};
  return TRUE;
}

gboolean iv_onvif_address_read(const char *text, IvOnvifAddress *ret_address, GError **error) {
  g_autofree char *url = iv_url_is_url(text) ? g_strdup(text) : g_strconcat("http://", text, NULL);
  if (strchr(text, '@'))
    g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_INVALID,
                        "give the host alone; user and password are asked for separately");
  else if (!take_apart(url, ret_address))
    g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_INVALID,
                        "the host must be a name or address, with a port where it is not 80, as in "
                        "192.168.1.20 or 192.168.1.20:8080");
  else
    return TRUE;
  return FALSE;
}

static char *join_host(const char *host, int port) {
  gboolean bracket = strchr(host, ':') != NULL;
  g_autofree char *number = port > 0 ? g_strdup_printf(":%d", port) : g_strdup("");
  return g_strconcat(bracket ? "[" : "", host, bracket ? "]" : "", number, NULL);
}

char *iv_onvif_address_text(const IvOnvifAddress *address, int port, const char *path) {
  g_autofree char *place = join_host(address->host, port > 0 ? port : address->port);
  return g_strconcat(address->scheme, "://", place, path ? path : address->path, NULL);
}

char *iv_onvif_address_place(const IvOnvifAddress *address) {
  return join_host(address->host, address->port);
}

char *iv_onvif_service_at(const char *told, const IvOnvifAddress *reached) {
  g_auto(IvOnvifAddress) service = {0};
  if (!take_apart(told, &service))
    return NULL;
  gboolean same = g_ascii_strcasecmp(service.host, reached->host) == 0;
  return iv_onvif_address_text(same ? &service : reached, 0, service.path);
}

char *iv_onvif_stream_at(const char *told, const IvOnvifAddress *reached) {
  g_auto(IvUrlParts) parts = {0};
  if (iv_url_is_http(told) || !iv_url_split(told, &parts, NULL))
    return NULL;
  const char *scheme_end = strstr(parts.location, "://");
  const char *host = scheme_end + strlen("://"), *path = host + strcspn(host, "/?#");
  g_autofree char *scheme = g_ascii_strdown(parts.location, scheme_end - parts.location);
  int usual = strcmp(scheme, "rtsps") == 0 ? 322 : 554;
  g_autofree char *place = join_host(reached->host, parts.port == usual ? 0 : parts.port);
  return g_strconcat(scheme, "://", place, path, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "api/net/request_lws.h"

#include <string.h>

#define CUSTOM_HEADER_MAX 200

static const struct {
  enum lws_token_indexes token;
  IvMethod method;
  gboolean head;
} methods[] = {
    {WSI_TOKEN_GET_URI, IV_METHOD_GET, FALSE},     {WSI_TOKEN_HEAD_URI, IV_METHOD_GET, TRUE},
    {WSI_TOKEN_POST_URI, IV_METHOD_POST, FALSE},   {WSI_TOKEN_PUT_URI, IV_METHOD_PUT, FALSE},
    {WSI_TOKEN_PATCH_URI, IV_METHOD_PATCH, FALSE}, {WSI_TOKEN_DELETE_URI, IV_METHOD_DELETE, FALSE},
};

/* Headers that have a token of libwebsockets; the two below have none. */
static const struct {
  enum lws_token_indexes token;
  IvHeader header;
} headers[] = {
    {WSI_TOKEN_HOST, IV_HEADER_HOST},
    {WSI_TOKEN_ORIGIN, IV_HEADER_ORIGIN},
    {WSI_TOKEN_HTTP_COOKIE, IV_HEADER_COOKIE},
    {WSI_TOKEN_HTTP_CONTENT_TYPE, IV_HEADER_CONTENT_TYPE},
    {WSI_TOKEN_HTTP_IF_MATCH, IV_HEADER_IF_MATCH},
    {WSI_TOKEN_HTTP_IF_NONE_MATCH, IV_HEADER_IF_NONE_MATCH},
    {WSI_TOKEN_HTTP_ACCEPT_ENCODING, IV_HEADER_ACCEPT_ENCODING},
    {WSI_TOKEN_HTTP_RANGE, IV_HEADER_RANGE},
    {WSI_TOKEN_HTTP_IF_RANGE, IV_HEADER_IF_RANGE},
};

/* NULL when absent; FALSE when too long. */
static gboolean copy_header(struct lws *wsi, enum lws_token_indexes token, char **ret_value) {
  int length = lws_hdr_total_length(wsi, token);
  if (length <= 0)
    return TRUE;
  if (length > IV_REQUEST_HEADER_MAX)
    return FALSE;
  g_autofree char *value = g_malloc((gsize)length + 1);
  if (lws_hdr_copy(wsi, value, length + 1, token) < 0)
    return FALSE;
  *ret_value = g_steal_pointer(&value);
  return TRUE;
}

/* FALSE when it is too long. */
static gboolean copy_custom_header(struct lws *wsi, const char *name, char **ret_value) {
  char value[CUSTOM_HEADER_MAX + 1];
  if (lws_hdr_custom_length(wsi, name, (int)strlen(name)) > CUSTOM_HEADER_MAX)
    return FALSE;
  if (lws_hdr_custom_copy(wsi, value, sizeof value, name, (int)strlen(name)) > 0)
    *ret_value = g_strdup(value);
  return TRUE;
}

static gboolean copy_headers(struct lws *wsi, IvRequest *request) {
  for (gsize i = 0; i < G_N_ELEMENTS(headers); i++)
    if (!copy_header(wsi, headers[i].token, &request->headers[headers[i].header]))
      return FALSE;
  if (!copy_custom_header(wsi, "sec-fetch-site:", &request->headers[IV_HEADER_SEC_FETCH_SITE]) ||
      !copy_custom_header(wsi, "idempotency-key:", &request->headers[IV_HEADER_IDEMPOTENCY_KEY]))
    return FALSE;
  static const char forwarded[] = "forwarded:";
  request->forwarded = lws_hdr_total_length(wsi, WSI_TOKEN_X_FORWARDED_FOR) > 0 ||
                       lws_hdr_custom_length(wsi, forwarded, sizeof forwarded - 1) >= 0;
  return TRUE;
}

static gboolean copy_query(struct lws *wsi, IvRequest *request) {
  char argument[IV_REQUEST_QUERY_BYTES_MAX];
  for (int i = 0; lws_hdr_fragment_length(wsi, WSI_TOKEN_HTTP_URI_ARGS, i) > 0; i++) {
    int n = lws_hdr_copy_fragment(wsi, argument, sizeof argument, WSI_TOKEN_HTTP_URI_ARGS, i);
    if (n < 0 || i >= IV_REQUEST_QUERY_MAX)
      return FALSE;
    g_ptr_array_add(request->query, g_strndup(argument, (gsize)n));
  }
  return TRUE;
}

static gboolean copy_method_and_path(struct lws *wsi, IvRequest *request) {
  for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
    if (lws_hdr_total_length(wsi, methods[i].token) <= 0)
      continue;
    request->method = methods[i].method;
    request->head = methods[i].head;
    return lws_hdr_total_length(wsi, methods[i].token) <= IV_REQUEST_PATH_MAX &&
           copy_header(wsi, methods[i].token, &request->path) && request->path[0] == '/';
  }
  return FALSE;
}

IvRequest *iv_request_from_lws(struct lws *wsi) {
  g_autoptr(IvRequest) request = iv_request_new();
  const IvPeer *peer = lws_get_opaque_user_data(wsi);
  if (peer) {
    g_strlcpy(request->address, peer->address, sizeof request->address);
    request->loopback = peer->loopback;
  }
  if (!copy_method_and_path(wsi, request) || !copy_headers(wsi, request) ||
      !copy_query(wsi, request))
    return NULL;
  return g_steal_pointer(&request);
}

gint64 iv_request_body_length(struct lws *wsi) {
  char text[24];
  if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0)
    return -2;
  int length = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH);
  if (length <= 0)
    return 0;
  gint64 value;
  if (length >= (int)sizeof text ||
      lws_hdr_copy(wsi, text, sizeof text, WSI_TOKEN_HTTP_CONTENT_LENGTH) < 0 ||
      strspn(text, "0123456789") != strlen(text) ||
      !g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, &value, NULL))
    return -1;
  return value;
}

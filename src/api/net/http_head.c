/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api/net/http.h"

#define HEAD_MAX 4096

/* For the dashboard's page: scripts and connections of this server only. Styles may be set inline,
 * which the chart and dialog libraries do. */
#define PAGE_POLICY                                                                                \
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "                      \
  "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "      \
  "worker-src 'self' blob:; "                                                                      \
  "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
#define OTHER_POLICY "default-src 'none'; frame-ancestors 'none'; sandbox"

typedef struct {
  struct lws *wsi;
  guint8 *at, *end;
  gboolean ok;
} Head;

static void add(Head *head, const char *name, const char *value) {
  head->ok = head->ok &&
             lws_add_http_header_by_name(head->wsi, (const guint8 *)name, (const guint8 *)value,
                                         (int)strlen(value), &head->at, head->end) == 0;
}

static void add_always(Head *head, const IvResponse *response, gboolean behind_tls) {
  add(head, "x-content-type-options:", "nosniff");
  add(head, "x-frame-options:", "DENY");
  add(head, "referrer-policy:", "same-origin");
  add(head, "cross-origin-resource-policy:", "same-origin");
  add(head, "content-security-policy:", response->is_page ? PAGE_POLICY : OTHER_POLICY);
  if (response->is_page)
    add(head, "cross-origin-opener-policy:", "same-origin");
  if (behind_tls)
    add(head, "strict-transport-security:", "max-age=31536000");
}

static gboolean has_header(const IvResponse *response, const char *name) {
  for (guint i = 0; i < response->n_headers; i++)
    if (strcmp(response->headers[i].name, name) == 0)
      return TRUE;
  return FALSE;
}

static void add_length(Head *head, const IvResponse *response) {
  char text[24];
  if (response->status == 204 || response->status == 304)
    return;
  guint64 length = response->body ? g_bytes_get_size(response->body) : 0;
  if (response->file)
    length += iv_file_body_left(response->file);
  g_snprintf(text, sizeof text, "%" G_GUINT64_FORMAT, length);
  add(head, "content-length:", text);
}

gboolean iv_http_write_head(struct lws *wsi, const IvResponse *response, gboolean close,
                            gboolean behind_tls) {
  guint8 buffer[LWS_PRE + HEAD_MAX];
  Head head = {wsi, buffer + LWS_PRE, buffer + sizeof buffer, TRUE};
  head.ok = lws_add_http_header_status(wsi, (unsigned)response->status, &head.at, head.end) == 0;
  add_always(&head, response, behind_tls);
  if (!has_header(response, "cache-control:"))
    add(&head, "cache-control:", "no-store");
  if (response->content_type)
    add(&head, "content-type:", response->content_type);
  for (guint i = 0; i < response->n_headers; i++)
    add(&head, response->headers[i].name, response->headers[i].value);
  add_length(&head, response);
  if (close)
    add(&head, "connection:", "close");
  return head.ok && lws_finalize_write_http_header(wsi, buffer + LWS_PRE, &head.at, head.end) == 0;
}

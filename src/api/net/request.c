/* SPDX-License-Identifier: Apache-2.0 */
#include "api/net/request.h"

#include <string.h>

const char *iv_method_name(IvMethod method) {
  static const char *const names[IV_METHODS] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
  return names[method];
}

IvRequest *iv_request_new(void) {
  IvRequest *request = g_new0(IvRequest, 1);
  request->query = g_ptr_array_new_with_free_func(g_free);
  return request;
}

void iv_request_free(IvRequest *request) {
  if (!request)
    return;
  g_free(request->path);
  g_ptr_array_unref(request->query);
  for (int i = 0; i < IV_HEADERS; i++)
    g_free(request->headers[i]);
  g_clear_pointer(&request->body, g_bytes_unref);
  g_free(request);
}

const char *iv_request_query(const IvRequest *request, const char *name) {
  gsize length = strlen(name);
  for (guint i = 0; i < request->query->len; i++) {
    const char *argument = request->query->pdata[i];
    if (strncmp(argument, name, length) == 0 && argument[length] == '=')
      return argument + length + 1;
    if (strcmp(argument, name) == 0)
      return "";
  }
  return NULL;
}

gboolean iv_request_is_same_origin(const IvRequest *request) {
  const char *origin = request->headers[IV_HEADER_ORIGIN];
  const char *host = request->headers[IV_HEADER_HOST];
  const char *site = request->headers[IV_HEADER_SEC_FETCH_SITE];
  if (site && g_ascii_strcasecmp(site, "same-origin") != 0 && g_ascii_strcasecmp(site, "none") != 0)
    return FALSE;
  if (!origin)
    return TRUE;
  const char *at = strstr(origin, "://");
  return at && host && g_ascii_strcasecmp(at + 3, host) == 0;
}

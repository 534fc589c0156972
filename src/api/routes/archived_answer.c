/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/archived_answer.h"

#include <string.h>

#include "api/net/file_body.h"
#include "api/routes/range.h"

typedef struct {
  const IvServerHost *calls;
  gpointer host;
  char *store_id, *key;
  GError *error; /* of the first part that could not be read */
} Source;

static void source_free(gpointer pointer) {
  Source *source = pointer;
  g_free(source->store_id);
  g_free(source->key);
  g_clear_error(&source->error);
  g_free(source);
}

static GBytes *read_part(guint64 offset, gsize n, gpointer user_data) {
  Source *source = user_data;
  g_clear_error(&source->error);
  return source->calls->archived_part(source->host, source->store_id, source->key, offset, n,
                                      &source->error);
}

/* FALSE without an error: it is not there. */
static gboolean find_key(const IvCall *call, const IvArchivedWish *wish, char **ret_key,
                         GError **error) {
  g_auto(IvArchivedFile) file = {0};
  if (!iv_archived_find(call->api->store, iv_call_store(call), wish->kind, wish->no, call->deadline,
                        &file, error))
    return FALSE;
  *ret_key = wish->kind == IV_ARCHIVED_SNAPSHOT ? iv_snapshot_file(file.key, wish->file)
                                                : g_strdup(file.key);
  return TRUE;
}

IvResponse *iv_archived_answer(const IvCall *call, const IvArchivedWish *wish) {
  GError *error = NULL;
  char *key = NULL;
  if (!find_key(call, wish, &key, &error))
    return error ? iv_call_failed(call, error) : NULL;
  Source *source = g_new0(Source, 1);
  *source = (Source){.calls = call->api->host_calls,
                     .host = call->api->host,
                     .store_id = g_strdup(iv_call_store(call)),
                     .key = key};
  return iv_range_answer_remote(call, read_part, source, source_free, &source->error, wish->bytes,
                                wish->type, wish->tag);
}

GBytes *iv_archived_bytes(const IvCall *call, const IvArchivedWish *wish, GError **error) {
  const IvApi *api = call->api;
  g_autoptr(GError) wrong = NULL;
  g_autofree char *key = NULL;
  if (!find_key(call, wish, &key, &wrong)) {
    if (wrong)
      g_propagate_error(error, g_steal_pointer(&wrong));
    else
      g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_FILE,
                          "It is not in the archive any more.");
    return NULL;
  }
  g_autoptr(GByteArray) all = g_byte_array_new();
  while (all->len < wish->bytes) {
    gsize n = (gsize)MIN(wish->bytes - all->len, IV_FILE_CHUNK);
    g_autoptr(GBytes) part =
        api->host_calls->archived_part(api->host, iv_call_store(call), key, all->len, n, error);
    if (!part)
      return NULL;
    g_byte_array_append(all, g_bytes_get_data(part, NULL), (guint)g_bytes_get_size(part));
  }
  return g_byte_array_free_to_bytes(g_steal_pointer(&all));
}

const char *iv_archived_place(gboolean local, gboolean archived) {
  return local && archived ? "both" : archived ? "archive" : "here";
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "api/net/assets.h"

#include <string.h>

#include "api/server.h"

/* A file in one coding; NULL bytes = not there in it. */
typedef enum { CODING_PLAIN, CODING_GZIP, CODING_BROTLI, CODINGS } Coding;

static const struct {
  const char *suffix, *name;
} codings[CODINGS] = {{"", NULL}, {".gz", "gzip"}, {".br", "br"}};

typedef struct {
  GBytes *bytes[CODINGS];
  char *etag[CODINGS];
  const char *content_type;
} Asset;

struct IvAssets {
  GHashTable *files; /* char* path beginning with '/' → Asset* */
  gsize bytes;
  guint count;
};

static const struct {
  const char *ending, *content_type;
} content_types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
};

static const char *content_type_of(const char *path) {
  for (gsize i = 0; i < G_N_ELEMENTS(content_types); i++)
    if (g_str_has_suffix(path, content_types[i].ending))
      return content_types[i].content_type;
  return "application/octet-stream";
}

static void asset_free(gpointer pointer) {
  Asset *asset = pointer;
  for (int i = 0; i < CODINGS; i++) {
    g_clear_pointer(&asset->bytes[i], g_bytes_unref);
    g_free(asset->etag[i]);
  }
  g_free(asset);
}

void iv_assets_free(IvAssets *assets) {
  if (!assets)
    return;
  g_hash_table_unref(assets->files);
  g_free(assets);
}

static Asset *asset_for(IvAssets *assets, const char *path) {
  Asset *asset = g_hash_table_lookup(assets->files, path);
  if (asset)
    return asset;
  asset = g_new0(Asset, 1);
  asset->content_type = content_type_of(path);
  g_hash_table_insert(assets->files, g_strdup(path), asset);
  return asset;
}

static Coding coding_of(const char *path) {
  for (Coding i = CODING_GZIP; i < CODINGS; i++)
    if (g_str_has_suffix(path, codings[i].suffix))
      return i;
  return CODING_PLAIN;
}

/* Takes `bytes`. */
static void add_file(IvAssets *assets, const char *path, GBytes *bytes) {
  Coding coding = coding_of(path);
  g_autofree char *plain = g_strndup(path, strlen(path) - strlen(codings[coding].suffix));
  Asset *asset = asset_for(assets, plain);
  g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
  digest[32] = '\0';
  asset->bytes[coding] = bytes;
  asset->etag[coding] = g_strdup_printf("\"%s\"", digest);
}

static gboolean read_file(IvAssets *assets, GFile *file, const char *path, GError **error) {
  g_autoptr(GBytes) bytes = g_file_load_bytes(file, NULL, NULL, error);
  if (!bytes)
    return FALSE;
  assets->bytes += g_bytes_get_size(bytes);
  if (++assets->count > IV_ASSETS_FILES_MAX || assets->bytes > IV_ASSETS_BYTES_MAX) {
    g_set_error(error, IV_SERVER_ERROR, IV_SERVER_ERROR_WEB_DIR,
                "more than %d files or %d MiB; server.web_dir should name the built dashboard",
                IV_ASSETS_FILES_MAX, IV_ASSETS_BYTES_MAX / (1024 * 1024));
    return FALSE;
  }
  add_file(assets, path, g_steal_pointer(&bytes));
  return TRUE;
}

static gboolean read_folder(IvAssets *assets, GFile *folder, const char *prefix, GError **error) {
  g_autoptr(GFileEnumerator) entries = g_file_enumerate_children(
      folder, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
      G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, error);
  for (;;) {
    GFileInfo *info = NULL;
    GFile *child = NULL;
    if (!entries || !g_file_enumerator_iterate(entries, &info, &child, NULL, error))
      return FALSE;
    if (!info)
      return TRUE;
    const char *name = g_file_info_get_name(info);
    g_autofree char *path = g_strconcat(prefix, "/", name, NULL);
    gboolean ok = TRUE;
    if (name[0] == '.')
      continue;
    if (g_file_info_get_file_type(info) == G_FILE_TYPE_DIRECTORY)
      ok = read_folder(assets, child, path, error);
    else if (g_file_info_get_file_type(info) == G_FILE_TYPE_REGULAR)
      ok = read_file(assets, child, path, error);
    if (!ok)
      return FALSE;
  }
}

/* A compressed form without the plain one can't be served to everybody. */
static gboolean has_no_plain_form(gpointer key, gpointer value, gpointer unused) {
  (void)key, (void)unused;
  return ((Asset *)value)->bytes[CODING_PLAIN] == NULL;
}

IvAssets *iv_assets_load(const char *folder, GError **error) {
  g_autoptr(IvAssets) assets = g_new0(IvAssets, 1);
  g_autoptr(GFile) root = g_file_new_for_path(folder);
  g_autoptr(GError) cause = NULL;
  assets->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, asset_free);
  if (!read_folder(assets, root, "", &cause)) {
    g_set_error(error, IV_SERVER_ERROR, IV_SERVER_ERROR_WEB_DIR,
                "can't read the dashboard: %s; mend server.web_dir or --web-dir", cause->message);
    return NULL;
  }
  g_hash_table_foreach_remove(assets->files, has_no_plain_form, NULL);
  if (!g_hash_table_contains(assets->files, "/index.html")) {
    g_set_error(error, IV_SERVER_ERROR, IV_SERVER_ERROR_WEB_DIR,
                "%s holds no dashboard (index.html); build it with `make build`, or mend "
                "server.web_dir or --web-dir",
                folder);
    return NULL;
  }
  return g_steal_pointer(&assets);
}

/* Pages of the dashboard have no dot in their last part; the API's paths are no pages. */
static const Asset *find(const IvAssets *assets, const char *path) {
  const Asset *asset = g_hash_table_lookup(assets->files, path);
  if (asset || g_str_has_prefix(path, "/api/") || g_str_has_prefix(path, "/assets/") ||
      strchr(strrchr(path, '/'), '.'))
    return asset;
  return g_hash_table_lookup(assets->files, "/index.html");
}

static gboolean accepts(const char *header, const char *coding) {
  g_auto(GStrv) parts = g_strsplit(header, ",", 16);
  for (char **part = parts; *part; part++) {
    g_auto(GStrv) words = g_strsplit(g_strstrip(*part), ";", 2);
    if (!words[0] || g_ascii_strcasecmp(g_strstrip(words[0]), coding) != 0)
      continue;
    const char *q = words[1] ? strstr(words[1], "q=") : NULL;
    return !q || g_ascii_strtod(q + 2, NULL) > 0;
  }
  return FALSE;
}

static Coding choose(const Asset *asset, const IvRequest *request) {
  const char *header = request->headers[IV_HEADER_ACCEPT_ENCODING];
  for (int i = CODINGS - 1; header && i > CODING_PLAIN; i--)
    if (asset->bytes[i] && accepts(header, codings[i].name))
      return (Coding)i;
  return CODING_PLAIN;
}

IvResponse *iv_assets_answer(const IvAssets *assets, const IvRequest *request) {
  const Asset *asset = find(assets, request->path);
  if (!asset)
    return NULL;
  Coding coding = choose(asset, request);
  const char *known = request->headers[IV_HEADER_IF_NONE_MATCH];
  gboolean same = known && strstr(known, asset->etag[coding]);
  IvResponse *response = iv_response_new(same ? 304 : 200);
  iv_response_add(response, "etag:", asset->etag[coding]);
  iv_response_add(response, "vary:", "accept-encoding");
  gboolean hashed = g_str_has_prefix(request->path, "/assets/");
  iv_response_add(response,
                  "cache-control:", hashed ? "public, max-age=31536000, immutable" : "no-cache");
  /* Browsers take the headers of a 304 over into their copy, so its page policy must be there. */
  response->is_page = g_str_has_prefix(asset->content_type, "text/html");
  if (same)
    return response;
  response->content_type = asset->content_type;
  response->body = g_bytes_ref(asset->bytes[coding]);
  if (coding != CODING_PLAIN)
    iv_response_add(response, "content-encoding:", codings[coding].name);
  return response;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "config/archive_config.h"

#include <string.h>

#include "config/hours.h"

#define HTTP "http://"
#define HTTPS "https://"
#define CAMERAS_MAX IV_CONFIG_CAMERAS_MAX

/* "https://host[:port]" without user, path or query. */
static gboolean is_endpoint(const char *text) {
  gsize n = g_str_has_prefix(text, HTTPS)  ? strlen(HTTPS)
            : g_str_has_prefix(text, HTTP) ? strlen(HTTP)
                                           : 0;
  g_autofree char *host = NULL, *user = NULL, *path = NULL;
  int port = 0;
  if (n == 0 ||
      !g_uri_split(text, G_URI_FLAGS_NONE, NULL, &user, &host, &port, &path, NULL, NULL, NULL))
    return FALSE;
  return host && *host && !user && port != 0 && port <= 65535 &&
         (!path || !*path || strcmp(path, "/") == 0) && !strpbrk(text + n, "?#");
}

static gboolean is_bucket(const char *text) {
  for (const char *p = text; *p; p++)
    if (!g_ascii_islower(*p) && !g_ascii_isdigit(*p) && !strchr(".-", *p))
      return FALSE;
  return g_ascii_isalnum(text[0]) && !strstr(text, "..");
}

static gboolean is_prefix(const char *text) {
  g_auto(GStrv) parts = g_strsplit(text, "/", -1);
  for (const char *p = text; *p; p++)
    if (!g_ascii_isalnum(*p) && !strchr("._-/", *p))
      return FALSE;
  for (guint i = 0; parts[i]; i++)
    if (!*parts[i] || parts[i][0] == '.')
      return FALSE;
  return TRUE;
}

static gboolean are_cameras(const char *text) {
  g_auto(GStrv) ids = g_strsplit(text, ",", CAMERAS_MAX + 1);
  for (guint i = 0; ids[i]; i++)
    if (!iv_slug_is_valid(g_strstrip(ids[i])))
      return FALSE;
  return g_strv_length(ids) <= CAMERAS_MAX;
}

static const char *s3_fault(const IvArchiveConfig *config, const char **ret_key) {
  *ret_key = "endpoint";
  if (!config->endpoint || !is_endpoint(config->endpoint))
    return "is no address of a service; use https://HOST or https://HOST:PORT, without a path";
  *ret_key = "bucket";
  if (!config->bucket || !is_bucket(config->bucket))
    return "is no name of a bucket; use 3 to 63 of a-z, 0-9, '.' and '-'";
  *ret_key = config->access_key ? "secret_key" : "access_key";
  if (!config->access_key || !config->secret_key)
    return "is missing: the service is asked with access_key and secret_key";
  *ret_key = "region";
  if (strpbrk(config->region, "/ ,") || !g_str_is_ascii(config->region))
    return "is no name of a region, such as eu-central-1";
  return NULL;
}

char *iv_archive_config_fault(const IvArchiveConfig *config, const char **ret_key) {
  IvHours hours;
  const char *fault = NULL;
  if (config->target == IV_ARCHIVE_S3)
    fault = s3_fault(config, ret_key);
  if (fault)
    return g_strdup(fault);
  *ret_key = "folder";
  if (config->target == IV_ARCHIVE_FOLDER && !config->folder)
    return g_strdup("is missing: name the folder that files are to be kept in");
  *ret_key = "prefix";
  if (config->prefix && !is_prefix(config->prefix))
    return g_strdup("has other characters than letters, digits, '.', '_', '-' and '/', or empty "
                    "or dotted parts");
  *ret_key = "cameras";
  if (config->cameras && !are_cameras(config->cameras))
    return g_strdup("is no list of camera ids; write entrance, aisle-2");
  *ret_key = "hours";
  if (!iv_hours_read(config->hours, &hours))
    return g_strdup("is no span of hours; write 22:00-06:00");
  *ret_key = "keep";
  if (config->keep > 0 && config->after >= config->keep)
    return g_strdup("is not longer than after: files would be deleted there at once");
  return NULL;
}

gboolean iv_archive_config_is_readable_on_the_way(const IvArchiveConfig *config) {
  return config->target == IV_ARCHIVE_S3 && g_str_has_prefix(config->endpoint, HTTP) &&
         !g_str_has_prefix(config->endpoint, HTTP "127.") &&
         !g_str_has_prefix(config->endpoint, HTTP "localhost");
}

gboolean iv_archive_config_has_camera(const IvArchiveConfig *config, const char *camera_id) {
  if (!config->cameras)
    return TRUE;
  g_auto(GStrv) ids = g_strsplit(config->cameras, ",", -1);
  for (guint i = 0; ids[i]; i++)
    if (strcmp(g_strstrip(ids[i]), camera_id) == 0)
      return TRUE;
  return FALSE;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A bucket of an S3-compatible service. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

#include "archive/s3_private.h"

#define SECURE "https://"
#define PLAIN "http://"
#define MD5_HEX 32

char *iv_s3_md5(const void *bytes, gsize n) {
  return g_compute_checksum_for_data(G_CHECKSUM_MD5, bytes, n);
}

/* ---- small things ---- */

static gboolean s3_put_bytes(IvArchive *archive, const char *key, GBytes *bytes, GError **error) {
  gsize n;
  const void *start = g_bytes_get_data(bytes, &n);
  IvS3Request request = {.method = "PUT",
                         .key = key,
                         .headers = {{"content-type", "application/octet-stream"}},
                         .n_headers = 1,
                         .body = start,
                         .n_body = n};
  g_auto(IvS3Answer) answer = {0};
  return iv_s3_ask((IvS3 *)archive, &request, &answer, error);
}

static GBytes *s3_get(IvArchive *archive, const char *key, guint64 offset, gsize n, gboolean whole,
                      GError **error) {
  g_autofree char *range =
      g_strdup_printf("bytes=%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, offset, offset + n - 1);
  IvS3Request request = {.method = "GET",
                         .key = key,
                         .headers = {{"range", range}},
                         .n_headers = whole ? 0 : 1,
                         .answer_max = n,
                         .somebody_waits = TRUE};
  g_auto(IvS3Answer) answer = {0};
  if (!iv_s3_ask((IvS3 *)archive, &request, &answer, error))
    return NULL;
  if (whole ? answer.body->len <= n : answer.status == 206 && answer.body->len == n)
    return g_byte_array_free_to_bytes(g_steal_pointer(&answer.body));
  g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_DAMAGED,
              "%s: what it gives of a file is not what was asked for", archive->place);
  return NULL;
}

static gboolean head(IvS3 *s3, const char *key, IvS3Answer *ret_answer, GError **error) {
  IvS3Request request = {.method = "HEAD", .key = key};
  return iv_s3_ask(s3, &request, ret_answer, error);
}

static gboolean s3_head(IvArchive *archive, const char *key, IvArchiveInfo *ret_info,
                        GError **error) {
  g_auto(IvS3Answer) answer = {0};
  if (!head((IvS3 *)archive, key, &answer, error))
    return FALSE;
  ret_info->bytes = answer.length;
  g_strlcpy(ret_info->sha256, answer.sha256, sizeof ret_info->sha256);
  return TRUE;
}

static gboolean s3_remove(IvArchive *archive, const char *key, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvS3Request request = {.method = "DELETE", .key = key};
  g_auto(IvS3Answer) answer = {0};
  if (iv_s3_ask((IvS3 *)archive, &request, &answer, &wrong) ||
      g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static void take_key(const char *path, const char *text, gpointer keys) {
  if (text && strcmp(path, "Contents/Key") == 0)
    g_ptr_array_add(keys, g_strdup(text));
}

/* Version 1 of the listing: every service has it, and the cursor is simply the last key. */
static gboolean s3_list(IvArchive *archive, const char *prefix, const char *after, guint limit,
                        GPtrArray *keys, GError **error) {
  char most[12];
  g_snprintf(most, sizeof most, "%u", limit);
  IvS3Request request = {.method = "GET",
                         .query = {{"prefix", prefix}, {"max-keys", most}, {"marker", after}},
                         .n_query = after ? 3 : 2,
                         .somebody_waits = TRUE};
  g_auto(IvS3Answer) answer = {0};
  if (!iv_s3_ask((IvS3 *)archive, &request, &answer, error))
    return FALSE;
  if (iv_s3_xml_read((const char *)answer.body->data, answer.body->len, take_key, keys))
    return TRUE;
  g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_REFUSED,
              "%s: its list of files is not XML: is it an S3 service?", archive->place);
  return FALSE;
}

/* ---- files ---- */

gboolean iv_s3_verify(IvS3 *s3, const char *key, const IvArchiveInfo *file, const char *tag,
                      GError **error) {
  g_auto(IvS3Answer) answer = {0};
  if (!head(s3, key, &answer, error))
    return FALSE;
  gboolean same_tag = !tag || answer.encrypted || strcmp(answer.etag, tag) == 0;
  if (answer.length == file->bytes && same_tag && strcmp(answer.sha256, file->sha256) == 0)
    return TRUE;
  g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_DAMAGED,
              "%s: what is stored under %s is not the file that was sent", s3->base.place, key);
  return FALSE;
}

/* What an earlier try has stored, whose answer did not arrive. */
static gboolean is_there(IvS3 *s3, const char *key, const IvArchiveInfo *file, gboolean *ret_there,
                         GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_auto(IvS3Answer) answer = {0};
  if (head(s3, key, &answer, &wrong)) {
    *ret_there = answer.length == file->bytes && strcmp(answer.sha256, file->sha256) == 0;
    return TRUE;
  }
  *ret_there = FALSE;
  if (g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

static gboolean read_all(int fd, guint8 *room, gsize n, guint64 offset, GError **error) {
  for (gsize done = 0; done < n;) {
    gssize got = pread(fd, room + done, n - done, (off_t)(offset + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_SOURCE,
                  "the file to be archived is shorter than it was, or cannot be read");
      return FALSE;
    }
    done += (gsize)got;
  }
  return TRUE;
}

static gboolean put_whole(IvS3 *s3, const IvArchivePut *put, int fd, const IvArchiveInfo *file,
                          const char *key, GError **error) {
  g_autofree guint8 *bytes = g_malloc(MAX(file->bytes, 1));
  if (!read_all(fd, bytes, file->bytes, 0, error))
    return FALSE;
  g_autofree char *sha256 = iv_sigv4_hash(bytes, file->bytes);
  if (strcmp(sha256, file->sha256) != 0) {
    g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_SOURCE,
                        "the file to be archived changed while it was read");
    return FALSE;
  }
  IvS3Request request = {
      .method = "PUT",
      .key = key,
      .headers = {{"content-type", put->content_type}, {"x-amz-meta-sha256", file->sha256}},
      .n_headers = 2,
      .body = bytes,
      .n_body = file->bytes,
      .paced = TRUE};
  g_auto(IvS3Answer) answer = {0};
  g_autofree char *tag = iv_s3_md5(bytes, file->bytes);
  if (!iv_s3_ask(s3, &request, &answer, error))
    return FALSE;
  if (put->on_progress)
    put->on_progress(file->bytes, file->bytes, put->user_data);
  return iv_s3_verify(s3, key, file, tag, error);
}

static gboolean s3_put(IvArchive *archive, const IvArchivePut *put, const IvArchiveInfo *file,
                       GError **error) {
  IvS3 *s3 = (IvS3 *)archive;
  gboolean there, done;
  g_autofree char *key = g_strconcat(archive->prefix, put->key, NULL);
  if (!is_there(s3, key, file, &there, error))
    return FALSE;
  if (there)
    return TRUE;
  int fd = g_open(put->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  if (fd < 0) {
    g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_SOURCE, "cannot read %s: %s", put->path,
                g_strerror(errno));
    return FALSE;
  }
  done = file->bytes > archive->limits.part ? iv_s3_put_parts(s3, put, fd, file, key, error)
                                            : put_whole(s3, put, fd, file, key, error);
  close(fd);
  return done;
}

/* ---- life ---- */

static void s3_free(IvArchive *archive) {
  IvS3 *s3 = (IvS3 *)archive;
  for (guint i = 0; i < s3->idle->len; i++)
    curl_easy_cleanup(g_ptr_array_index(s3->idle, i));
  g_ptr_array_unref(s3->idle);
  OPENSSL_cleanse(s3->secret_key, strlen(s3->secret_key));
  g_free(s3->access_key);
  g_free(s3->secret_key);
  g_free(s3->region);
  g_free(s3->bucket);
  g_free(s3->ca_file);
  g_free(s3->origin);
  g_free(s3->host);
  g_free(s3->bucket_path);
  g_mutex_clear(&s3->mutex);
  g_free(s3);
}

static const IvArchiveKind s3_kind = {.put = s3_put,
                                      .put_bytes = s3_put_bytes,
                                      .get = s3_get,
                                      .head = s3_head,
                                      .list = s3_list,
                                      .remove = s3_remove,
                                      .tidy = iv_s3_tidy,
                                      .free = s3_free};

/* As curl sends it: a scheme's own port is not said. */
static char *host_of(const char *scheme, const char *authority) {
  const char *usual = strcmp(scheme, SECURE) == 0 ? ":443" : ":80";
  return g_str_has_suffix(authority, usual)
             ? g_strndup(authority, strlen(authority) - strlen(usual))
             : g_strdup(authority);
}

IvArchive *iv_s3_archive_new(const IvArchiveConfig *config, const IvArchiveLimits *limits) {
  IvS3 *s3 = g_new0(IvS3, 1);
  const char *scheme = g_str_has_prefix(config->endpoint, PLAIN) ? PLAIN : SECURE;
  g_autofree char *rest = g_strdup(config->endpoint + strlen(scheme));
  rest[strcspn(rest, "/")] = '\0';
  g_autofree char *authority = config->addressing == IV_ARCHIVE_BY_HOST
                                   ? g_strdup_printf("%s.%s", config->bucket, rest)
                                   : g_strdup(rest);
  g_mutex_init(&s3->mutex);
  s3->base.kind = &s3_kind;
  s3->base.limits = *limits;
  s3->base.place = g_strdup_printf("the bucket %s at %s%s", config->bucket, scheme, rest);
  s3->access_key = g_strdup(config->access_key);
  s3->secret_key = g_strdup(config->secret_key);
  s3->region = g_strdup(config->region);
  s3->bucket = g_strdup(config->bucket);
  s3->ca_file = g_strdup(config->ca_file);
  s3->origin = g_strconcat(scheme, authority, NULL);
  s3->host = host_of(scheme, authority);
  s3->bucket_path = config->addressing == IV_ARCHIVE_BY_HOST
                        ? g_strdup("")
                        : g_strconcat("/", config->bucket, NULL);
  s3->idle = g_ptr_array_new();
  return &s3->base;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Large files go in parts. What is known of an upload is known to the service: it is asked which
 * uploads of this key were begun and which parts it has, so a restart of this program loses none.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "archive/s3_private.h"

#define PARTS_MAX 10000
#define PAGES_MAX 20 /* of a list of uploads */

typedef struct {
  char *key, *id;
  IvTime begun;
} Upload;

static void upload_clear(gpointer p) {
  Upload *upload = p;
  g_free(upload->key);
  g_free(upload->id);
}

/* ---- which uploads were begun ---- */

typedef struct {
  GArray *uploads; /* Upload */
  Upload now;
  char *next_key, *next_id;
  gboolean more;
} UploadList;

static IvTime read_time(const char *text) {
  g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);
  return time ? g_date_time_to_unix(time) * IV_SECOND : IV_TIME_NONE;
}

static void take_upload(const char *path, const char *text, gpointer user_data) {
  UploadList *list = user_data;
  if (strcmp(path, "Upload") == 0 && list->now.key && list->now.id) {
    g_array_append_val(list->uploads, list->now);
    list->now = (Upload){0};
  } else if (text && strcmp(path, "Upload/Key") == 0) {
    g_free(list->now.key);
    list->now.key = g_strdup(text);
  } else if (text && strcmp(path, "Upload/UploadId") == 0) {
    g_free(list->now.id);
    list->now.id = g_strdup(text);
  } else if (text && strcmp(path, "Upload/Initiated") == 0) {
    list->now.begun = read_time(text);
  } else if (text && strcmp(path, "IsTruncated") == 0) {
    list->more = strcmp(text, "true") == 0;
  } else if (text && strcmp(path, "NextKeyMarker") == 0) {
    g_free(list->next_key);
    list->next_key = g_strdup(text);
  } else if (text && strcmp(path, "NextUploadIdMarker") == 0) {
    g_free(list->next_id);
    list->next_id = g_strdup(text);
  }
}

static gboolean ask_uploads(IvS3 *s3, const char *prefix, UploadList *list, GError **error) {
  IvS3Request request = {.method = "GET",
                         .query = {{"uploads", ""},
                                   {"prefix", prefix},
                                   {"key-marker", list->next_key},
                                   {"upload-id-marker", list->next_id}},
                         .n_query = list->next_key && list->next_id ? 4 : 2};
  g_auto(IvS3Answer) answer = {0};
  if (!iv_s3_ask(s3, &request, &answer, error))
    return FALSE;
  list->more = FALSE;
  if (iv_s3_xml_read((const char *)answer.body->data, answer.body->len, take_upload, list))
    return TRUE;
  g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_REFUSED,
              "%s: its list of uploads is not XML: is it an S3 service?", s3->base.place);
  return FALSE;
}

/* GArray of Upload whose key begins so. */
static GArray *find_uploads(IvS3 *s3, const char *prefix, GError **error) {
  gboolean ok = TRUE;
  UploadList list = {.uploads = g_array_new(FALSE, TRUE, sizeof(Upload)), .more = TRUE};
  g_array_set_clear_func(list.uploads, upload_clear);
  for (guint page = 0; ok && list.more && page < PAGES_MAX; page++) {
    ok = ask_uploads(s3, prefix, &list, error);
    list.more = list.more && list.next_key && list.next_id;
  }
  upload_clear(&list.now);
  g_free(list.next_key);
  g_free(list.next_id);
  if (ok)
    return list.uploads;
  g_array_unref(list.uploads);
  return NULL;
}

static gboolean give_up(IvS3 *s3, const Upload *upload, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvS3Request request = {
      .method = "DELETE", .key = upload->key, .query = {{"uploadId", upload->id}}, .n_query = 1};
  g_auto(IvS3Answer) answer = {0};
  if (iv_s3_ask(s3, &request, &answer, &wrong) ||
      g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

gboolean iv_s3_tidy(IvArchive *archive, IvTime before, guint *ret_n, GError **error) {
  IvS3 *s3 = (IvS3 *)archive;
  guint n = 0;
  g_autoptr(GArray) uploads = find_uploads(s3, archive->prefix, error);
  if (!uploads)
    return FALSE;
  for (guint i = 0; i < uploads->len; i++) {
    const Upload *upload = &g_array_index(uploads, Upload, i);
    if (upload->begun == IV_TIME_NONE || upload->begun >= before)
      continue;
    if (!give_up(s3, upload, error))
      return FALSE;
    n++;
  }
  *ret_n = n;
  return TRUE;
}

/* ---- one upload ---- */

typedef struct {
  guint number;
  guint64 bytes;
  char *tag;
} Part;

static void part_clear(gpointer p) {
  g_free(((Part *)p)->tag);
}

typedef struct {
  IvS3 *s3;
  const IvArchivePut *put;
  const IvArchiveInfo *file;
  int fd;
  const char *key;
  char *id;
  GArray *there;     /* Part that the service has, of an earlier try */
  GPtrArray *tags;   /* of all parts so far, in order */
  GChecksum *md5s;   /* over their MD5s: what the whole's tag is made of */
  GChecksum *sha256; /* over what was read */
  guint8 *room;      /* a part */
  gboolean is_stale; /* the upload that was begun is of another file */
} Sending;

static void sending_clear(Sending *s) {
  g_free(s->id);
  g_free(s->room);
  g_clear_pointer(&s->there, g_array_unref);
  g_clear_pointer(&s->tags, g_ptr_array_unref);
  g_clear_pointer(&s->md5s, g_checksum_free);
  g_clear_pointer(&s->sha256, g_checksum_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sending, sending_clear)

typedef struct {
  GArray *parts;
  Part now;
  guint next;
  gboolean more;
} PartList;

static char *without_quotes(const char *tag) {
  char *text = g_strdup(tag);
  g_strdelimit(text, "\"", ' ');
  return g_strstrip(text);
}

static void take_part(const char *path, const char *text, gpointer user_data) {
  PartList *list = user_data;
  if (strcmp(path, "Part") == 0 && list->now.tag) {
    g_array_append_val(list->parts, list->now);
    list->now = (Part){0};
  } else if (text && strcmp(path, "Part/PartNumber") == 0) {
    list->now.number = (guint)g_ascii_strtoull(text, NULL, 10);
  } else if (text && strcmp(path, "Part/Size") == 0) {
    list->now.bytes = g_ascii_strtoull(text, NULL, 10);
  } else if (text && strcmp(path, "Part/ETag") == 0) {
    g_free(list->now.tag);
    list->now.tag = without_quotes(text);
  } else if (text && strcmp(path, "IsTruncated") == 0) {
    list->more = strcmp(text, "true") == 0;
  } else if (text && strcmp(path, "NextPartNumberMarker") == 0) {
    list->next = (guint)g_ascii_strtoull(text, NULL, 10);
  }
}

static gboolean ask_parts(Sending *s, GError **error) {
  PartList list = {.parts = s->there, .more = TRUE};
  for (guint page = 0; list.more && page < PAGES_MAX; page++) {
    g_autofree char *marker = g_strdup_printf("%u", list.next);
    IvS3Request request = {.method = "GET",
                           .key = s->key,
                           .query = {{"uploadId", s->id}, {"part-number-marker", marker}},
                           .n_query = list.next > 0 ? 2 : 1};
    g_auto(IvS3Answer) answer = {0};
    list.more = FALSE;
    if (!iv_s3_ask(s->s3, &request, &answer, error))
      return FALSE;
    iv_s3_xml_read((const char *)answer.body->data, answer.body->len, take_part, &list);
  }
  part_clear(&list.now);
  return TRUE;
}

static void take_id(const char *path, const char *text, gpointer id) {
  if (text && strcmp(path, "UploadId") == 0) {
    g_free(*(char **)id);
    *(char **)id = g_strdup(text);
  }
}

static gboolean begin(Sending *s, GError **error) {
  IvS3Request request = {.method = "POST",
                         .key = s->key,
                         .query = {{"uploads", ""}},
                         .n_query = 1,
                         .headers = {{"x-amz-meta-sha256", s->file->sha256}},
                         .n_headers = 1};
  g_auto(IvS3Answer) answer = {0};
  if (!iv_s3_ask(s->s3, &request, &answer, error))
    return FALSE;
  iv_s3_xml_read((const char *)answer.body->data, answer.body->len, take_id, &s->id);
  if (s->id)
    return TRUE;
  g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_REFUSED,
              "%s: it begins no upload in parts: is it an S3 service?", s->s3->base.place);
  return FALSE;
}

/* The newest that was begun for this key goes on; with none, a new one begins. */
static gboolean begin_or_go_on(Sending *s, GError **error) {
  const Upload *newest = NULL;
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GArray) uploads = find_uploads(s->s3, s->key, error);
  if (!uploads)
    return FALSE;
  for (guint i = 0; i < uploads->len; i++) {
    const Upload *upload = &g_array_index(uploads, Upload, i);
    if (strcmp(upload->key, s->key) == 0 && (!newest || upload->begun >= newest->begun))
      newest = upload;
  }
  if (!newest)
    return begin(s, error);
  s->id = g_strdup(newest->id);
  gboolean known = ask_parts(s, &wrong);
  if (known && s->there->len > 0)
    return TRUE;
  if (known) /* of which file it was is not told */
    return give_up(s->s3, newest, error) && begin(s, error);
  if (!g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_NOT_FOUND)) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  g_clear_pointer(&s->id, g_free); /* it was given up meanwhile */
  g_array_set_size(s->there, 0);
  return begin(s, error);
}

static const Part *find_part(const Sending *s, guint number) {
  for (guint i = 0; i < s->there->len; i++)
    if (g_array_index(s->there, Part, i).number == number)
      return &g_array_index(s->there, Part, i);
  return NULL;
}

static gboolean send_part(Sending *s, guint number, gsize n, const char *md5, GError **error) {
  char text[12];
  g_snprintf(text, sizeof text, "%u", number);
  IvS3Request request = {.method = "PUT",
                         .key = s->key,
                         .query = {{"partNumber", text}, {"uploadId", s->id}},
                         .n_query = 2,
                         .body = s->room,
                         .n_body = n,
                         .paced = TRUE};
  g_auto(IvS3Answer) answer = {0};
  if (!iv_s3_ask(s->s3, &request, &answer, error))
    return FALSE;
  if (answer.encrypted || strcmp(answer.etag, md5) == 0) {
    g_ptr_array_add(s->tags, g_strdup(answer.etag));
    return TRUE;
  }
  g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_DAMAGED,
              "%s: a part of the file arrived damaged", s->s3->base.place);
  return FALSE;
}

static gboolean read_part(Sending *s, guint64 offset, gsize n, GError **error) {
  for (gsize done = 0; done < n;) {
    gssize got = pread(s->fd, s->room + done, n - done, (off_t)(offset + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_SOURCE,
                          "the file to be archived is shorter than it was, or cannot be read");
      return FALSE;
    }
    done += (gsize)got;
  }
  g_checksum_update(s->sha256, s->room, (gssize)n);
  return TRUE;
}

static gboolean handle_part(Sending *s, guint number, guint64 offset, gsize n, GError **error) {
  guint8 digest[16];
  gsize length = sizeof digest;
  if (!read_part(s, offset, n, error))
    return FALSE;
  g_autoptr(GChecksum) md5 = g_checksum_new(G_CHECKSUM_MD5);
  g_checksum_update(md5, s->room, (gssize)n);
  g_autoptr(GChecksum) copy = g_checksum_copy(md5);
  g_checksum_get_digest(copy, digest, &length);
  g_checksum_update(s->md5s, digest, (gssize)length);
  const char *hex = g_checksum_get_string(md5);
  const Part *there = find_part(s, number);
  if (!there)
    return send_part(s, number, n, hex, error);
  s->is_stale = there->bytes != n || strcmp(there->tag, hex) != 0;
  if (s->is_stale) {
    g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_DAMAGED,
                "%s: an upload that was begun is of another file", s->s3->base.place);
    return FALSE;
  }
  g_ptr_array_add(s->tags, g_strdup(hex));
  return TRUE;
}

static gboolean send_parts(Sending *s, gsize part, GError **error) {
  guint number = 1;
  for (guint64 at = 0; at < s->file->bytes; at += part, number++) {
    gsize n = (gsize)MIN(part, s->file->bytes - at);
    if (!handle_part(s, number, at, n, error))
      return FALSE;
    if (s->put->on_progress)
      s->put->on_progress(at + n, s->file->bytes, s->put->user_data);
  }
  if (strcmp(g_checksum_get_string(s->sha256), s->file->sha256) == 0)
    return TRUE;
  g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_SOURCE,
                      "the file to be archived changed while it was read");
  return FALSE;
}

static gboolean finish(Sending *s, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GString) xml = g_string_new("<CompleteMultipartUpload>");
  for (guint i = 0; i < s->tags->len; i++)
    g_string_append_printf(xml,
                           "<Part><PartNumber>%u</PartNumber><ETag>&quot;%s&quot;</ETag></Part>",
                           i + 1, (const char *)g_ptr_array_index(s->tags, i));
  g_string_append(xml, "</CompleteMultipartUpload>");
  IvS3Request request = {.method = "POST",
                         .key = s->key,
                         .query = {{"uploadId", s->id}},
                         .n_query = 1,
                         .body = (const guint8 *)xml->str,
                         .n_body = xml->len};
  g_auto(IvS3Answer) answer = {0};
  if (iv_s3_ask(s->s3, &request, &answer, &wrong) ||
      g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_NOT_FOUND))
    return TRUE; /* not there: it was ended, and only the answer was lost; verifying tells */
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* A file that changed, or arrived damaged, is begun anew another time. */
static void drop_if_useless(Sending *s, const GError *wrong) {
  Upload upload = {(char *)s->key, s->id, 0};
  if (s->id && (g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_SOURCE) ||
                g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_DAMAGED)))
    give_up(s->s3, &upload, NULL);
}

static gboolean put_parts(IvS3 *s3, const IvArchivePut *put, int fd, const IvArchiveInfo *file,
                          const char *key, gboolean *ret_stale, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_auto(Sending) s = {.s3 = s3, .put = put, .file = file, .fd = fd, .key = key};
  gsize part = s3->base.limits.part;
  while (file->bytes / part >= PARTS_MAX)
    part *= 2;
  s.there = g_array_new(FALSE, TRUE, sizeof(Part));
  g_array_set_clear_func(s.there, part_clear);
  s.tags = g_ptr_array_new_with_free_func(g_free);
  s.md5s = g_checksum_new(G_CHECKSUM_MD5);
  s.sha256 = g_checksum_new(G_CHECKSUM_SHA256);
  s.room = g_malloc(part);
  if (!begin_or_go_on(&s, error))
    return FALSE;
  if (send_parts(&s, part, &wrong) && finish(&s, &wrong)) {
    g_autofree char *tag = g_strdup_printf("%s-%u", g_checksum_get_string(s.md5s), s.tags->len);
    return iv_s3_verify(s3, key, file, tag, error);
  }
  drop_if_useless(&s, wrong);
  *ret_stale = s.is_stale;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* What was begun with other bytes, by name of an older file, is given up and begun anew. */
gboolean iv_s3_put_parts(IvS3 *s3, const IvArchivePut *put, int fd, const IvArchiveInfo *file,
                         const char *key, GError **error) {
  gboolean stale = FALSE;
  g_autoptr(GError) wrong = NULL;
  if (put_parts(s3, put, fd, file, key, &stale, &wrong))
    return TRUE;
  if (stale)
    return put_parts(s3, put, fd, file, key, &stale, error);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

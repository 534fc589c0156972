/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/kind.h"
#include "base/clock.h"

#define MBIT (1000000 / 8.0) /* bytes */
#define MARK_MAX 64
#define HASH_CHUNK (256 * 1024)
#define CONNECT (5 * IV_SECOND)
#define STALL (30 * IV_SECOND)
#define ATTEMPTS 5
#define PART (8 * 1024 * 1024)

G_DEFINE_QUARK(iv - archive - error - quark, iv_archive_error)

/* ---- life ---- */

IvArchive *iv_archive_new(const IvArchiveConfig *config, const IvArchiveLimits *limits) {
  IvArchiveLimits all = limits ? *limits : (IvArchiveLimits){0};
  all.connect = all.connect ? all.connect : CONNECT;
  all.stall = all.stall ? all.stall : STALL;
  all.attempts = all.attempts ? all.attempts : ATTEMPTS;
  all.part = all.part ? all.part : PART;
  IvArchive *archive = config->target == IV_ARCHIVE_S3 ? iv_s3_archive_new(config, &all)
                                                       : iv_directory_archive_new(config);
  archive->limits = all;
  archive->prefix =
      config->prefix && *config->prefix ? g_strconcat(config->prefix, "/", NULL) : g_strdup("");
  iv_pace_init(&archive->pace, config->bandwidth_mbit * MBIT);
  return archive;
}

void iv_archive_free(IvArchive *archive) {
  if (!archive)
    return;
  iv_pace_clear(&archive->pace);
  g_free(archive->prefix);
  g_free(archive->place);
  archive->kind->free(archive);
}

const char *iv_archive_place(const IvArchive *archive) {
  return archive->place;
}

void iv_archive_stop(IvArchive *archive) {
  iv_pace_stop(&archive->pace);
}

guint64 iv_archive_sent(const IvArchive *archive) {
  return iv_pace_sent((IvPace *)&archive->pace);
}

/* ---- keys ---- */

gboolean iv_archive_key_is_valid(const char *key) {
  gsize n = strlen(key);
  g_auto(GStrv) parts = g_strsplit(key, "/", -1);
  if (n == 0 || n > IV_ARCHIVE_KEY_MAX)
    return FALSE;
  for (const char *p = key; *p; p++)
    if (!g_ascii_isalnum(*p) && !strchr("._-/", *p))
      return FALSE;
  for (guint i = 0; parts[i]; i++)
    if (!*parts[i] || strcmp(parts[i], ".") == 0 || strcmp(parts[i], "..") == 0)
      return FALSE;
  return TRUE;
}

/* With the prefix; NULL with an error. The caller frees. */
static char *full_key(const IvArchive *archive, const char *key, GError **error) {
  g_autofree char *full = g_strconcat(archive->prefix, key, NULL);
  if (iv_archive_key_is_valid(full))
    return g_steal_pointer(&full);
  g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_SOURCE,
              "nothing can be archived under this name: it is too long, or has other characters "
              "than letters, digits, '.', '_', '-' and '/'");
  return NULL;
}

/* ---- files ---- */

gboolean iv_archive_hash(int fd, guint64 n, IvPace *pace, char ret_hex[IV_SHA256_HEX + 1],
                         GError **error) {
  g_autofree guint8 *room = g_malloc(HASH_CHUNK);
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  for (guint64 at = 0; at < n;) {
    gssize got = pread(fd, room, (gsize)MIN(HASH_CHUNK, n - at), (off_t)at);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0 || iv_pace_is_stopped(pace)) {
      g_set_error_literal(error, IV_ARCHIVE_ERROR,
                          got > 0 ? IV_ARCHIVE_ERROR_STOPPED : IV_ARCHIVE_ERROR_SOURCE,
                          got > 0 ? "stopped" : "the file to be archived cannot be read");
      return FALSE;
    }
    g_checksum_update(sum, room, got);
    at += (guint64)got;
  }
  g_strlcpy(ret_hex, g_checksum_get_string(sum), IV_SHA256_HEX + 1);
  return TRUE;
}

static gboolean look_at_file(IvArchive *archive, const char *path, IvArchiveInfo *ret_info,
                             GError **error) {
  struct stat info;
  int fd = g_open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_SOURCE, "cannot read %s: %s", path,
                fd < 0 ? g_strerror(errno) : "it is no file");
    if (fd >= 0)
      close(fd);
    return FALSE;
  }
  ret_info->bytes = (guint64)info.st_size;
  gboolean done = iv_archive_hash(fd, ret_info->bytes, &archive->pace, ret_info->sha256, error);
  close(fd);
  return done;
}

static gboolean is_wanted(const IvArchivePut *put, const IvArchiveInfo *file, GError **error) {
  if (!put->sha256 || !put->sha256[0] || strcmp(put->sha256, file->sha256) == 0)
    return TRUE;
  g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_SOURCE,
              "%s is not what was stored: it was changed", put->path);
  return FALSE;
}

gboolean iv_archive_put(IvArchive *archive, const IvArchivePut *put, IvArchiveInfo *ret_info,
                        GError **error) {
  IvArchiveInfo file = {0};
  g_autofree char *key = full_key(archive, put->key, error);
  if (!key || !look_at_file(archive, put->path, &file, error) || !is_wanted(put, &file, error) ||
      !archive->kind->put(archive, put, &file, error))
    return FALSE;
  *ret_info = file;
  return TRUE;
}

GBytes *iv_archive_get(IvArchive *archive, const char *key, guint64 offset, gsize n,
                       GError **error) {
  g_return_val_if_fail(n >= 1 && n <= IV_ARCHIVE_GET_MAX, NULL);
  g_autofree char *full = full_key(archive, key, error);
  return full ? archive->kind->get(archive, full, offset, n, FALSE, error) : NULL;
}

gboolean iv_archive_head(IvArchive *archive, const char *key, IvArchiveInfo *ret_info,
                         GError **error) {
  g_autofree char *full = full_key(archive, key, error);
  return full && archive->kind->head(archive, full, ret_info, error);
}

GPtrArray *iv_archive_list(IvArchive *archive, const char *prefix, const char *after, guint limit,
                           GError **error) {
  g_autofree char *full = g_strconcat(archive->prefix, prefix, NULL);
  g_autofree char *from = after ? g_strconcat(archive->prefix, after, NULL) : NULL;
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
  GPtrArray *own = g_ptr_array_new_with_free_func(g_free);
  if (!archive->kind->list(archive, full, from, CLAMP(limit, 1, IV_ARCHIVE_LIST_MAX), keys,
                           error)) {
    g_ptr_array_unref(own);
    return NULL;
  }
  for (guint i = 0; i < keys->len; i++) {
    const char *key = g_ptr_array_index(keys, i);
    if (g_str_has_prefix(key, archive->prefix))
      g_ptr_array_add(own, g_strdup(key + strlen(archive->prefix)));
  }
  return own;
}

gboolean iv_archive_remove(IvArchive *archive, const char *key, GError **error) {
  g_autofree char *full = full_key(archive, key, error);
  return full && archive->kind->remove(archive, full, error);
}

gboolean iv_archive_tidy(IvArchive *archive, IvTime before, guint *ret_n, GError **error) {
  return archive->kind->tidy(archive, before, ret_n, error);
}

/* ---- the mark ---- */

char *iv_archive_mark(IvArchive *archive, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autofree char *key = g_strconcat(archive->prefix, IV_ARCHIVE_MARK, NULL);
  g_autoptr(GBytes) bytes = archive->kind->get(archive, key, 0, MARK_MAX, TRUE, &wrong);
  if (bytes) {
    gsize n;
    const char *text = g_bytes_get_data(bytes, &n);
    return g_strstrip(g_strndup(n ? text : "", n));
  }
  if (!g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_NOT_FOUND))
    g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

static gboolean refuse(const IvArchive *archive, gboolean is_marked, GError **error) {
  if (is_marked)
    g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_AWAY,
                "%s is the archive of another installation: choose another with archive.folder, "
                "archive.bucket or archive.prefix, or write the word %s into %s%s there",
                archive->place, IV_ARCHIVE_MARK_NEW, archive->prefix, IV_ARCHIVE_MARK);
  else
    g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_AWAY,
                "%s is not the archive that was used so far (it has no %s%s): mount its disk, or "
                "correct the configuration; if what was in it is gone, write the word %s into that "
                "file",
                archive->place, archive->prefix, IV_ARCHIVE_MARK, IV_ARCHIVE_MARK_NEW);
  return FALSE;
}

gboolean iv_archive_open(IvArchive *archive, const char *mark, gboolean is_used, GError **error) {
  g_autoptr(GError) wrong = NULL;
  if (!is_used && archive->kind->prepare && !archive->kind->prepare(archive, error))
    return FALSE;
  g_autofree char *there = iv_archive_mark(archive, &wrong);
  if (wrong) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  gboolean is_new = there ? strcmp(there, IV_ARCHIVE_MARK_NEW) == 0 : !is_used;
  if (!is_new)
    return g_strcmp0(there, mark) == 0 || refuse(archive, there != NULL, error);
  g_autofree char *key = g_strconcat(archive->prefix, IV_ARCHIVE_MARK, NULL);
  g_autofree char *line = g_strconcat(mark, "\n", NULL);
  g_autoptr(GBytes) bytes = g_bytes_new(line, strlen(line));
  return archive->kind->put_bytes(archive, key, bytes, error);
}

/* ---- trying it out ---- */

typedef struct {
  IvArchive *archive;
  char *key; /* without the prefix */
  GBytes *bytes;
} Trial;

static gboolean try_write(Trial *trial, GError **error) {
  g_autofree char *key = full_key(trial->archive, trial->key, error);
  if (trial->archive->kind->prepare && !trial->archive->kind->prepare(trial->archive, error))
    return FALSE;
  return key && trial->archive->kind->put_bytes(trial->archive, key, trial->bytes, error);
}

static gboolean try_read(Trial *trial, GError **error) {
  gsize n = g_bytes_get_size(trial->bytes);
  g_autoptr(GBytes) read = iv_archive_get(trial->archive, trial->key, 0, n, error);
  if (!read)
    return FALSE;
  if (g_bytes_equal(read, trial->bytes))
    return TRUE;
  g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_DAMAGED,
                      "what is read is not what was written");
  return FALSE;
}

static gboolean try_list(Trial *trial, GError **error) {
  g_autoptr(GPtrArray) keys = iv_archive_list(trial->archive, trial->key, NULL, 1, error);
  if (!keys)
    return FALSE;
  if (keys->len == 1 && strcmp(g_ptr_array_index(keys, 0), trial->key) == 0)
    return TRUE;
  g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_DAMAGED,
                      "what was written is not in the list of files");
  return FALSE;
}

static gboolean try_remove(Trial *trial, GError **error) {
  IvArchiveInfo info;
  g_autoptr(GError) wrong = NULL;
  if (!iv_archive_remove(trial->archive, trial->key, error))
    return FALSE;
  if (!iv_archive_head(trial->archive, trial->key, &info, &wrong))
    return TRUE;
  g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_REFUSED,
                      "what was deleted is still there: does the bucket keep everything?");
  return FALSE;
}

gboolean iv_archive_try(IvArchive *archive, IvArchiveStep ret_steps[IV_ARCHIVE_STEPS]) {
  static const struct {
    const char *name;
    gboolean (*run)(Trial *trial, GError **error);
  } steps[IV_ARCHIVE_STEPS] = {
      {"write", try_write}, {"read", try_read}, {"list", try_list}, {"delete", try_remove}};
  g_autofree char *name = g_uuid_string_random();
  Trial trial = {archive, g_strconcat("inveye-test-", name, NULL), g_bytes_new(name, strlen(name))};
  gboolean fine = TRUE, written = FALSE;
  for (guint i = 0; i < IV_ARCHIVE_STEPS; i++) {
    g_autoptr(GError) error = NULL;
    ret_steps[i] = (IvArchiveStep){.name = steps[i].name};
    /* What was written goes whatever else fails. */
    if (!fine && !(steps[i].run == try_remove && written))
      continue;
    IvTime start = iv_clock_monotonic();
    ret_steps[i].done = steps[i].run(&trial, &error);
    ret_steps[i].took_s = (double)(iv_clock_monotonic() - start) / IV_SECOND;
    ret_steps[i].fault = error ? g_strdup(error->message) : NULL;
    fine = fine && ret_steps[i].done;
    written = written || ret_steps[i].done;
  }
  g_free(trial.key);
  g_bytes_unref(trial.bytes);
  return fine;
}

void iv_archive_steps_clear(IvArchiveStep steps[IV_ARCHIVE_STEPS]) {
  for (guint i = 0; i < IV_ARCHIVE_STEPS; i++)
    g_clear_pointer(&steps[i].fault, g_free);
}

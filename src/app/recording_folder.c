/* SPDX-License-Identifier: Apache-2.0 */
#include "app/recording_folder.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app/recordings.h"

#define MARK_MAX 64 /* bytes that are looked at */

static char *mark_path(const char *folder) {
  return g_build_filename(folder, IV_RECORDING_MARK, NULL);
}

/* NULL without an error: there is none. */
static char *read_mark(const char *folder, GError **error) {
  g_autofree char *path = mark_path(folder);
  g_autoptr(GError) wrong = NULL;
  g_autofree char *text = NULL;
  gsize n = 0;
  if (g_file_get_contents(path, &text, &n, &wrong) && n <= MARK_MAX)
    return g_strdup(g_strstrip(text));
  if (wrong && g_error_matches(wrong, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return NULL;
  g_set_error(error, IV_RECORDINGS_ERROR, IV_RECORDINGS_ERROR_FOLDER, "cannot read %s: %s", path,
              wrong ? wrong->message : "it is too long");
  return NULL;
}

static gboolean write_mark(const char *folder, const char *mark, GError **error) {
  g_autofree char *path = mark_path(folder);
  g_autofree char *line = g_strconcat(mark, "\n", NULL);
  g_autoptr(GError) wrong = NULL;
  if (g_file_set_contents_full(path, line, -1,
                               G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                               &wrong))
    return TRUE;
  g_set_error(error, IV_RECORDINGS_ERROR, IV_RECORDINGS_ERROR_FOLDER, "cannot write %s: %s", path,
              wrong->message);
  return FALSE;
}

typedef struct {
  const char *store_id, *fresh;
  char *mark;
} Job;

static gboolean ask_mark(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  g_clear_pointer(&job->mark, g_free);
  return iv_segments_mark(sql, job->store_id, job->fresh, FALSE, &job->mark, error);
}

/* The one that the database knows; it is made up at the first time. */
static char *known_mark(IvStore *store, const char *store_id, GError **error) {
  g_autofree char *fresh = g_uuid_string_random();
  Job job = {.store_id = store_id, .fresh = fresh};
  if (iv_store_write(store, ask_mark, &job, error))
    return job.mark;
  g_free(job.mark);
  return NULL;
}

static gboolean make_folder(const char *folder, GError **error) {
  if (g_mkdir_with_parents(folder, 0700) == 0)
    return TRUE;
  g_set_error(error, IV_RECORDINGS_ERROR, IV_RECORDINGS_ERROR_FOLDER,
              "cannot make the folder of recordings %s: %s; choose another with recording.folder",
              folder, g_strerror(errno));
  return FALSE;
}

static gboolean refuse(const char *folder, const char *there, GError **error) {
  if (there)
    g_set_error(error, IV_RECORDINGS_ERROR, IV_RECORDINGS_ERROR_OTHERS,
                "%s holds recordings of another installation: choose another folder with "
                "recording.folder, or write the word %s into %s/%s to take it over",
                folder, IV_RECORDING_MARK_NEW, folder, IV_RECORDING_MARK);
  else
    g_set_error(error, IV_RECORDINGS_ERROR, IV_RECORDINGS_ERROR_AWAY,
                "%s is not the folder in which the recordings are (it has no %s): mount its disk; "
                "if the recordings are gone, write the word %s into that file",
                folder, IV_RECORDING_MARK, IV_RECORDING_MARK_NEW);
  return FALSE;
}

gboolean iv_recording_folder_open(const char *folder, IvStore *store, const char *store_id,
                                  char **ret_mark, GError **error) {
  g_autoptr(GError) wrong = NULL;
  IvSegmentTotals totals = {0};
  g_autofree char *mark = known_mark(store, store_id, error);
  if (!mark || !iv_segments_totals(store, store_id, &totals, error) ||
      (totals.n == 0 && !make_folder(folder, error)))
    return FALSE;
  g_autofree char *there = read_mark(folder, &wrong);
  if (wrong) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  gboolean is_new = there ? strcmp(there, IV_RECORDING_MARK_NEW) == 0 : totals.n == 0;
  if (!is_new && g_strcmp0(there, mark) != 0)
    return refuse(folder, there, error);
  if (is_new && !write_mark(folder, mark, error))
    return FALSE;
  *ret_mark = g_steal_pointer(&mark);
  return TRUE;
}

gboolean iv_recording_folder_is(const char *folder, const char *mark) {
  g_autofree char *there = read_mark(folder, NULL);
  return g_strcmp0(there, mark) == 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Clips on the disk: where they are, whether there is room for more. */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "app/export_private.h"
#include "base/clock.h"
#include "media/clip.h"

#define GB 1e9
#define ROOM_SPAN (90 * IV_SECOND) /* retention looks at the disk every 30 s */
#define ROOM_LOOK IV_SECOND
#define FULL_SHARE 0.5 /* of the reserve: less is free only when something else fills the disk */

char *iv_export_path(const IvExportDesk *desk, gint64 no) {
  g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT ".mp4", no);
  return g_build_filename(desk->folder, name, NULL);
}

guint64 iv_export_folder_bytes(const IvExportDesk *desk) {
  guint64 sum = 0;
  g_autoptr(GDir) folder = g_dir_open(desk->folder, 0, NULL);
  for (const char *name; folder && (name = g_dir_read_name(folder));) {
    GStatBuf file;
    g_autofree char *path = g_build_filename(desk->folder, name, NULL);
    if (g_lstat(path, &file) == 0 && S_ISREG(file.st_mode))
      sum += (guint64)file.st_size;
  }
  return sum;
}

/* ---- what belongs to no clip ---- */

/* "<number>.mp4" or "<number>.mp4.part": ours. */
static gboolean read_name(const char *name, gint64 *ret_no, gboolean *ret_part) {
  char *end;
  *ret_no = g_ascii_strtoll(name, &end, 10);
  *ret_part = strcmp(end, ".mp4.part") == 0;
  return g_ascii_isdigit(name[0]) && *ret_no > 0 && (*ret_part || strcmp(end, ".mp4") == 0);
}

static gboolean is_kept(const IvExportDesk *desk, gint64 no, GError **error) {
  g_auto(IvExport) export = {0};
  return iv_exports_get(desk->options.store, desk->options.store_id, no, IV_TIME_NONE, &export,
                        error) &&
         export.state == IV_EXPORT_DONE;
}

gboolean iv_export_clean(IvExportDesk *desk) {
  g_autoptr(GDir) folder = g_dir_open(desk->folder, 0, NULL);
  for (const char *name; folder && (name = g_dir_read_name(folder));) {
    gint64 no;
    gboolean part;
    g_autoptr(GError) error = NULL;
    if (!read_name(name, &no, &part) || (!part && is_kept(desk, no, &error)))
      continue;
    if (error) {
      g_warning("exports: %s", error->message);
      return FALSE;
    }
    g_autofree char *path = g_build_filename(desk->folder, name, NULL);
    if (g_unlink(path) != 0)
      g_warning("exports: cannot delete %s: %s", path, g_strerror(errno));
  }
  return TRUE;
}

/* ---- room ---- */

/* FALSE: the disk does not say. */
static gboolean look_at_disk(const IvExportDesk *desk, double *ret_free, double *ret_size) {
  struct statvfs disk;
  if (statvfs(iv_recordings_folder(desk->options.recordings), &disk) != 0)
    return FALSE;
  *ret_free = (double)disk.f_bavail * (double)disk.f_frsize;
  *ret_size = (double)disk.f_blocks * (double)disk.f_frsize;
  return TRUE;
}

gboolean iv_export_is_disk_full(const IvExportDesk *desk) {
  double space, size;
  return look_at_disk(desk, &space, &size) && space < FULL_SHARE * desk->options.reserve_gb * GB;
}

static gboolean no_room(const IvExportDesk *desk, guint64 bytes, double space, GError **error) {
  double spare = MAX(space - desk->options.reserve_gb * GB, 0);
  g_autofree char *needs = g_format_size(bytes), *has = g_format_size((guint64)spare);
  g_set_error(error, IV_EXPORT_ERROR, IV_EXPORT_ERROR_NO_ROOM,
              "the clip needs about %s, and the disk has %s beside what stays free "
              "(recording.reserve_gb): save a shorter time, delete saved clips, or free some room",
              needs, has);
  return FALSE;
}

/* Until retention has made it, or a while has passed. */
static gboolean wait_for_room(IvExportDesk *desk, double needed, GCancellable *cancellable) {
  double space = 0, size;
  IvTime end = iv_clock_monotonic() + ROOM_SPAN;
  while (look_at_disk(desk, &space, &size) && space < needed && iv_clock_monotonic() < end &&
         !g_cancellable_is_cancelled(cancellable)) {
    IvTime until = iv_clock_monotonic() + ROOM_LOOK;
    g_mutex_lock(&desk->mutex);
    while (!g_cancellable_is_cancelled(cancellable) &&
           g_cond_wait_until(&desk->changed, &desk->mutex, until))
      ;
    g_mutex_unlock(&desk->mutex);
  }
  return space >= needed;
}

gboolean iv_export_make_room(IvExportDesk *desk, guint64 bytes, GCancellable *cancellable,
                             GError **error) {
  double space, size, needed = (double)bytes + desk->options.reserve_gb * GB;
  if (!look_at_disk(desk, &space, &size)) {
    g_set_error(error, IV_EXPORT_ERROR, IV_EXPORT_ERROR_NO_ROOM,
                "the disk of the recordings does not say how much is free");
    return FALSE;
  }
  double all = (double)iv_export_folder_bytes(desk) + (double)bytes;
  if (space < needed && (needed > size || all > IV_EXPORT_DISK_SHARE * size))
    return no_room(desk, bytes, space, error);
  iv_recordings_want_room(desk->options.recordings, bytes); /* others write meanwhile too */
  if (space >= needed || wait_for_room(desk, needed, cancellable))
    return TRUE;
  iv_recordings_want_room(desk->options.recordings, 0);
  if (g_cancellable_is_cancelled(cancellable)) {
    g_set_error_literal(error, IV_CLIP_ERROR, IV_CLIP_ERROR_CANCELLED, "it was given up");
    return FALSE;
  }
  return no_room(desk, bytes, space, error);
}

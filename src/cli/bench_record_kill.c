/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/recordings.h"
#include "base/clock.h"
#include "cli/bench_record.h"
#include "media/mp4_scan.h"
#include "store/catalog.h"

#define CAMERAS 4
#define START_TIME (60 * IV_SECOND)
#define KILLED_WITHIN (4 * IV_SECOND) /* after the last camera has begun */

/* ---- files ---- */

/* Calls `take` with the path below the folder of each recorded file. */
static void each_file(const char *folder, const char *below,
                      void (*take)(const char *path, gpointer user_data), gpointer user_data) {
  g_autofree char *full = g_build_filename(folder, below, NULL);
  g_autoptr(GDir) dir = g_dir_open(full, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = below[0] ? g_build_filename(below, name, NULL) : g_strdup(name);
    if (g_str_has_suffix(name, ".mp4"))
      take(path, user_data);
    else if (name[0] != '.')
      each_file(folder, path, take, user_data);
  }
}

static gboolean scan_file(const char *folder, const char *path, IvMp4Scan *ret_scan) {
  g_autofree char *full = g_build_filename(folder, path, NULL);
  int fd = g_open(full, O_RDONLY | O_CLOEXEC, 0);
  gboolean fine = fd >= 0 && iv_mp4_scan(fd, ret_scan, NULL);
  if (fd >= 0)
    close(fd);
  return fine;
}

static IvTime start_of(const char *path) {
  const char *name = strrchr(path, '/');
  return name ? g_ascii_strtoll(name + 1, NULL, 10) : 0;
}

/* ---- one round ---- */

typedef struct {
  const char *folder; /* of the recordings */
  IvTime from;        /* files of this round begin later */
  guint growing;      /* with a whole fragment */
} Growth;

static void look_at(const char *path, gpointer user_data) {
  Growth *growth = user_data;
  g_auto(IvMp4Scan) scan = {0};
  if (start_of(path) >= growth->from && scan_file(growth->folder, path, &scan))
    growth->growing += scan.fragments->len > 0;
}

static gboolean wait_for_growth(const char *recordings, IvTime from, GSubprocess *child,
                                GError **error) {
  IvTime until = iv_clock_monotonic() + START_TIME;
  Growth growth = {.folder = recordings, .from = from};
  while (growth.growing < CAMERAS && iv_clock_monotonic() < until) {
    growth.growing = 0;
    each_file(recordings, "", look_at, &growth);
    g_usleep(20 * IV_MS);
  }
  if (growth.growing >= CAMERAS)
    return TRUE;
  g_subprocess_force_exit(child);
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                      "the program did not record within a minute");
  return FALSE;
}

typedef struct {
  const char *folder;
  IvTime from, killed;
  IvTime ends[CAMERAS]; /* of what is on the disk */
  IvRecordKills *kills;
} Round;

static void judge_file(const char *path, gpointer user_data) {
  Round *round = user_data;
  g_auto(IvMp4Scan) scan = {0};
  IvTime start = start_of(path);
  guint camera = (guint)g_ascii_strtoull(path + 1, NULL, 10);
  if (start < round->from)
    return;
  round->kills->files++;
  if (!scan_file(round->folder, path, &scan) || scan.end == IV_MP4_DAMAGED) {
    round->kills->damaged++;
    return;
  }
  round->kills->torn += scan.end == IV_MP4_TORN;
  for (guint i = 0; i < scan.fragments->len; i++)
    round->kills->pictures += g_array_index(scan.fragments, IvMp4Fragment, i).samples;
  if (camera < CAMERAS)
    round->ends[camera] = MAX(round->ends[camera], start + scan.length);
}

static void judge_round(Round *round) {
  each_file(round->folder, "", judge_file, round);
  for (guint i = 0; i < CAMERAS; i++)
    round->kills->worst_loss = MAX(round->kills->worst_loss, round->killed - round->ends[i]);
}

static void count_one(G_GNUC_UNUSED const char *path, gpointer user_data) {
  (*(guint *)user_data)++;
}

/* A row is right when its file is there, has so many bytes, all of them whole, and so long. */
static gboolean is_right(const char *folder, const IvSegment *row) {
  g_auto(IvMp4Scan) scan = {0};
  return scan_file(folder, row->path, &scan) && scan.end == IV_MP4_WHOLE &&
         row->bytes == scan.file_bytes && row->closed && start_of(row->path) == row->start &&
         ABS(row->length - scan.length) <= IV_MS;
}

static gboolean judge_index(const IvConfig *config, const char *folder, IvRecordKills *kills,
                            GError **error) {
  g_autofree char *file = g_build_filename(folder, "inveye.db", NULL);
  g_autoptr(IvStore) store = iv_store_open(file, error);
  if (!store)
    return FALSE;
  g_autoptr(IvRecordings) recordings =
      iv_recordings_new(&config->recording, config->store.id.text, folder, store);
  IvRecordingsRepair repair;
  if (!iv_recordings_open(recordings, &repair, error))
    return FALSE;
  g_autoptr(GArray) rows = iv_segments_all(store, config->store.id.text, error);
  if (!rows)
    return FALSE;
  guint files = 0;
  each_file(iv_recordings_folder(recordings), "", count_one, &files);
  kills->wrong_rows += files > rows->len ? files - rows->len : 0;
  for (guint i = 0; i < rows->len; i++)
    kills->wrong_rows +=
        !is_right(iv_recordings_folder(recordings), &g_array_index(rows, IvSegment, i));
  return TRUE;
}

static gboolean one_round(const IvConfig *config, const char *folder, const char *file,
                          IvRecordKills *kills, GError **error) {
  g_autofree char *recordings = g_build_filename(folder, "recordings", NULL);
  g_autofree char *web = g_build_filename(folder, "web", NULL);
  Round round = {.folder = recordings, .from = iv_clock_now(), .kills = kills};
  g_autoptr(GSubprocess) child =
      g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, error,
                       "/proc/self/exe", "run", "--config", file, "--web-dir", web, NULL);
  if (!child || !wait_for_growth(recordings, round.from, child, error))
    return FALSE;
  g_usleep((gulong)g_random_int_range(0, (gint32)KILLED_WITHIN)); /* any moment */
  g_subprocess_force_exit(child);
  round.killed = iv_clock_now();
  g_subprocess_wait(child, NULL, NULL);
  judge_round(&round);
  kills->rounds++;
  return judge_index(config, folder, kills, error);
}

static char *write_config(const char *folder, const char *film, GError **error) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_printf(text,
                  "store: {id: bench}\nserver: {port: 0, data_dir: \"%s\"}\n"
                  "recording: {mode: continuous, segment: 10 s, reserve_gb: 0.1}\ncameras:\n",
                  folder);
  for (guint i = 0; i < CAMERAS; i++)
    g_string_append_printf(text, "  - {id: c%u, url: \"%s\", loop: true, fps: 0.5}\n", i, film);
  g_autofree char *web = g_build_filename(folder, "web", NULL); /* the dashboard: an empty page */
  g_autofree char *page = g_build_filename(web, "index.html", NULL);
  g_mkdir(web, 0700);
  if (!g_file_set_contents(page, "", 0, error))
    return NULL;
  char *file = g_build_filename(folder, "store.yaml", NULL);
  if (g_file_set_contents(file, text->str, (gssize)text->len, error))
    return file;
  g_free(file);
  return NULL;
}

gboolean iv_bench_record_kill(const char *film, const char *folder, guint rounds,
                              IvRecordKills *ret_kills, GError **error) {
  g_autofree char *file = write_config(folder, film, error);
  if (!file)
    return FALSE;
  g_autoptr(IvConfig) config = iv_bench_record_config(CAMERAS, NULL, film);
  IvRecordKills kills = {0};
  for (guint i = 0; i < rounds; i++) {
    if (!one_round(config, folder, file, &kills, error))
      return FALSE;
    if ((i + 1) % 10 == 0 || i + 1 == rounds)
      g_printerr("  killed %u of %u times\n", i + 1, rounds);
  }
  *ret_kills = kills;
  return TRUE;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A clip has the pictures of its span, all of them, in order, when they were taken; and it plays.
 */
#include "media/clip.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>
#include <unistd.h>

#include "clip.h"
#include "media/fragmenter.h"
#include "media/mp4_scan.h"
#include "watcher.h"

#define FPS 20
#define GOP 10
#define CLIP 200 /* pictures: 10 s */
#define T0 (1790000000 * IV_SECOND + 123457)
#define PICTURE (IV_SECOND / FPS)

static char *dir;

typedef struct {
  const char *name;
  int codec; /* 264, 265 */
  const char *encoder, *muxer;
  char *path;
  GPtrArray *units; /* NULL = no encoder */
} Film;

static Film films[] = {
    {"h264", 264, NULL, NULL, NULL, NULL},
    {"h264-b", 264, "x264enc key-int-max=10 bitrate=400 bframes=3 b-pyramid=true b-adapt=false",
     "h264parse ! mp4mux", NULL, NULL},
    {"h265", 265, "x265enc key-int-max=10 bitrate=400 option-string=bframes=0",
     "h265parse ! mp4mux", NULL, NULL},
    {"h265-b", 265, "x265enc key-int-max=10 bitrate=400 option-string=bframes=3:open-gop=0",
     "h265parse ! mp4mux", NULL, NULL},
};

/* ---- recorded files ---- */

typedef struct {
  char *paths[8];
  IvClipSource sources[8];
  guint n;
  GCancellable *cancellable; /* borrowed */
  GArray *told;              /* borrowed; progress */
} Files;

static int open_file(guint i, gpointer user_data) {
  Files *files = user_data;
  return open(files->paths[i], O_RDONLY | O_CLOEXEC);
}

static void files_clear(Files *files) {
  for (guint i = 0; i < files->n; i++)
    g_free(files->paths[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Files, files_clear)

static gboolean on_part(const guint8 *bytes, gsize n, gpointer user_data) {
  return fwrite(bytes, 1, n, user_data) == n;
}

static void unref_bytes(gpointer owner) {
  g_bytes_unref(owner);
}

static void unref_caps(gpointer caps) {
  gst_caps_unref(caps);
}

static IvEncodedUnit *unit_of(const Film *film, GstBuffer *buffer) {
  gpointer bytes;
  gsize n;
  gst_buffer_extract_dup(buffer, 0, (gsize)-1, &bytes, &n);
  IvEncodedUnit *unit = iv_encoded_unit_new();
  unit->owner = g_bytes_new_take(bytes, n);
  unit->release = unref_bytes;
  unit->bytes = bytes;
  unit->size = n;
  unit->codec = film->codec == 265 ? IV_CODEC_H265 : IV_CODEC_H264;
  unit->keyframe = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  unit->pts = (IvStreamTime)GST_BUFFER_PTS(buffer);
  unit->dts = IV_STREAM_TIME_NONE;
  g_autofree char *text =
      g_strdup_printf("video/x-h%d,stream-format=byte-stream,alignment=au", film->codec);
  unit->caps = gst_caps_from_string(text);
  unit->release_caps = unref_caps;
  return unit;
}

static IvTime shown_at(const Film *film, guint unit) {
  GstBuffer *first = film->units->pdata[0], *buffer = film->units->pdata[unit];
  return (IvTime)((GST_BUFFER_PTS(buffer) - GST_BUFFER_PTS(first)) / GST_USECOND);
}

/* Units [from, to) as one recorded file, taken `late` later than the film says. */
static void record(Files *files, const Film *film, guint from, guint to, IvTime late) {
  g_autofree char *name = g_strdup_printf("%s-%u-%u.mp4", film->name, from, files->n);
  char *path = files->paths[files->n] = g_build_filename(dir, name, NULL);
  FILE *out = fopen(path, "wb");
  IvFragmenterEvents events = {on_part, out};
  g_autoptr(IvFragmenter) fragmenter = NULL;
  g_autoptr(GError) error = NULL;
  for (guint i = from; i < to; i++) {
    g_autoptr(IvEncodedUnit) unit = unit_of(film, film->units->pdata[i]);
    if (!fragmenter)
      fragmenter = iv_fragmenter_new(unit, &events, &error);
    g_assert_no_error(error);
    g_assert_true(iv_fragmenter_push(fragmenter, unit));
  }
  iv_fragmenter_finish(fragmenter);
  fclose(out);
  files->sources[files->n].start = T0 + shown_at(film, from) + late;
  files->n++;
}

static IvClipRequest request_of(Files *files, IvTime from, IvTime to) {
  return (IvClipRequest){.sources = files->sources,
                         .n_sources = files->n,
                         .open_source = open_file,
                         .user_data = files,
                         .from = T0 + from,
                         .to = T0 + to};
}

/* ---- playing ---- */

typedef struct {
  GArray *numbers, *times;
} Played;

static void played_clear(Played *played) {
  g_array_unref(played->numbers);
  g_array_unref(played->times);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Played, played_clear)

static Played play(const char *path) {
  Watcher watcher;
  watcher_init(&watcher);
  IvIngestConfig config = {
      .source = path, .decode = TRUE, .pace = IV_PACE_AS_FAST_AS_TAKEN, .start = T0};
  g_autoptr(GError) error = NULL;
  IvIngest *ingest = iv_ingest_new(&config, &watcher_events, &watcher, &error);
  g_assert_no_error(error);
  iv_ingest_start(ingest);
  g_assert_true(watcher_wait_state(&watcher, IV_INGEST_ENDED, 60));
  iv_ingest_free(ingest);
  Played played = {g_array_copy(watcher.numbers), g_array_copy(watcher.times)};
  watcher_clear(&watcher);
  return played;
}

/* Pictures first..last, each as long after the first one as it was taken. */
static void check_played(const Played *played, int first, int last) {
  g_assert_cmpuint(played->numbers->len, ==, (guint)(last - first + 1));
  for (guint i = 0; i < played->numbers->len; i++) {
    IvTime after =
        g_array_index(played->times, IvTime, i) - g_array_index(played->times, IvTime, 0);
    g_assert_cmpint(g_array_index(played->numbers, int, i), ==, first + (int)i);
    g_assert_cmpint(ABS(after - (IvTime)i * PICTURE), <=, 12); /* a tick of 90 kHz */
  }
}

static char *out_path(const Film *film) {
  g_autofree char *name = g_strdup_printf("%s-out.mp4", film->name);
  return g_build_filename(dir, name, NULL);
}

static void save(const IvClipRequest *request, const char *path, IvClipInfo *ret_info) {
  g_autoptr(GError) error = NULL;
  struct stat told;
  iv_clip_save(request, path, ret_info, &error);
  g_assert_no_error(error);
  g_assert_cmpint(g_stat(path, &told), ==, 0);
  g_assert_cmpuint((guint64)told.st_size, ==, ret_info->bytes);
}

/* Cuts and plays; `last` is the last picture that was asked for. With B-frames a few more may
 * follow. */
static void check_cut(const Film *film, const IvClipRequest *request, int first, int last) {
  g_autofree char *path = out_path(film);
  g_auto(IvClipInfo) info = {0};
  save(request, path, &info);
  g_auto(Played) played = play(path);
  int end = g_array_index(played.numbers, int, played.numbers->len - 1);
  g_assert_cmpint(end, >=, last);
  g_assert_cmpint(end, <=, strstr(film->name, "-b") ? last + 4 : last);
  check_played(&played, first, end);
  g_assert_cmpuint(info.pictures, ==, played.numbers->len);
  g_assert_cmpint(info.how, ==, IV_CLIP_WHOLE);
  g_assert_cmpuint(info.gaps->len, ==, 0);
  g_assert_cmpint(info.rest, ==, IV_TIME_NONE);
  g_assert_cmpint(ABS(info.start - T0 - first * PICTURE), <=, 12);
  g_assert_cmpint(ABS(info.length - (end - first + 1) * PICTURE), <=, 12);
  g_assert_cmpint(info.end - info.start, ==, info.length);
}

/* ---- tests ---- */

#define NEED(film)                                                                                 \
  if (!(film)->units) {                                                                            \
    g_test_skip("no encoder for it");                                                              \
    return;                                                                                        \
  }

static void test_one_file(gconstpointer data) {
  const Film *film = data;
  NEED(film);
  g_auto(Files) files = {.n = 0};
  record(&files, film, 0, CLIP, 0);
  IvClipRequest request = request_of(&files, 0, 20 * IV_SECOND);
  check_cut(film, &request, 0, CLIP - 1);
  request = request_of(&files, 1 * IV_SECOND, 3 * IV_SECOND);
  check_cut(film, &request, 20, 59);
  for (int shift = 1; shift < 6; shift++) { /* ends within a group of B-frames too */
    request = request_of(&files, 23 * PICTURE, (40 + shift) * PICTURE - 1);
    check_cut(film, &request, 20, 40 + shift - 1);
  }
}

/* Files that follow on from each other, as a recorder writes them. */
static void test_several_files(gconstpointer data) {
  const Film *film = data;
  NEED(film);
  g_auto(Files) files = {.n = 0};
  for (guint i = 0; i < CLIP; i += 40)
    record(&files, film, i, i + 40, 0);
  IvClipRequest request = request_of(&files, 0, 20 * IV_SECOND);
  check_cut(film, &request, 0, CLIP - 1);
  request = request_of(&files, 35 * PICTURE, 125 * PICTURE - 1);
  check_cut(film, &request, 30, 124);
  request = request_of(&files, 80 * PICTURE, 120 * PICTURE - 1);
  check_cut(film, &request, 80, 119);
}

static void test_gap(gconstpointer data) {
  const Film *film = data;
  NEED(film);
  g_auto(Files) files = {.n = 0};
  g_autofree char *path = out_path(film);
  record(&files, film, 0, 40, 0);
  record(&files, film, 40, 80, IV_SECOND); /* stands still for a second */
  record(&files, film, 80, 120, IV_MINUTE);
  IvClipRequest request = request_of(&files, 0, IV_HOUR);
  g_auto(IvClipInfo) info = {0};
  save(&request, path, &info);
  g_assert_cmpuint(info.gaps->len, ==, 1);
  IvClipGap gap = g_array_index(info.gaps, IvClipGap, 0);
  g_assert_cmpint(ABS(gap.from - T0 - IV_SECOND - 80 * PICTURE), <=, 60);
  g_assert_cmpint(gap.to, ==, files.sources[2].start);
  g_assert_cmpint(ABS(gap.at - 80 * PICTURE - IV_SECOND), <=, 60);
  g_assert_cmpint(ABS(info.length - 120 * PICTURE - IV_SECOND), <=, 60);
  g_assert_cmpint(ABS(info.end - T0 - 120 * PICTURE - IV_MINUTE), <=, 60);
  g_auto(Played) played = play(path);
  g_assert_cmpuint(played.numbers->len, ==, 120);
  for (guint i = 0; i < 120; i++) {
    IvTime after = g_array_index(played.times, IvTime, i) - g_array_index(played.times, IvTime, 0);
    g_assert_cmpint(g_array_index(played.numbers, int, i), ==, (int)i);
    g_assert_cmpint(ABS(after - (IvTime)i * PICTURE - (i >= 40 ? IV_SECOND : 0)), <=, 60);
  }
  request.stop_at_gap = TRUE;
  g_auto(IvClipInfo) before = {0};
  save(&request, path, &before);
  g_assert_cmpuint(before.pictures, ==, 80);
  g_assert_cmpint(before.how, ==, IV_CLIP_UNTIL_GAP);
  g_assert_cmpint(before.rest, ==, files.sources[2].start);
  request.from = before.rest;
  g_auto(IvClipInfo) after = {0};
  save(&request, path, &after);
  g_assert_cmpuint(after.pictures, ==, 40);
  g_assert_cmpint(after.start, ==, before.rest);
}

/* A clock that was set back shows nothing twice and loses nothing. */
static void test_set_back(void) {
  const Film *film = &films[0];
  NEED(film);
  g_auto(Files) files = {.n = 0};
  g_autofree char *path = out_path(film);
  record(&files, film, 0, 40, 0);
  record(&files, film, 40, 80, -IV_SECOND);
  IvClipRequest request = request_of(&files, 0, IV_HOUR);
  g_auto(IvClipInfo) info = {0};
  save(&request, path, &info);
  g_assert_cmpuint(info.gaps->len, ==, 1);
  g_assert_cmpint(g_array_index(info.gaps, IvClipGap, 0).to, <,
                  g_array_index(info.gaps, IvClipGap, 0).from);
  g_auto(Played) played = play(path);
  check_played(&played, 0, 79);
}

static void test_other_kind(void) {
  const Film *film = &films[0], *other = &films[2];
  NEED(other);
  g_auto(Files) files = {.n = 0};
  g_autofree char *path = out_path(film);
  record(&files, film, 0, 40, 0);
  record(&files, other, 40, 80, 0);
  IvClipRequest request = request_of(&files, 0, IV_HOUR);
  g_auto(IvClipInfo) first = {0}, second = {0};
  save(&request, path, &first);
  g_assert_cmpint(first.how, ==, IV_CLIP_UNTIL_KIND);
  g_assert_cmpint(first.codec, ==, IV_CODEC_H264);
  g_assert_cmpint(first.rest, ==, files.sources[1].start);
  g_assert_cmpuint(first.pictures, ==, 40);
  request.from = first.rest;
  save(&request, path, &second);
  g_assert_cmpint(second.how, ==, IV_CLIP_WHOLE);
  g_assert_cmpint(second.codec, ==, IV_CODEC_H265);
  g_auto(Played) played = play(path);
  check_played(&played, 40, 79);
}

/* Of a file that still grows, what is known to be on the disk; a torn end is no matter. */
static void test_growing(void) {
  const Film *film = &films[0];
  NEED(film);
  g_auto(Files) files = {.n = 0};
  g_auto(IvMp4Scan) scan = {0};
  g_autofree char *path = out_path(film);
  record(&files, film, 0, 80, 0);
  int fd = open_file(0, &files);
  g_assert_true(iv_mp4_scan(fd, &scan, NULL));
  close(fd);
  const IvMp4Fragment *last = &g_array_index(scan.fragments, IvMp4Fragment, 4);
  files.sources[0].bytes = last->offset;
  IvClipRequest request = request_of(&files, 0, IV_HOUR);
  g_auto(IvClipInfo) info = {0}, torn = {0};
  save(&request, path, &info);
  g_assert_cmpuint(info.pictures, ==, 40);
  files.sources[0].bytes = 0;
  g_assert_cmpint(truncate(files.paths[0], (off_t)(last->offset + last->size - 10)), ==, 0);
  save(&request, path, &torn);
  g_assert_cmpuint(torn.pictures, ==, 40);
}

/* ---- failing ---- */

static void check_fails(const IvClipRequest *request, const char *path, int code) {
  g_autoptr(GError) error = NULL;
  IvClipInfo info;
  g_autofree char *part = g_strconcat(path, ".part", NULL);
  g_assert_false(iv_clip_save(request, path, &info, &error));
  g_assert_error(error, IV_CLIP_ERROR, code);
  g_assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
  g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void cancel_late(double done, gpointer user_data) {
  if (done > 0.3)
    g_cancellable_cancel(((Files *)user_data)->cancellable);
}

static void test_fails(void) {
  const Film *film = &films[0];
  NEED(film);
  g_auto(Files) files = {.n = 0};
  g_autofree char *path = g_build_filename(dir, "never.mp4", NULL);
  g_autoptr(GError) error = NULL;
  IvClipInfo info;
  record(&files, film, 0, 80, 0);
  IvClipRequest request = request_of(&files, -IV_HOUR, -IV_MINUTE);
  check_fails(&request, path, IV_CLIP_ERROR_NOTHING);
  request = request_of(&files, IV_MINUTE, IV_HOUR);
  check_fails(&request, path, IV_CLIP_ERROR_NOTHING);
  request = request_of(&files, 0, IV_HOUR);
  int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  g_assert_false(iv_clip_write(&request, full, &info, &error));
  g_assert_error(error, IV_CLIP_ERROR, IV_CLIP_ERROR_OUTPUT);
  close(full);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  request.cancellable = cancellable;
  request.on_progress = cancel_late;
  files.cancellable = cancellable;
  check_fails(&request, path, IV_CLIP_ERROR_CANCELLED);
  request = request_of(&files, 0, IV_HOUR);
  g_assert_cmpint(g_remove(files.paths[0]), ==, 0);
  check_fails(&request, path, IV_CLIP_ERROR_SOURCE);
}

static void tell(double done, gpointer user_data) {
  g_array_append_val(((Files *)user_data)->told, done);
}

static void test_progress(void) {
  const Film *film = &films[0];
  NEED(film);
  g_auto(Files) files = {.n = 0};
  g_autofree char *path = out_path(film);
  g_autoptr(GArray) told = g_array_new(FALSE, FALSE, sizeof(double));
  record(&files, film, 0, CLIP, 0);
  IvClipRequest request = request_of(&files, 0, IV_HOUR);
  request.on_progress = tell;
  files.told = told;
  g_auto(IvClipInfo) info = {0};
  save(&request, path, &info);
  g_assert_cmpuint(told->len, >, 3);
  for (guint i = 1; i < told->len; i++)
    g_assert_cmpfloat(g_array_index(told, double, i), >=, g_array_index(told, double, i - 1));
  g_assert_cmpfloat(g_array_index(told, double, told->len - 1), ==, 1);
}

static void make_films(void) {
  ClipSpec spec = {.size = {320, 240}, .fps = FPS, .n = CLIP, .gop = GOP};
  for (guint i = 0; i < G_N_ELEMENTS(films); i++) {
    g_autofree char *name = g_strconcat(films[i].name, ".film", NULL);
    films[i].path = g_build_filename(dir, name, NULL);
    spec.encoder = films[i].encoder;
    spec.muxer = films[i].muxer;
    if (clip_write(films[i].path, &spec))
      films[i].units = clip_units(films[i].path, films[i].codec);
  }
}

static void add(const char *name, GTestDataFunc test) {
  for (guint i = 0; i < G_N_ELEMENTS(films); i++) {
    g_autofree char *path = g_strdup_printf("/media/clip/%s/%s", name, films[i].name);
    g_test_add_data_func(path, &films[i], test);
  }
}

int main(int argc, char **argv) {
  gst_init(&argc, &argv);
  g_test_init(&argc, &argv, NULL);
  dir = g_dir_make_tmp("inveye-clip-XXXXXX", NULL);
  make_films();
  add("one-file", test_one_file);
  add("several-files", test_several_files);
  add("gap", test_gap);
  g_test_add_func("/media/clip/set-back", test_set_back);
  g_test_add_func("/media/clip/other-kind", test_other_kind);
  g_test_add_func("/media/clip/growing", test_growing);
  g_test_add_func("/media/clip/fails", test_fails);
  g_test_add_func("/media/clip/progress", test_progress);
  int failed = g_test_run();
  for (guint i = 0; i < G_N_ELEMENTS(films); i++) {
    g_clear_pointer(&films[i].units, g_ptr_array_unref);
    g_free(films[i].path);
  }
  clip_remove_dir(dir);
  g_free(dir);
  return failed;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "media/demo_cache.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"

#define FACTS "facts.ini" /* written last */
#define GROUP "film"
#define SAMPLE (1024 * 1024) /* bytes of a film's beginning and end that tell it from others */
#define LEFT_OVER_AGE (IV_HOUR / IV_SECOND)

static gboolean fail(GError **error, const char *path, int number) {
  g_set_error(error, IV_DEMO_ERROR, IV_DEMO_ERROR_CACHE, "%s: %s: the demo needs some 40 MB there",
              path, g_strerror(number));
  return FALSE;
}

/* --- the key --- */

static void add_sample(GChecksum *sum, FILE *file, long from) {
  g_autofree guchar *bytes = g_malloc(SAMPLE);
  if (fseek(file, from, SEEK_SET) != 0)
    return;
  gsize n = fread(bytes, 1, SAMPLE, file);
  g_checksum_update(sum, bytes, (gssize)n);
}

static char *key_of(const IvDemoCut *cut, GError **error) {
  FILE *file = g_fopen(cut->video, "rb");
  if (!file) {
    g_set_error(error, IV_DEMO_ERROR, IV_DEMO_ERROR_VIDEO,
                "%s: %s; choose a film with --demo-video FILE", cut->video, g_strerror(errno));
    return NULL;
  }
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(sum, (const guchar *)IV_DEMO_CUT_VERSION, -1);
  g_checksum_update(sum, (const guchar *)cut->views, IV_DEMO_CAMERAS * sizeof *cut->views);
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  g_checksum_update(sum, (const guchar *)&size, sizeof size);
  add_sample(sum, file, 0);
  add_sample(sum, file, MAX(size - SAMPLE, 0));
  fclose(file);
  return g_strndup(g_checksum_get_string(sum), 16);
}

/* --- what is there --- */

static gboolean read_facts(const char *folder, IvDemoFilms *ret_films) {
  g_autofree char *path = g_build_filename(folder, FACTS, NULL);
  g_autoptr(GKeyFile) facts = g_key_file_new();
  if (!g_key_file_load_from_file(facts, path, G_KEY_FILE_NONE, NULL))
    return FALSE;
  int num = g_key_file_get_integer(facts, GROUP, "fps_num", NULL);
  int den = g_key_file_get_integer(facts, GROUP, "fps_den", NULL);
  if (num <= 0 || den <= 0)
    return FALSE;
  *ret_films = (IvDemoFilms){g_strdup(folder), num, den};
  return TRUE;
}

static gboolean write_facts(const char *folder, int num, int den, GError **error) {
  g_autofree char *path = g_build_filename(folder, FACTS, NULL);
  g_autoptr(GKeyFile) facts = g_key_file_new();
  g_key_file_set_integer(facts, GROUP, "fps_num", num);
  g_key_file_set_integer(facts, GROUP, "fps_den", den);
  return g_key_file_save_to_file(facts, path, NULL) ? TRUE : fail(error, path, errno);
}

static void remove_folder(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_remove(path);
  }
  g_rmdir(folder);
}

/* Half-made folders of runs that were killed. */
static void remove_left_overs(const char *cache) {
  g_autoptr(GDir) dir = g_dir_open(cache, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *path = g_build_filename(cache, name, NULL);
    GStatBuf info;
    if (g_str_has_prefix(name, "making-demo-") && g_stat(path, &info) == 0 &&
        g_get_real_time() / IV_SECOND - info.st_mtime > LEFT_OVER_AGE)
      remove_folder(path);
  }
}

/* --- making it: in a folder of its own that is renamed when complete --- */

static gboolean make_in(const char *making, const IvDemoCut *cut, GError **error) {
  IvDemoCut here = *cut;
  here.folder = making;
  int num, den;
  return iv_demo_cut(&here, &num, &den, error) && write_facts(making, num, den, error);
}

static gboolean make(const char *cache, const char *folder, const IvDemoCut *cut, GError **error) {
  remove_left_overs(cache);
  g_autofree char *making = g_build_filename(cache, "making-demo-XXXXXX", NULL);
  if (!g_mkdtemp(making))
    return fail(error, cache, errno);
  if (!make_in(making, cut, error)) {
    remove_folder(making);
    return FALSE;
  }
  if (g_rename(making, folder) != 0) /* another process was faster: theirs will do */
    remove_folder(making);
  return TRUE;
}

gboolean iv_demo_cache_get(const char *cache, const IvDemoCut *cut, IvDemoFilms *ret_films,
                           GError **error) {
  g_autofree char *key = key_of(cut, error);
  if (!key)
    return FALSE;
  g_autofree char *name = g_strconcat("demo-", key, NULL);
  g_autofree char *folder = g_build_filename(cache, name, NULL);
  if (read_facts(folder, ret_films))
    return TRUE;
  if (g_mkdir_with_parents(cache, 0755) != 0)
    return fail(error, cache, errno);
  remove_folder(folder); /* if it is there, it is broken */
  if (!make(cache, folder, cut, error))
    return FALSE;
  return read_facts(folder, ret_films) ? TRUE : fail(error, folder, EIO);
}

void iv_demo_films_clear(IvDemoFilms *films) {
  g_clear_pointer(&films->folder, g_free);
}

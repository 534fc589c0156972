/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sales_folder.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "model/receipt_json.h"
#include "store/receipt_file.h"

struct IvSalesFolder {
  const IvConfig *config;
  IvStore *store;
  GStrv maps;       /* NULL = none */
  GHashTable *seen; /* file name → "size mtime" at the look before */
  gboolean told;    /* that the folder can't be read */
};

IvSalesFolder *iv_sales_folder_new(const IvConfig *config, IvStore *store) {
  IvSalesFolder *folder = g_new0(IvSalesFolder, 1);
  folder->config = config;
  folder->store = store;
  folder->maps = config->sales.csv_map ? g_strsplit(config->sales.csv_map, ",", -1) : NULL;
  for (guint i = 0; folder->maps && folder->maps[i]; i++)
    g_strstrip(folder->maps[i]);
  folder->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return folder;
}

void iv_sales_folder_free(IvSalesFolder *folder) {
  if (!folder)
    return;
  g_hash_table_unref(folder->seen);
  g_strfreev(folder->maps);
  g_free(folder);
}

/* ---- moving ---- */

/* A name in `dir` that is not taken: NAME, else NAME.1, NAME.2, ... */
static char *free_name(const char *dir, const char *name) {
  char *path = g_build_filename(dir, name, NULL);
  for (guint i = 1; g_file_test(path, G_FILE_TEST_EXISTS); i++) {
    g_autofree char *numbered = g_strdup_printf("%s.%u", name, i);
    g_free(path);
    path = g_build_filename(dir, numbered, NULL);
  }
  return path;
}

static void write_problems(const char *path, const char *text) {
  g_autoptr(GError) error = NULL;
  g_autofree char *beside = g_strconcat(path, ".txt", NULL);
  if (!g_file_set_contents(beside, text, -1, &error))
    g_warning("sales: %s", error->message);
}

/* `problems` NULL: to done/. */
static gboolean move(const IvSalesFolder *folder, const char *path, const char *name,
                     const char *problems) {
  g_autofree char *dir =
      g_build_filename(folder->config->sales.csv_folder, problems ? "failed" : "done", NULL);
  if (g_mkdir_with_parents(dir, 0700) != 0) {
    g_warning("sales: cannot make the folder %s: %s", dir, g_strerror(errno));
    return FALSE;
  }
  g_autofree char *to = free_name(dir, name);
  if (g_rename(path, to) != 0) {
    g_warning("sales: cannot move %s to %s: %s", path, to, g_strerror(errno));
    return FALSE;
  }
  if (problems)
    write_problems(to, problems);
  return TRUE;
}

/* ---- reading ---- */

static char *list_problems(const IvPosReceiptTally *tally) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < tally->problems->len; i++)
    g_string_append_printf(text, "%s\n", (const char *)tally->problems->pdata[i]);
  if (tally->bad > tally->problems->len)
    g_string_append_printf(text, "and %" G_GUINT64_FORMAT " more\n",
                           tally->bad - tally->problems->len);
  return g_string_free(text, FALSE);
}

static gboolean is_files_fault(const GError *error) {
  return error->domain == IV_POS_RECEIPT_ERROR || error->domain == G_FILE_ERROR;
}

static gboolean take_file(IvSalesFolder *folder, const char *path, const char *name, IvTime now) {
  g_autoptr(GError) error = NULL;
  g_auto(IvPosReceiptTally) tally = {0};
  IvPosReceiptFile file = {folder->config->store.id.text, path, (const char *const *)folder->maps,
                           now, "csv folder"};
  if (!iv_pos_receipt_file_import(folder->store, &file, &tally, &error)) {
    g_warning("sales: %s: %s", name, error->message);
    g_autofree char *line = g_strdup_printf("%s\n", error->message);
    return is_files_fault(error) && move(folder, path, name, line);
  }
  g_message("sales: %s: %" G_GUINT64_FORMAT " stored, %" G_GUINT64_FORMAT
            " were there already, %" G_GUINT64_FORMAT " bad",
            name, tally.stored, tally.duplicates, tally.bad);
  g_autofree char *problems = tally.bad ? list_problems(&tally) : NULL;
  return move(folder, path, name, problems);
}

/* TRUE for a regular file (no link) that is as it was at the look before. */
static gboolean is_settled(IvSalesFolder *folder, const char *path, const char *name) {
  GStatBuf stat;
  if (g_lstat(path, &stat) != 0 || !S_ISREG(stat.st_mode))
    return FALSE;
  g_autofree char *state =
      g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%ld", (gint64)stat.st_size,
                      (gint64)stat.st_mtim.tv_sec, stat.st_mtim.tv_nsec);
  gboolean same = g_strcmp0(g_hash_table_lookup(folder->seen, name), state) == 0;
  g_hash_table_insert(folder->seen, g_strdup(name), g_steal_pointer(&state));
  return same;
}

static GPtrArray *list_files(IvSalesFolder *folder) {
  g_autoptr(GError) error = NULL;
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) dir = g_dir_open(folder->config->sales.csv_folder, 0, &error);
  if (!dir && !folder->told)
    g_warning("sales: %s; make it, or change sales.csv_folder", error->message);
  folder->told = !dir;
  const char *name;
  while (dir && names->len < IV_SALES_FOLDER_FILES_MAX && (name = g_dir_read_name(dir))) {
    g_autofree char *lower = g_ascii_strdown(name, -1);
    if (g_str_has_suffix(lower, ".csv") && name[0] != '.')
      g_ptr_array_add(names, g_strdup(name));
  }
  return names;
}

static int compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Files that are gone need not be remembered. */
static void forget_gone(IvSalesFolder *folder, const GPtrArray *names) {
  if (g_hash_table_size(folder->seen) > names->len + IV_SALES_FOLDER_FILES_MAX)
    g_hash_table_remove_all(folder->seen);
}

guint iv_sales_folder_look(IvSalesFolder *folder, IvTime now) {
  guint n = 0;
  g_autoptr(GPtrArray) names = list_files(folder);
  g_ptr_array_sort(names, compare_names);
  for (guint i = 0; i < names->len; i++) {
    const char *name = names->pdata[i];
    g_autofree char *path = g_build_filename(folder->config->sales.csv_folder, name, NULL);
    if (!is_settled(folder, path, name) || !take_file(folder, path, name, now))
      continue;
    g_hash_table_remove(folder->seen, name);
    n++;
  }
  forget_gone(folder, names);
  return n;
}

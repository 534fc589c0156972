/* SPDX-License-Identifier: Apache-2.0 */
#include "store/secret_box.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
  char *dir, *path;
} Folder;

static void set_up(Folder *folder, gconstpointer data) {
  (void)data;
  folder->dir = g_dir_make_tmp("inveye-secret-XXXXXX", NULL);
  folder->path = g_build_filename(folder->dir, "secret.key", NULL);
}

static void tear_down(Folder *folder, gconstpointer data) {
  (void)data;
  g_remove(folder->path);
  g_rmdir(folder->dir);
  g_free(folder->path);
  g_free(folder->dir);
}

static IvSecretBox *open_box(const Folder *folder) {
  g_autoptr(GError) error = NULL;
  IvSecretBox *box = iv_secret_box_open(folder->path, &error);
  g_assert_no_error(error);
  return box;
}

static void assert_sealed(const IvSecretBox *box, const char *context, GBytes *sealed) {
  g_autoptr(GError) error = NULL;
  g_assert_null(iv_secret_box_unseal(box, context, sealed, &error));
  g_assert_error(error, IV_SECRET_BOX_ERROR, IV_SECRET_BOX_ERROR_SEALED);
}

static void test_seals(Folder *folder, gconstpointer data) {
  (void)data;
  struct stat info;
  g_autoptr(IvSecretBox) box = open_box(folder), again = open_box(folder);
  g_assert_cmpint(stat(folder->path, &info), ==, 0);
  g_assert_cmpint(info.st_mode & 0777, ==, 0600);
  g_autoptr(GBytes) one = iv_secret_box_seal(box, "camera/shop/door", "geheim");
  g_autoptr(GBytes) two = iv_secret_box_seal(box, "camera/shop/door", "geheim");
  g_assert_false(g_bytes_equal(one, two));
  g_assert_null(memmem(g_bytes_get_data(one, NULL), g_bytes_get_size(one), "geheim", 6));
  char *text = iv_secret_box_unseal(again, "camera/shop/door", one, NULL);
  g_assert_cmpstr(text, ==, "geheim");
  iv_secret_free(text);
  g_autoptr(GBytes) empty = iv_secret_box_seal(box, "x", "");
  text = iv_secret_box_unseal(box, "x", empty, NULL);
  g_assert_cmpstr(text, ==, "");
  iv_secret_free(text);
}

static void test_refuses(Folder *folder, gconstpointer data) {
  (void)data;
  g_autoptr(IvSecretBox) box = open_box(folder);
  g_autoptr(GBytes) sealed = iv_secret_box_seal(box, "camera/shop/door", "geheim");
  assert_sealed(box, "camera/shop/aisle", sealed);
  gsize n = g_bytes_get_size(sealed);
  for (gsize i = 0; i < n; i++) { /* every byte of it counts */
    g_autofree guint8 *bytes = g_memdup2(g_bytes_get_data(sealed, NULL), n);
    bytes[i] ^= 1;
    g_autoptr(GBytes) damaged = g_bytes_new(bytes, n), cut = g_bytes_new(bytes, i);
    assert_sealed(box, "camera/shop/door", damaged);
    assert_sealed(box, "camera/shop/door", cut);
  }
  g_remove(folder->path);
  g_autoptr(IvSecretBox) other = open_box(folder);
  assert_sealed(other, "camera/shop/door", sealed);
}

static void assert_no_key(const Folder *folder, const char *why) {
  g_autoptr(GError) error = NULL;
  g_assert_null(iv_secret_box_open(folder->path, &error));
  g_assert_error(error, IV_SECRET_BOX_ERROR, IV_SECRET_BOX_ERROR_KEY);
  g_assert_nonnull(strstr(error->message, why));
}

static void test_bad_key_file(Folder *folder, gconstpointer data) {
  (void)data;
  iv_secret_box_free(open_box(folder));
  g_assert_cmpint(g_chmod(folder->path, 0644), ==, 0);
  assert_no_key(folder, "chmod 600");
  g_assert_true(g_file_set_contents(folder->path, "short", -1, NULL));
  g_assert_cmpint(g_chmod(folder->path, 0600), ==, 0);
  assert_no_key(folder, "is not a key");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add("/secret-box/seals", Folder, NULL, set_up, test_seals, tear_down);
  g_test_add("/secret-box/refuses", Folder, NULL, set_up, test_refuses, tear_down);
  g_test_add("/secret-box/bad-key-file", Folder, NULL, set_up, test_bad_key_file, tear_down);
  return g_test_run();
}

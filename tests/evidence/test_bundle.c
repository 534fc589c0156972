/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles are made, opened by other programs (unzip, sha256sum, openssl), and changed byte by byte:
 * every change is found, and the file is named. */
#include "evidence/bundle_check.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "evidence/crc32.h"
#include "evidence/zip_reader.h"

#define WHEN 1774778400 /* 2026-03-29T10:00:00Z */

static char *dir;
static IvPublicKey key;
static guint8 secret[crypto_sign_SECRETKEYBYTES];

static char *in_dir(const char *name) {
  return g_build_filename(dir, name, NULL);
}

static void sign(const void *text, gsize n, guint8 *ret_signature, gpointer user_data) {
  (void)user_data;
  crypto_sign_detached(ret_signature, NULL, text, n, secret);
}

static const struct {
  const char *name;
  gsize n;
} parts[] = {{"README.txt", 300},
             {"metadata.json", 2000},
             {"clip-1.mp4", 200000},
             {"stills/1.jpg", 5000},
             {"empty.txt", 0}};

static guint8 *content(gsize n, guint seed) {
  guint8 *bytes = g_malloc(n + 1);
  for (gsize i = 0; i < n; i++)
    bytes[i] = (guint8)(i * 31 + seed);
  return bytes;
}

static void make_bundle(const char *path) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvBundle) bundle = iv_bundle_new(path, "evidence-7", WHEN, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    g_autofree guint8 *bytes = content(parts[i].n, i);
    g_assert_true(iv_bundle_add_bytes(bundle, parts[i].name, bytes, parts[i].n, &error));
  }
  g_assert_true(iv_bundle_finish(bundle, &key, sign, NULL, &error));
}

/* ---- the archive ---- */

static void test_crc(void) {
  g_assert_cmphex(iv_crc32(0, "123456789", 9), ==, 0xcbf43926);
  g_assert_cmphex(iv_crc32(iv_crc32(0, "1234", 4), "56789", 5), ==, 0xcbf43926);
}

static int run(const char *command) {
  int status = -1;
  g_autofree char *out = NULL, *err = NULL;
  g_autoptr(GError) error = NULL;
  const char *const argv[] = {"sh", "-c", command, NULL};
  g_spawn_sync(dir, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &status,
               &error);
  g_assert_no_error(error);
  if (status != 0)
    g_test_message("%s: %s%s", command, out, err);
  return status;
}

static gboolean has(const char *program) {
  g_autofree char *path = g_find_program_in_path(program);
  return path != NULL;
}

static void test_zip64(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = in_dir("large.zip");
  g_autoptr(IvZipWriter) zip = iv_zip_writer_new(path, WHEN, &error);
  iv_zip_writer_force_64(zip);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *name = g_strdup_printf("a/%u.txt", i);
    g_assert_true(iv_zip_writer_begin(zip, name, 10, &error));
    g_assert_true(iv_zip_writer_add(zip, "0123", 4, &error));
    g_assert_true(iv_zip_writer_add(zip, "456789", 6, &error));
    g_assert_true(iv_zip_writer_end(zip, &error));
  }
  g_assert_true(iv_zip_writer_finish(zip, &error));
  g_autoptr(IvZipReader) reader = iv_zip_reader_open(path, &error);
  g_assert_no_error(error);
  const IvZipFile *file = iv_zip_reader_find(reader, "a/2.txt");
  g_autoptr(GBytes) bytes = iv_zip_reader_bytes(reader, file, 100, &error);
  g_assert_cmpuint(g_bytes_get_size(bytes), ==, 10);
  g_assert_cmpmem(g_bytes_get_data(bytes, NULL), 10, "0123456789", 10);
  g_assert_null(iv_zip_reader_find(reader, "a/3.txt"));
  g_assert_null(iv_zip_reader_bytes(reader, file, 9, NULL));
  if (has("unzip"))
    g_assert_cmpint(run("unzip -tq large.zip"), ==, 0);
  if (has("python3"))
    g_assert_cmpint(run("python3 -c \"import zipfile; z = zipfile.ZipFile('large.zip'); assert "
                        "z.testzip() is None and z.read('a/1.txt') == b'0123456789'\""),
                    ==, 0);
}

/* A directory that lies far in: a file of zeros of more than 4 GiB would take too long, so sizes
 * that only look so are tried on the reader. */
static void test_no_zip(void) {
  static const char *const texts[] = {
      "", "x", "PK\5\6", "PK\3\4 this is no archive, but is long enough to be read as one"};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *path = in_dir("none.zip");
    g_assert_true(g_file_set_contents(path, texts[i], -1, NULL));
    g_assert_null(iv_zip_reader_open(path, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  }
  g_autoptr(GError) error = NULL;
  g_assert_null(iv_zip_reader_open("/nonexistent.zip", &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* ---- the key ---- */

static void test_key(void) {
  IvPublicKey again;
  g_autofree char *pem = iv_public_key_to_pem(&key);
  g_assert_true(iv_public_key_from_pem(pem, strlen(pem), &again));
  g_assert_cmpmem(again.bytes, sizeof again.bytes, key.bytes, sizeof key.bytes);
  for (gsize i = 0; i < strlen(pem); i++) {
    g_autofree char *other = g_strdup(pem);
    other[i] ^= 1;
    g_assert_true(!iv_public_key_from_pem(other, strlen(other), &again) ||
                  memcmp(again.bytes, key.bytes, sizeof key.bytes) != 0);
  }
  g_assert_false(iv_public_key_from_pem("", 0, &again));
  g_assert_false(iv_public_key_from_pem(pem, strlen(pem) - 1, &again));
}

/* ---- bundles ---- */

static void check(const char *path, const char *fingerprint, IvBundleCheck *ret) {
  g_autoptr(GError) error = NULL;
  iv_bundle_check(path, fingerprint, ret, &error);
  g_assert_no_error(error);
}

static void test_intact(void) {
  g_autofree char *path = in_dir("intact.zip"), *print = iv_public_key_fingerprint(&key);
  g_auto(IvBundleCheck) result = {0}, known = {0}, other = {0};
  make_bundle(path);
  check(path, NULL, &result);
  g_assert_cmpint(result.verdict, ==, IV_BUNDLE_INTACT);
  g_assert_cmpuint(result.files, ==, G_N_ELEMENTS(parts) + 1);
  g_assert_cmpuint(result.faults->len, ==, 0);
  g_assert_cmpstr(result.fingerprint, ==, print);
  check(path, print, &known);
  g_assert_cmpint(known.verdict, ==, IV_BUNDLE_INTACT);
  check(path, "00ff", &other);
  g_assert_cmpint(other.verdict, ==, IV_BUNDLE_UNSIGNED);
  g_assert_nonnull(strstr(other.what, "another key"));
}

/* The commands of docs/evidence.md, by programs that are not ours. */
static void test_documented(void) {
  if (!has("unzip") || !has("openssl") || !has("sha256sum")) {
    g_test_skip("unzip, openssl and sha256sum are not all here");
    return;
  }
  g_autofree char *path = in_dir("police.zip"), *print = iv_public_key_fingerprint(&key);
  make_bundle(path);
  g_assert_cmpint(run("unzip -q police.zip"), ==, 0);
  g_assert_cmpint(run("cd evidence-7 && sha256sum -c --strict SHA256SUMS"), ==, 0);
#define VERIFY                                                                                     \
  "cd evidence-7 && openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in SHA256SUMS "   \
  "-sigfile SHA256SUMS.sig"
  g_assert_cmpint(run(VERIFY), ==, 0);
  g_autofree char *fingerprint =
      g_strdup_printf("cd evidence-7 && openssl pkey -pubin -in public-key.pem -outform DER | "
                      "sha256sum | grep -q %s",
                      print);
  g_assert_cmpint(run(fingerprint), ==, 0);
  g_assert_cmpint(run("printf x >> evidence-7/metadata.json"), ==, 0);
  g_assert_cmpint(run("cd evidence-7 && sha256sum -c SHA256SUMS"), !=, 0);
  g_assert_cmpint(run("printf x >> evidence-7/SHA256SUMS"), ==, 0);
  g_assert_cmpint(run(VERIFY), !=, 0);
  g_assert_cmpint(run("rm -r evidence-7"), ==, 0);
}

static const IvZipFile *whose(const IvZipReader *zip, guint64 at) {
  guint n;
  const IvZipFile *files = iv_zip_reader_files(zip, &n);
  for (guint i = 0; i < n; i++)
    if (at >= files[i].offset && at < files[i].offset + files[i].size)
      return &files[i];
  return NULL; /* of the archive itself */
}

static gboolean is_named(const IvBundleCheck *result, const char *name) {
  for (guint i = 0; i < result->faults->len; i++)
    if (strstr(result->faults->pdata[i], name))
      return TRUE;
  return FALSE;
}

/* Every byte of the archive itself and of the small files, and a few of each large one. */
static void test_flipped(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = in_dir("whole.zip"), *flipped = in_dir("flipped.zip");
  g_autofree char *bytes = NULL;
  gsize n;
  guint tried = 0;
  make_bundle(path);
  g_assert_true(g_file_get_contents(path, &bytes, &n, &error));
  g_autoptr(IvZipReader) zip = iv_zip_reader_open(path, &error);
  int fd = g_open(flipped, O_RDWR | O_CREAT | O_TRUNC, 0600);
  g_assert_cmpint(write(fd, bytes, n), ==, n);
  for (gsize at = 0; at < n; at++) {
    const IvZipFile *file = whose(zip, at);
    gsize of = file ? at - file->offset : 0;
    if (file && file->size > 1000 && of > 2 && of + 3 < file->size && of != file->size / 2)
      continue;
    char other = (char)(bytes[at] ^ 0x20);
    g_auto(IvBundleCheck) result = {0};
    g_assert_cmpint(pwrite(fd, &other, 1, (off_t)at), ==, 1);
    check(flipped, NULL, &result);
    g_assert_cmpint(pwrite(fd, bytes + at, 1, (off_t)at), ==, 1);
    tried++;
    if (result.verdict == IV_BUNDLE_INTACT)
      g_error("byte %" G_GSIZE_FORMAT " of %s: nobody noticed", at,
              file ? file->name : "the archive");
    const char *name = file ? strchr(file->name, '/') + 1 : NULL;
    if (name && !is_named(&result, name))
      g_error("byte %" G_GSIZE_FORMAT " of %s: another file is blamed", at, name);
    g_assert_nonnull(result.what);
  }
  close(fd);
  g_assert_cmpuint(tried, >, 1800);
}

/* What was taken out, put in, or made anew with another key. */
static void test_parts(void) {
  if (!has("python3")) {
    g_test_skip("python3 is not here");
    return;
  }
  g_autofree char *path = in_dir("parts.zip");
  make_bundle(path);
  g_auto(IvBundleCheck) more = {0};
  g_assert_cmpint(run("python3 -c \"import zipfile; z = zipfile.ZipFile('parts.zip', 'a'); "
                      "z.writestr('evidence-7/more.txt', 'x'); z.close()\""),
                  ==, 0);
  check(path, NULL, &more);
  g_assert_cmpint(more.verdict, ==, IV_BUNDLE_DAMAGED); /* another program has written it */
  g_autofree char *cut = in_dir("cut.zip");
  g_assert_cmpint(run("head -c 100000 police.zip > cut.zip"), ==, 0);
  g_auto(IvBundleCheck) short_one = {0};
  check(cut, NULL, &short_one);
  g_assert_cmpint(short_one.verdict, ==, IV_BUNDLE_DAMAGED);
}

/* By our own writer, so that the archive is right and only what is in it is not. */
static void test_added(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = in_dir("added.zip"), *pem = iv_public_key_to_pem(&key);
  g_autoptr(IvZipWriter) zip = iv_zip_writer_new(path, WHEN, &error);
  g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "mine", 4);
  g_autofree char *pem_sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, pem, -1);
  g_autofree char *manifest =
      g_strdup_printf("%s  a.txt\n%s  gone.txt\n%s  public-key.pem\n", sum, sum, pem_sum);
  guint8 signature[IV_SIGNATURE_BYTES];
  sign(manifest, strlen(manifest), signature, NULL);
  const struct {
    const char *name;
    const void *bytes;
    gsize n;
  } files[] = {{"e/a.txt", "mine", 4},
               {"e/b.txt", "yours", 5},
               {"outside.txt", "x", 1},
               {"e/public-key.pem", pem, strlen(pem)},
               {"e/SHA256SUMS", manifest, strlen(manifest)},
               {"e/SHA256SUMS.sig", signature, sizeof signature}};
  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_assert_true(iv_zip_writer_begin(zip, files[i].name, files[i].n, &error));
    g_assert_true(iv_zip_writer_add(zip, files[i].bytes, files[i].n, &error));
    g_assert_true(iv_zip_writer_end(zip, &error));
  }
  g_assert_true(iv_zip_writer_finish(zip, &error));
  g_auto(IvBundleCheck) result = {0};
  check(path, NULL, &result);
  g_assert_cmpint(result.verdict, ==, IV_BUNDLE_CHANGED);
  g_assert_cmpuint(result.faults->len, ==, 3);
  g_assert_cmpstr(result.faults->pdata[0], ==, "gone.txt: missing");
  g_assert_cmpstr(result.faults->pdata[1], ==, "b.txt: was added");
  g_assert_cmpstr(result.faults->pdata[2], ==, "outside.txt: was added");
}

/* What is given up leaves no bundle. */
static gboolean give_up(guint64 bytes, gpointer user_data) {
  guint64 *sum = user_data;
  *sum += bytes;
  return FALSE;
}

static void test_given_up(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = in_dir("given-up.zip"), *source = in_dir("source");
  g_autofree guint8 *bytes = content(3000000, 1);
  guint64 told = 0;
  g_assert_true(g_file_set_contents(source, (const char *)bytes, 3000000, NULL));
  int fd = g_open(source, O_RDONLY, 0);
  g_autoptr(IvBundle) bundle = iv_bundle_new(path, "e", WHEN, &error);
  g_assert_false(iv_bundle_add_file(bundle, "clip.mp4", fd, 3000000, give_up, &told, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint(told, ==, IV_ZIP_CHUNK);
  close(fd);
}

static void remove_dir(void) {
  g_autoptr(GDir) folder = g_dir_open(dir, 0, NULL);
  for (const char *name; folder && (name = g_dir_read_name(folder));) {
    g_autofree char *path = in_dir(name);
    g_remove(path);
  }
  g_rmdir(dir);
  g_free(dir);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_assert_cmpint(sodium_init(), >=, 0);
  crypto_sign_keypair(key.bytes, secret);
  dir = g_dir_make_tmp("inveye-bundle-XXXXXX", NULL);
  g_test_add_func("/bundle/crc", test_crc);
  g_test_add_func("/bundle/zip64", test_zip64);
  g_test_add_func("/bundle/no-zip", test_no_zip);
  g_test_add_func("/bundle/key", test_key);
  g_test_add_func("/bundle/intact", test_intact);
  g_test_add_func("/bundle/documented-commands", test_documented);
  g_test_add_func("/bundle/flipped", test_flipped);
  g_test_add_func("/bundle/parts", test_parts);
  g_test_add_func("/bundle/added", test_added);
  g_test_add_func("/bundle/given-up", test_given_up);
  int status = g_test_run();
  remove_dir();
  return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/bundle_check.h"

#include <string.h>

#include "evidence/crc32.h"
#include "evidence/zip_reader.h"

#define SMALL_MAX (4 * 1024 * 1024) /* manifest, signature and key are smaller */
#define SUM_TEXT 64

typedef struct {
  const IvZipReader *zip;
  char *folder;      /* with its '/' */
  GHashTable *named; /* in the manifest */
  IvBundleCheck *check;
} Check;

void iv_bundle_check_clear(IvBundleCheck *check) {
  g_clear_pointer(&check->what, g_free);
  g_clear_pointer(&check->fingerprint, g_free);
  g_clear_pointer(&check->faults, g_ptr_array_unref);
}

/* What is found first stays. */
static void judge(IvBundleCheck *check, IvBundleVerdict verdict, const char *what) {
  if (check->verdict != IV_BUNDLE_INTACT)
    return;
  check->verdict = verdict;
  check->what = g_strdup(what);
}

static void fault(Check *c, const char *name, const char *what) {
  g_ptr_array_add(c->check->faults, g_strdup_printf("%s: %s", name, what));
  judge(c->check, IV_BUNDLE_CHANGED, "it is not what was signed");
}

/* ---- contents ---- */

/* FALSE when the disk fails. */
static gboolean sums_of(Check *c, const IvZipFile *file, char **ret_sha256, guint32 *ret_crc,
                        GError **error) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  g_autofree guint8 *chunk = g_malloc(IV_ZIP_CHUNK);
  *ret_crc = 0;
  for (guint64 at = 0; at < file->size;) {
    gsize n = (gsize)MIN(file->size - at, IV_ZIP_CHUNK);
    if (!iv_zip_reader_read(c->zip, file, at, chunk, n, error))
      return FALSE;
    g_checksum_update(sum, chunk, (gssize)n);
    *ret_crc = iv_crc32(*ret_crc, chunk, n);
    at += n;
  }
  c->check->files++;
  c->check->bytes += file->size;
  *ret_sha256 = g_strdup(g_checksum_get_string(sum));
  return TRUE;
}

static gboolean check_file(Check *c, const char *name, const char *wanted, GError **error) {
  g_autofree char *full = g_strconcat(c->folder, name, NULL), *sum = NULL;
  const IvZipFile *file = iv_zip_reader_find(c->zip, full);
  guint32 crc;
  if (!file) {
    fault(c, name, "missing");
    return TRUE;
  }
  if (!sums_of(c, file, &sum, &crc, error))
    return FALSE;
  if (strncmp(sum, wanted, SUM_TEXT) != 0)
    fault(c, name, "changed");
  else if (crc != file->crc)
    fault(c, name, "its checksum in the archive was changed");
  return TRUE;
}

/* ---- the manifest ---- */

static gboolean is_line(const char *line) {
  for (int i = 0; i < SUM_TEXT; i++)
    if (!g_ascii_isxdigit(line[i]))
      return FALSE;
  return line[SUM_TEXT] == ' ' && line[SUM_TEXT + 1] == ' ' && line[SUM_TEXT + 2] != '\0';
}

static gboolean check_manifest(Check *c, GBytes *manifest, GError **error) {
  gsize n;
  const char *text = g_bytes_get_data(manifest, &n);
  g_autofree char *copy = g_strndup(text, n);
  g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    if (lines[i][0] == '\0')
      continue;
    if (!is_line(lines[i])) {
      fault(c, IV_BUNDLE_MANIFEST, "holds a line that is none");
      continue;
    }
    g_hash_table_add(c->named, g_strdup(lines[i] + SUM_TEXT + 2));
    if (!check_file(c, lines[i] + SUM_TEXT + 2, lines[i], error))
      return FALSE;
  }
  return TRUE;
}

static void find_added(Check *c) {
  guint n;
  const IvZipFile *files = iv_zip_reader_files(c->zip, &n);
  for (guint i = 0; i < n; i++) {
    const char *name = files[i].name;
    gboolean inside = g_str_has_prefix(name, c->folder);
    const char *rest = inside ? name + strlen(c->folder) : name;
    if (!inside ||
        (!g_hash_table_contains(c->named, rest) && strcmp(rest, IV_BUNDLE_MANIFEST) != 0 &&
         strcmp(rest, IV_BUNDLE_SIGNATURE) != 0))
      fault(c, rest, "was added");
  }
}

/* ---- the signature ---- */

/* NULL when it is not there, with the verdict; or with an error when the disk fails. */
static GBytes *small_file(Check *c, const char *name, GError **error) {
  g_autofree char *full = g_strconcat(c->folder, name, NULL);
  const IvZipFile *file = iv_zip_reader_find(c->zip, full);
  if (file)
    return iv_zip_reader_bytes(c->zip, file, SMALL_MAX, error);
  g_autofree char *what = g_strdup_printf("it has no %s", name);
  judge(c->check, IV_BUNDLE_UNSIGNED, what);
  return NULL;
}

static void check_signature(Check *c, GBytes *manifest, GBytes *signature, GBytes *pem,
                            const char *wanted) {
  IvPublicKey key;
  gsize n, n_pem, n_text;
  const guint8 *bytes = g_bytes_get_data(signature, &n);
  const char *text = g_bytes_get_data(pem, &n_pem);
  if (!iv_public_key_from_pem(text, n_pem, &key)) {
    g_ptr_array_add(c->check->faults, g_strdup(IV_BUNDLE_KEY ": is no key"));
    judge(c->check, IV_BUNDLE_UNSIGNED, "the key in it is none");
    return;
  }
  c->check->fingerprint = iv_public_key_fingerprint(&key);
  const void *signed_text = g_bytes_get_data(manifest, &n_text);
  if (n != IV_SIGNATURE_BYTES || !iv_public_key_verify(&key, signed_text, n_text, bytes)) {
    g_ptr_array_add(
        c->check->faults,
        g_strdup(IV_BUNDLE_MANIFEST ", " IV_BUNDLE_SIGNATURE " or " IV_BUNDLE_KEY ": changed"));
    judge(c->check, IV_BUNDLE_UNSIGNED, "the manifest is not what was signed with the key in it");
  } else if (wanted && g_ascii_strcasecmp(wanted, c->check->fingerprint) != 0) {
    judge(c->check, IV_BUNDLE_UNSIGNED,
          "it is signed with another key than the one that was given");
  }
}

static gboolean check_all(Check *c, const char *fingerprint, GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GBytes) manifest = small_file(c, IV_BUNDLE_MANIFEST, &wrong);
  g_autoptr(GBytes) signature = manifest ? small_file(c, IV_BUNDLE_SIGNATURE, &wrong) : NULL;
  g_autoptr(GBytes) pem = signature ? small_file(c, IV_BUNDLE_KEY, &wrong) : NULL;
  if (wrong) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  if (pem)
    check_signature(c, manifest, signature, pem, fingerprint);
  if (manifest && !check_manifest(c, manifest, error))
    return FALSE;
  if (manifest)
    find_added(c);
  return TRUE;
}

/* That of the manifest. */
static char *folder_of(const IvZipReader *zip) {
  guint n;
  const IvZipFile *files = iv_zip_reader_files(zip, &n);
  for (guint i = 0; i < n; i++)
    if (g_str_has_suffix(files[i].name, "/" IV_BUNDLE_MANIFEST))
      return g_strndup(files[i].name, strlen(files[i].name) - strlen(IV_BUNDLE_MANIFEST));
  return g_strdup("");
}

gboolean iv_bundle_check(const char *path, const char *fingerprint, IvBundleCheck *ret_check,
                         GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_auto(IvBundleCheck) check = {.faults = g_ptr_array_new_with_free_func(g_free)};
  g_autoptr(IvZipReader) zip = iv_zip_reader_open(path, &wrong);
  g_autofree char *folder = zip ? folder_of(zip) : NULL;
  g_autoptr(GHashTable) named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  Check c = {zip, folder, named, &check};
  if (zip)
    check_all(&c, fingerprint, &wrong);
  if (g_error_matches(wrong, G_IO_ERROR, G_IO_ERROR_INVALID_DATA)) {
    judge(&check, IV_BUNDLE_DAMAGED, wrong->message);
  } else if (wrong) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  *ret_check = check;
  check = (IvBundleCheck){0};
  return TRUE;
}

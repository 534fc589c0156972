/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/bundle.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct IvBundle {
  IvZipWriter *zip;
  char *folder;
  GString *manifest;
};

IvBundle *iv_bundle_new(const char *path, const char *folder, gint64 when, GError **error) {
  IvZipWriter *zip = iv_zip_writer_new(path, when, error);
  if (!zip)
    return NULL;
  IvBundle *bundle = g_new0(IvBundle, 1);
  bundle->zip = zip;
  bundle->folder = g_strdup(folder);
  bundle->manifest = g_string_new(NULL);
  return bundle;
}

void iv_bundle_free(IvBundle *bundle) {
  if (!bundle)
    return;
  iv_zip_writer_free(bundle->zip);
  g_string_free(bundle->manifest, TRUE);
  g_free(bundle->folder);
  g_free(bundle);
}

static gboolean begin(IvBundle *bundle, const char *name, guint64 size, GError **error) {
  g_autofree char *full = g_strdup_printf("%s/%s", bundle->folder, name);
  return iv_zip_writer_begin(bundle->zip, full, size, error);
}

/* Two blanks: binary, as sha256sum writes it. */
static void note(IvBundle *bundle, GChecksum *sum, const char *name) {
  g_string_append_printf(bundle->manifest, "%s  %s\n", g_checksum_get_string(sum), name);
}

static gboolean add_plain(IvBundle *bundle, const char *name, const void *bytes, gsize n,
                          GError **error) {
  return begin(bundle, name, n, error) && iv_zip_writer_add(bundle->zip, bytes, n, error) &&
         iv_zip_writer_end(bundle->zip, error);
}

gboolean iv_bundle_add_bytes(IvBundle *bundle, const char *name, const void *bytes, gsize n,
                             GError **error) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  if (!add_plain(bundle, name, bytes, n, error))
    return FALSE;
  g_checksum_update(sum, bytes, (gssize)n);
  note(bundle, sum, name);
  return TRUE;
}

static gboolean read_chunk(int fd, guint64 at, guint8 *bytes, gsize n, GError **error) {
  for (gsize done = 0; done < n;) {
    gssize got = pread(fd, bytes + done, n - done, (off_t)(at + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(got < 0 ? errno : EIO),
                  "a file of it cannot be read: %s", g_strerror(got < 0 ? errno : EIO));
      return FALSE;
    }
    done += (gsize)got;
  }
  return TRUE;
}

gboolean iv_bundle_add_file(IvBundle *bundle, const char *name, int fd, guint64 size,
                            IvBundleTold told, gpointer user_data, GError **error) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  g_autofree guint8 *chunk = g_malloc(IV_ZIP_CHUNK);
  if (!begin(bundle, name, size, error))
    return FALSE;
  for (guint64 at = 0; at < size;) {
    gsize n = (gsize)MIN(size - at, IV_ZIP_CHUNK);
    if (!read_chunk(fd, at, chunk, n, error) || !iv_zip_writer_add(bundle->zip, chunk, n, error))
      return FALSE;
    g_checksum_update(sum, chunk, (gssize)n);
    at += n;
    if (told && !told(n, user_data)) {
      g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "it was given up");
      return FALSE;
    }
  }
  if (!iv_zip_writer_end(bundle->zip, error))
    return FALSE;
  note(bundle, sum, name);
  return TRUE;
}

gboolean iv_bundle_finish(IvBundle *bundle, const IvPublicKey *key, IvBundleSign sign,
                          gpointer user_data, GError **error) {
  guint8 signature[IV_SIGNATURE_BYTES];
  g_autofree char *pem = iv_public_key_to_pem(key);
  if (!iv_bundle_add_bytes(bundle, IV_BUNDLE_KEY, pem, strlen(pem), error))
    return FALSE;
  sign(bundle->manifest->str, bundle->manifest->len, signature, user_data);
  return add_plain(bundle, IV_BUNDLE_MANIFEST, bundle->manifest->str, bundle->manifest->len,
                   error) &&
         add_plain(bundle, IV_BUNDLE_SIGNATURE, signature, sizeof signature, error) &&
         iv_zip_writer_finish(bundle->zip, error);
}

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "evidence/public_key.h"
#include "evidence/zip_writer.h"

/* An evidence bundle: a ZIP file with a folder in it, whose files stand with their SHA-256 in the
 * manifest (as `sha256sum -c` reads it), which is signed. docs/evidence.md says how anybody checks
 * it. One thread at a time. */
typedef struct IvBundle IvBundle;

#define IV_BUNDLE_MANIFEST "SHA256SUMS"
#define IV_BUNDLE_SIGNATURE "SHA256SUMS.sig"
#define IV_BUNDLE_KEY "public-key.pem"

/* `folder` is the name of the folder in it. NULL with G_IO_ERROR. */
IvBundle *iv_bundle_new(const char *path, const char *folder, gint64 when, GError **error);
void iv_bundle_free(IvBundle *bundle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvBundle, iv_bundle_free)

/* `name` is below the folder. `ret_sha256` (64 digits and NUL, may be NULL). */
gboolean iv_bundle_add_bytes(IvBundle *bundle, const char *name, const void *bytes, gsize n,
                             GError **error);

/* `size` bytes of the descriptor from its beginning. `told` (may be NULL) is called with the bytes
 * done after each chunk; FALSE = give up (G_IO_ERROR_CANCELLED). */
typedef gboolean (*IvBundleTold)(guint64 bytes, gpointer user_data);
gboolean iv_bundle_add_file(IvBundle *bundle, const char *name, int fd, guint64 size,
                            IvBundleTold told, gpointer user_data, GError **error);

/* Signs IV_SIGNATURE_BYTES for the text. */
typedef void (*IvBundleSign)(const void *text, gsize n, guint8 *ret_signature, gpointer user_data);

/* Adds the key, the manifest of all and the signature of that, and ends the file. */
gboolean iv_bundle_finish(IvBundle *bundle, const IvPublicKey *key, IvBundleSign sign,
                          gpointer user_data, GError **error);

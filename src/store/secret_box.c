/* SPDX-License-Identifier: Apache-2.0 */
#include "store/secret_box.h"

#include <sodium.h>
#include <string.h>

#include "store/key_file.h"

#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES

G_STATIC_ASSERT(KEY_BYTES == IV_KEY_FILE_BYTES);

G_DEFINE_QUARK(iv - secret - box - error - quark, iv_secret_box_error)

struct IvSecretBox {
  guint8 key[KEY_BYTES];
};

IvSecretBox *iv_secret_box_open(const char *path, GError **error) {
  g_autoptr(IvSecretBox) box = g_new0(IvSecretBox, 1);
  g_autoptr(GError) cause = NULL;
  sodium_mlock(box, sizeof *box);
  if (iv_key_file_read(path,
                       "put back the one from the backup, or move it away and enter the cameras' "
                       "addresses again",
                       box->key, &cause))
    return g_steal_pointer(&box);
  g_set_error_literal(error, IV_SECRET_BOX_ERROR, IV_SECRET_BOX_ERROR_KEY, cause->message);
  return NULL;
}

void iv_secret_box_free(IvSecretBox *box) {
  if (!box)
    return;
  sodium_munlock(box, sizeof *box); /* wipes it */
  g_free(box);
}

GBytes *iv_secret_box_seal(const IvSecretBox *box, const char *context, const char *secret) {
  gsize n = strlen(secret);
  guint8 *sealed = g_malloc(NONCE_BYTES + n + TAG_BYTES);
  unsigned long long length = 0;
  randombytes_buf(sealed, NONCE_BYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_BYTES, &length, (const guint8 *)secret,
                                             n, (const guint8 *)context, strlen(context), NULL,
                                             sealed, box->key);
  return g_bytes_new_take(sealed, NONCE_BYTES + (gsize)length);
}

char *iv_secret_box_unseal(const IvSecretBox *box, const char *context, GBytes *sealed,
                           GError **error) {
  gsize n;
  const guint8 *data = g_bytes_get_data(sealed, &n);
  unsigned long long length = 0;
  char *secret = NULL;
  if (n >= NONCE_BYTES + TAG_BYTES && n <= NONCE_BYTES + TAG_BYTES + IV_SECRET_MAX) {
    secret = g_malloc0(n - NONCE_BYTES - TAG_BYTES + 1);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            (guint8 *)secret, &length, NULL, data + NONCE_BYTES, n - NONCE_BYTES,
            (const guint8 *)context, strlen(context), data, box->key) == 0)
      return secret;
    g_free(secret);
  }
  g_set_error_literal(error, IV_SECRET_BOX_ERROR, IV_SECRET_BOX_ERROR_SEALED,
                      "was sealed with another key file; enter it again");
  return NULL;
}

void iv_secret_free(char *secret) {
  if (secret)
    sodium_memzero(secret, strlen(secret));
  g_free(secret);
}

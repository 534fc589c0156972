/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sign_key.h"

#include <sodium.h>

#include "store/key_file.h"

G_STATIC_ASSERT(crypto_sign_SEEDBYTES == IV_KEY_FILE_BYTES);
G_STATIC_ASSERT(crypto_sign_PUBLICKEYBYTES == IV_SIGN_PUBLIC_BYTES);
G_STATIC_ASSERT(crypto_sign_BYTES == IV_SIGN_SIGNATURE_BYTES);

struct IvSignKey {
  guint8 secret[crypto_sign_SECRETKEYBYTES];
  guint8 public[IV_SIGN_PUBLIC_BYTES];
};

IvSignKey *iv_sign_key_open(const char *path, GError **error) {
  guint8 seed[crypto_sign_SEEDBYTES];
  if (!iv_key_file_read(path,
                        "put back the one from the backup, or move it away: a new one is made, "
                        "with another fingerprint",
                        seed, error))
    return NULL;
  IvSignKey *key = g_new0(IvSignKey, 1);
  sodium_mlock(key, sizeof *key);
  crypto_sign_seed_keypair(key->public, key->secret, seed);
  sodium_memzero(seed, sizeof seed);
  return key;
}

void iv_sign_key_free(IvSignKey *key) {
  if (!key)
    return;
  sodium_munlock(key, sizeof *key); /* wipes it */
  g_free(key);
}

const guint8 *iv_sign_key_public(const IvSignKey *key) {
  return key->public;
}

void iv_sign_key_sign(const IvSignKey *key, const void *text, gsize n, guint8 *ret_signature) {
  crypto_sign_detached(ret_signature, NULL, text, n, key->secret);
}

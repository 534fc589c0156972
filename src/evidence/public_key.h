/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Ed25519 public keys as other programs read them (RFC 8410). Pure. */

#define IV_PUBLIC_KEY_BYTES 32
#define IV_SIGNATURE_BYTES 64
#define IV_FINGERPRINT_TEXT 64 /* hexadecimal digits of SHA-256 over the key as DER */

typedef struct {
  guint8 bytes[IV_PUBLIC_KEY_BYTES];
} IvPublicKey;

/* PEM, as `openssl pkey -pubin` reads it; the caller frees. */
char *iv_public_key_to_pem(const IvPublicKey *key);
/* FALSE when it is none, or of another kind. */
gboolean iv_public_key_from_pem(const char *pem, gsize n, IvPublicKey *ret_key);

/* As `openssl pkey -pubin -in public-key.pem -outform DER | sha256sum` tells it; the caller frees.
 */
char *iv_public_key_fingerprint(const IvPublicKey *key);

/* `signature` of IV_SIGNATURE_BYTES. */
gboolean iv_public_key_verify(const IvPublicKey *key, const void *text, gsize n,
                              const guint8 *signature);

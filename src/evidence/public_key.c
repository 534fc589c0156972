/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/public_key.h"

#include <sodium.h>
#include <string.h>

#define BEGIN "-----BEGIN PUBLIC KEY-----"
#define END "-----END PUBLIC KEY-----"

/* SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes } */
static const guint8 der_head[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                  0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
#define DER_BYTES (sizeof der_head + IV_PUBLIC_KEY_BYTES)

static void to_der(const IvPublicKey *key, guint8 *ret_der) {
  memcpy(ret_der, der_head, sizeof der_head);
  memcpy(ret_der + sizeof der_head, key->bytes, IV_PUBLIC_KEY_BYTES);
}

char *iv_public_key_to_pem(const IvPublicKey *key) {
  guint8 der[DER_BYTES];
  to_der(key, der);
  g_autofree char *text = g_base64_encode(der, sizeof der);
  return g_strdup_printf(BEGIN "\n%s\n" END "\n", text);
}

/* Only as we write it: there is no second way to say the same key. */
gboolean iv_public_key_from_pem(const char *pem, gsize n, IvPublicKey *ret_key) {
  g_autofree char *text = g_strndup(pem, MIN(n, 1024));
  const char *begin = strstr(text, BEGIN "\n"), *end = strstr(text, "\n" END);
  gsize length = 0;
  if (!begin || !end || end < begin + strlen(BEGIN))
    return FALSE;
  begin += strlen(BEGIN) + 1;
  g_autofree char *body = g_strndup(begin, (gsize)(end - begin));
  g_autofree guint8 *der = g_base64_decode(body, &length);
  if (length != DER_BYTES || memcmp(der, der_head, sizeof der_head) != 0)
    return FALSE;
  IvPublicKey key;
  memcpy(key.bytes, der + sizeof der_head, IV_PUBLIC_KEY_BYTES);
  g_autofree char *again = iv_public_key_to_pem(&key);
  if (n != strlen(again) || memcmp(again, pem, n) != 0)
    return FALSE;
  *ret_key = key;
  return TRUE;
}

char *iv_public_key_fingerprint(const IvPublicKey *key) {
  guint8 der[DER_BYTES];
  to_der(key, der);
  return g_compute_checksum_for_data(G_CHECKSUM_SHA256, der, sizeof der);
}

gboolean iv_public_key_verify(const IvPublicKey *key, const void *text, gsize n,
                              const guint8 *signature) {
  return sodium_init() >= 0 && crypto_sign_verify_detached(signature, text, n, key->bytes) == 0;
}

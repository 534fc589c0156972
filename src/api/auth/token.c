/* SPDX-License-Identifier: Apache-2.0 */
#include "api/auth/token.h"

#include <sodium.h>
#include <string.h>

#define TOKEN_BYTES 32

G_STATIC_ASSERT(crypto_hash_sha256_BYTES == IV_TOKEN_HASH_BYTES);
G_STATIC_ASSERT(sodium_base64_ENCODED_LEN(TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING) ==
                IV_TOKEN_TEXT + 1);

void iv_token_make(IvToken *ret_token) {
  guint8 bytes[TOKEN_BYTES];
  randombytes_buf(bytes, sizeof bytes);
  sodium_bin2base64(ret_token->text, sizeof ret_token->text, bytes, sizeof bytes,
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  sodium_memzero(bytes, sizeof bytes);
}

void iv_token_hash(const IvToken *token, guint8 *ret_hash) {
  crypto_hash_sha256(ret_hash, (const guint8 *)token->text, strlen(token->text));
}

static gboolean take(const char *value, gsize length, IvToken *ret_token) {
  if (length != IV_TOKEN_TEXT)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum(value[i]) && value[i] != '-' && value[i] != '_')
      return FALSE;
  memcpy(ret_token->text, value, length);
  ret_token->text[length] = '\0';
  return TRUE;
}

gboolean iv_token_from_cookies(const char *cookies, IvToken *ret_token) {
  static const char name[] = IV_TOKEN_COOKIE "=";
  for (const char *at = cookies; at && *at;) {
    at += strspn(at, " ;");
    gsize length = strcspn(at, ";");
    if (strncmp(at, name, sizeof name - 1) == 0)
      return take(at + sizeof name - 1, length - (sizeof name - 1), ret_token);
    at += length;
  }
  return FALSE;
}

char *iv_token_to_cookie(const IvToken *token, gboolean secure) {
  return g_strdup_printf(IV_TOKEN_COOKIE "=%s; Path=/; HttpOnly; SameSite=Lax%s%s",
                         token ? token->text : "", token ? "" : "; Max-Age=0",
                         secure ? "; Secure" : "");
}

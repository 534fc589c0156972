/* SPDX-License-Identifier: Apache-2.0 */
#include "api/auth/password.h"

#include <sodium.h>
#include <string.h>

#define MADE_GROUPS 5
#define MADE_GROUP_LENGTH 4

/* 31 letters and digits that can't be mistaken for one another. */
static const char made_letters[] = "23456789abcdefghjkmnpqrstuvwxyz";

/* A hash of a password nobody knows: what a login of an unknown user is checked against. */
static char decoy[IV_PASSWORD_HASH_MAX];

G_STATIC_ASSERT(crypto_pwhash_STRBYTES <= IV_PASSWORD_HASH_MAX);

static gpointer init_once(gpointer unused) {
  (void)unused;
  if (sodium_init() < 0)
    g_error("libsodium can't start: no source of random numbers");
  g_autofree char *password = iv_password_make();
  if (!iv_password_hash(password, decoy))
    g_error("not enough memory for a password hash (64 MiB)");
  return NULL;
}

void iv_password_init(void) {
  static GOnce once = G_ONCE_INIT;
  g_once(&once, init_once, NULL);
}

const char *iv_password_fault(const char *password, const char *user_name) {
  gsize n = strlen(password);
  if (n < IV_PASSWORD_MIN)
    return "a password needs at least 10 characters; choose a longer one";
  if (n > IV_PASSWORD_MAX)
    return "a password has at most 256 bytes; choose a shorter one";
  if (!g_utf8_validate(password, -1, NULL))
    return "a password must be UTF-8 text";
  if (strcspn(password, (const char[]){password[0], '\0'}) == 0 &&
      strspn(password, (const char[]){password[0], '\0'}) == n)
    return "a password can't be one character repeated; choose another one";
  if (g_ascii_strncasecmp(password, user_name, strlen(user_name)) == 0 && n < strlen(user_name) + 4)
    return "a password can't be the user name; choose another one";
  return NULL;
}

gboolean iv_password_hash(const char *password, char *ret_hash) {
  char hash[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    return FALSE;
  g_strlcpy(ret_hash, hash, IV_PASSWORD_HASH_MAX);
  return TRUE;
}

gboolean iv_password_verify(const char *hash, const char *password) {
  gboolean same = crypto_pwhash_str_verify(hash ? hash : decoy, password, strlen(password)) == 0;
  return same && hash;
}

gboolean iv_password_is_outdated(const char *hash) {
  return crypto_pwhash_str_needs_rehash(hash, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0;
}

char *iv_password_make(void) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < MADE_GROUPS * MADE_GROUP_LENGTH; i++) {
    if (i > 0 && i % MADE_GROUP_LENGTH == 0)
      g_string_append_c(text, '-');
    g_string_append_c(text, made_letters[randombytes_uniform(sizeof made_letters - 1)]);
  }
  return g_string_free(text, FALSE);
}

void iv_password_free(char *password) {
  if (password)
    sodium_memzero(password, strlen(password));
  g_free(password);
}

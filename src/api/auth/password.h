/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Passwords: argon2id by libsodium at INTERACTIVE cost (64 MiB, about 0.1 s each: the caller bounds
 * how many run at once). Any thread. */

#define IV_PASSWORD_MIN 10
#define IV_PASSWORD_MAX 256 /* bytes */
#define IV_PASSWORD_HASH_MAX 128

/* Once, before anything else of this header; g_error when libsodium can't start. */
void iv_password_init(void);

/* What is wrong with a new password, for people; NULL = nothing. Static text. */
const char *iv_password_fault(const char *password, const char *user_name);

/* `ret_hash` has IV_PASSWORD_HASH_MAX bytes. FALSE only without memory. */
gboolean iv_password_hash(const char *password, char *ret_hash);

/* `hash` NULL (no such user): takes as long as a real check and is FALSE. */
gboolean iv_password_verify(const char *hash, const char *password);

/* TRUE when it was made with a lower cost than today's. */
gboolean iv_password_is_outdated(const char *hash);

/* A new one, 20 letters and digits in groups ("k7wq-93mh-x2td-pfj4-m8ra"), 99 bits, no characters
 * that look alike. The caller frees with iv_password_free. */
char *iv_password_make(void);

/* Wipes and frees; NULL is fine. */
void iv_password_free(char *password);

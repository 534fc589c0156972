/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* The session's secret: 256 random bits, in the browser's cookie only; the database holds its
 * SHA-256. */

#define IV_TOKEN_COOKIE "inveye_session"
#define IV_TOKEN_TEXT 43 /* base64url without padding */
#define IV_TOKEN_HASH_BYTES 32

typedef struct {
  char text[IV_TOKEN_TEXT + 1]; /* secret */
} IvToken;

void iv_token_make(IvToken *ret_token);
void iv_token_hash(const IvToken *token, guint8 *ret_hash);

/* From a Cookie header (may be NULL). FALSE when there is none, or it can't be a token. */
gboolean iv_token_from_cookies(const char *cookies, IvToken *ret_token);

/* Value of Set-Cookie; a NULL token clears it. The caller frees. */
char *iv_token_to_cookie(const IvToken *token, gboolean secure);

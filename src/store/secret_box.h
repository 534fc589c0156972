/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Secrets that have to be read again (a camera's password) are sealed before they are stored:
 * XChaCha20-Poly1305 of libsodium, under a key in a file of its own beside the database, mode 0600,
 * made when it is needed first. Who has the database alone, or a backup of it, has no password; who
 * has both has all. Any thread after opening. */
typedef struct IvSecretBox IvSecretBox;

#define IV_SECRET_BOX_ERROR (iv_secret_box_error_quark())
GQuark iv_secret_box_error_quark(void);
typedef enum {
  IV_SECRET_BOX_ERROR_KEY,    /* the key file can't be read or made, or others may read it */
  IV_SECRET_BOX_ERROR_SEALED, /* under another key, for something else, or damaged */
} IvSecretBoxError;

#define IV_SECRET_MAX (64 * 1024) /* bytes of one secret */

/* `path` of the key file, which is made if there is none. */
IvSecretBox *iv_secret_box_open(const char *path, GError **error);
void iv_secret_box_free(IvSecretBox *box);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvSecretBox, iv_secret_box_free)

/* `context` says what the secret is of ("camera/shop/door"): it is bound to it, so that nobody can
 * put one in another's place. Never NULL. */
GBytes *iv_secret_box_seal(const IvSecretBox *box, const char *context, const char *secret);

/* The text; the caller frees it with iv_secret_free. NULL with IV_SECRET_BOX_ERROR_SEALED. */
char *iv_secret_box_unseal(const IvSecretBox *box, const char *context, GBytes *sealed,
                           GError **error);

/* Wipes and frees; NULL is fine. */
void iv_secret_free(char *secret);

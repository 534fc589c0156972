/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* The installation's key, with which it signs what it gives away (Ed25519): in a file of its own
 * beside the database, mode 0600, made when it is needed first. Whoever has the file can sign in
 * the installation's name; without it old signatures can still be checked. Any thread after
 * opening. */
typedef struct IvSignKey IvSignKey;

#define IV_SIGN_PUBLIC_BYTES 32
#define IV_SIGN_SIGNATURE_BYTES 64

/* NULL with IV_KEY_FILE_ERROR. */
IvSignKey *iv_sign_key_open(const char *path, GError **error);
void iv_sign_key_free(IvSignKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvSignKey, iv_sign_key_free)

const guint8 *iv_sign_key_public(const IvSignKey *key);
void iv_sign_key_sign(const IvSignKey *key, const void *text, gsize n, guint8 *ret_signature);

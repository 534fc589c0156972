/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* A secret key in a file of its own beside the database, mode 0600, made when it is needed first.
 */

#define IV_KEY_FILE_BYTES 32

#define IV_KEY_FILE_ERROR (iv_key_file_error_quark())
GQuark iv_key_file_error_quark(void);
typedef enum {
  IV_KEY_FILE_ERROR_FAILED, /* it can't be read or made, or others may read it */
} IvKeyFileError;

/* Reads the key; a file that isn't there is made of random bytes. `lost` says what to do when it is
 * no key ("put back the one from the backup, or ..."). The caller wipes `ret_key`. */
gboolean iv_key_file_read(const char *path, const char *lost, guint8 *ret_key, GError **error);

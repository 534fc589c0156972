/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

/* Reads one of the texts at the beginning of a bundle that is elsewhere, without the rest of it. */

/* Exactly `n` bytes at `at`; NULL with an error. */
typedef GBytes *(*IvBundleRead)(guint64 at, gsize n, gpointer user_data, GError **error);

/* The file `name` of the bundle's folder, of at most `max` bytes, if it is among the first ones.
 * NULL with G_IO_ERROR_INVALID_DATA (no bundle of ours), or what `read` gave. */
GBytes *iv_bundle_peek(IvBundleRead read, gpointer user_data, guint64 bytes, const char *name,
                       gsize max, GError **error);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "evidence/bundle.h"

/* Whether a bundle is as it was when it was signed, and by whom. */

typedef enum {
  IV_BUNDLE_INTACT,
  IV_BUNDLE_CHANGED,  /* files are not what the manifest says, missing, or were added */
  IV_BUNDLE_UNSIGNED, /* the manifest does not fit the signature, or the key is not the wanted one
                       */
  IV_BUNDLE_DAMAGED,  /* no bundle of ours, or its archive is damaged */
} IvBundleVerdict;

typedef struct {
  IvBundleVerdict verdict;
  char *what;        /* why, in a line; NULL when intact; owned */
  GPtrArray *faults; /* char *: "clip-1.mp4: changed", ...; owned */
  char *fingerprint; /* of the key in it; NULL = none can be read; owned */
  guint files;       /* that were checked */
  guint64 bytes;
} IvBundleCheck;

void iv_bundle_check_clear(IvBundleCheck *check);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvBundleCheck, iv_bundle_check_clear)

/* `fingerprint` (may be NULL): of the key it must be signed with. FALSE with G_IO_ERROR only when
 * the file cannot be read. Reads all of it. */
gboolean iv_bundle_check(const char *path, const char *fingerprint, IvBundleCheck *ret_check,
                         GError **error);

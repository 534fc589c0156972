/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/store.h"

/* A folder of recordings is known by its mark, a small file in it that the database knows too: so a
 * disk that is not mounted is told apart from one whose recordings are gone, and two installations
 * do not delete each other's. */
#define IV_RECORDING_MARK ".inveye-recordings"
#define IV_RECORDING_MARK_NEW "new" /* as its text: the user says that this is the folder */

/* Makes sure that this is the folder: makes it (and its mark) where there is no recording yet.
 * `ret_mark`: the caller frees. FALSE with IV_RECORDINGS_ERROR or an error of the database. */
gboolean iv_recording_folder_open(const char *folder, IvStore *store, const char *store_id,
                                  char **ret_mark, GError **error);

/* It is still there. */
gboolean iv_recording_folder_is(const char *folder, const char *mark);

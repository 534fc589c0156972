/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* One `inveye run` a data folder: two that read the same cameras would count everybody twice. The
 * lock is the kernel's, on the file "lock" in the folder, so it ends with its process however that
 * ends. `inveye user` and `inveye migrate` need none: SQLite's own locks do for them. */
typedef struct IvDataLock IvDataLock;

/* Never waits. When another process holds the folder, the error names it and says what to do. */
IvDataLock *iv_data_lock_take(const char *folder, GError **error);
void iv_data_lock_free(IvDataLock *lock);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvDataLock, iv_data_lock_free)

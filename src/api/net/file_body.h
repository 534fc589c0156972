/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

/* A stretch of a file that an answer carries, read bit by bit by workers: a file of any size costs
 * a chunk of memory, and the network's thread never waits for a disk. */
typedef struct IvFileBody IvFileBody;

#define IV_FILE_CHUNK (1024 * 1024) /* bytes that are read at once */

/* Takes `fd`. The stretch lies within the file. */
IvFileBody *iv_file_body_new(int fd, guint64 offset, guint64 length);
/* `n` bytes from `offset` of something that is elsewhere; NULL when that can't be. A worker, which
 * may wait for the network. */
typedef GBytes *(*IvFileBodyRead)(guint64 offset, gsize n, gpointer user_data);

/* The same of what is read elsewhere; `free_data` (may be NULL) gets `user_data` in the end. */
IvFileBody *iv_file_body_new_remote(IvFileBodyRead read, gpointer user_data,
                                    GDestroyNotify free_data, guint64 offset, guint64 length);
/* Reading it waits for the network. */
gboolean iv_file_body_is_remote(const IvFileBody *file);

IvFileBody *iv_file_body_ref(IvFileBody *file);
void iv_file_body_unref(IvFileBody *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvFileBody, iv_file_body_unref)

/* Bytes that were not read yet. Not while another thread reads. */
guint64 iv_file_body_left(const IvFileBody *file);

/* The next chunk. NULL when the file is shorter than it was, or the disk fails: the answer can't be
 * ended. A worker; one at a time. */
GBytes *iv_file_body_read(IvFileBody *file);

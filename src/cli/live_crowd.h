/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

/* Viewers of one camera in a process of their own, so that they can be killed like browsers and
 * their work is not the server's. */
typedef struct IvLiveCrowd IvLiveCrowd;

#define IV_LIVE_CROWD_MAX 256

/* Starts this program anew as a crowd and waits until each has its first picture. Texts are
 * borrowed for the call. */
IvLiveCrowd *iv_live_crowd_start(guint16 port, const char *cookie, const char *path, guint n,
                                 GError **error);

guint iv_live_crowd_size(const IvLiveCrowd *crowd);

/* From the POST to its answer and to the first whole picture, ms; one for each viewer. */
const double *iv_live_crowd_posts(const IvLiveCrowd *crowd);
const double *iv_live_crowd_firsts(const IvLiveCrowd *crowd);

/* Pictures of each viewer so far. */
gboolean iv_live_crowd_count(IvLiveCrowd *crowd, guint64 *ret_units, GError **error);

/* As by pulling the plug: nobody says goodbye. */
void iv_live_crowd_kill(IvLiveCrowd *crowd);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvLiveCrowd, iv_live_crowd_kill)

/* What the other process does. Returns its exit status. */
int iv_live_crowd_run(guint16 port, const char *path, guint n);

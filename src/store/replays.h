/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "store/store.h"

/* What-ifs that somebody asked for: a span, what is supposed, and the figures once they are there.
 * They stand by themselves: no other table knows of them. */

typedef enum {
  IV_REPLAY_WAITING,
  IV_REPLAY_WORKING,
  IV_REPLAY_DONE,
  IV_REPLAY_FAILED, /* `reason` says why */
  IV_REPLAY_STATES,
} IvReplayState;
const char *iv_replay_state_name(IvReplayState state);

#define IV_REPLAYS_WAITING_MAX 8
#define IV_REPLAYS_KEPT_MAX 50 /* of a store; the oldest that are done go */

typedef struct {
  gint64 no; /* 0 = not stored yet */
  IvTime asked;
  char *asked_by;
  IvTime from, to;
  char camera[IV_SLUG_MAX + 1]; /* "" = all */
  char *what;                   /* JSON, config/what_if.h */
  IvReplayState state;
  char *reason;
  char *result; /* JSON, app/replay.h; NULL = not done, or not asked for */
} IvReplayWish;

void iv_replay_wish_clear(IvReplayWish *wish);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvReplayWish, iv_replay_wish_clear)

/* ---- inside a job of the writer ---- */

/* Sets `no`. IV_STORE_ERROR_CONFLICT beyond IV_REPLAYS_WAITING_MAX. */
gboolean iv_replays_add(IvSql *sql, const char *store_id, IvReplayWish *wish, GError **error);

/* At a start of the program: what was being replayed waits again. */
gboolean iv_replays_recover(IvSql *sql, const char *store_id, GError **error);

/* Its state, reason and result. FALSE in `ret_fits`: it was removed meanwhile. */
gboolean iv_replays_settle(IvSql *sql, const IvReplayWish *wish, gboolean *ret_fits,
                           GError **error);

/* FALSE in `ret_fits`: there is none of this number. */
gboolean iv_replays_remove(IvSql *sql, const char *store_id, gint64 no, gboolean *ret_fits,
                           GError **error);

/* ---- reading, any thread ---- */

/* GArray of IvReplayWish without results, with a clear function: newest first, or those that wait,
 * oldest first. */
GArray *iv_replays_list(IvStore *store, const char *store_id, gboolean waiting, IvTime deadline,
                        GError **error);

/* With its result. FALSE without an error = there is none. */
gboolean iv_replays_get(IvStore *store, const char *store_id, gint64 no, IvTime deadline,
                        IvReplayWish *ret_wish, GError **error);

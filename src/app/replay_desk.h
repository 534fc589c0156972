/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"
#include "store/replays.h"

/* Where what-ifs are worked out that somebody asked for (store/replays.h): a thread, one at a time
 * and the oldest first. What was not done when the program ended begins again at the next start. */
typedef struct IvReplayDesk IvReplayDesk;

/* `store` outlives it; the rest is copied. */
IvReplayDesk *iv_replay_desk_new(IvStore *store, const char *store_id, const IvRulesConfig *rules);
void iv_replay_desk_start(IvReplayDesk *desk);
/* Gives up the one that is being worked out. */
void iv_replay_desk_free(IvReplayDesk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvReplayDesk, iv_replay_desk_free)

/* Any thread: */

/* There is a new one. */
void iv_replay_desk_wake(IvReplayDesk *desk);

/* Its row was removed: it is worked out no further. Returns at once. */
void iv_replay_desk_drop(IvReplayDesk *desk, gint64 no);

/* 0..1 of the one that is being worked out; -1 = it is not this one. */
double iv_replay_desk_progress(IvReplayDesk *desk, gint64 no);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/paths.h"
#include "track/path_piece.h"

/* Puts pieces of trajectories into the database: a bounded queue and a thread. A piece is durable a
 * moment after it came; what the database cannot take now (a full disk) waits, and when the queue
 * is full the oldest are dropped and counted. */
typedef struct IvPathBook IvPathBook;

#define IV_PATH_BOOK_QUEUE 4096 /* pieces: 16 cameras for 40 minutes */

typedef struct {
  guint queued;
  guint64 stored, bytes; /* since start: pieces, and their bytes */
  guint64 dropped;       /* since start: pieces lost */
  guint64 points_lost;   /* since start: points that fitted in no piece */
} IvPathBookStats;

/* `store` and `store_id` outlive it. */
IvPathBook *iv_path_book_new(IvStore *store, const char *store_id);

/* Stores what is queued; what cannot be stored now is dropped. */
void iv_path_book_free(IvPathBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvPathBook, iv_path_book_free)

/* Takes the piece's bytes. Never waits. Any thread. */
void iv_path_book_put(IvPathBook *book, const IvSlug *camera_id, IvPathPiece *piece);

void iv_path_book_stats(IvPathBook *book, IvPathBookStats *ret_stats);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* Bounded queue between threads. When it is full the oldest entry is dropped and counted: fresh
 * pictures are worth more than old ones, and memory stays bounded. Any thread may call anything
 * except free, which needs everybody else to be gone. */
typedef struct IvQueue IvQueue;

/* `capacity` >= 1; `free_entry` releases what is dropped or left at the end (may be NULL). */
IvQueue *iv_queue_new(guint capacity, GDestroyNotify free_entry);
void iv_queue_free(IvQueue *queue);

/* Takes ownership of `entry` (not NULL). Returns how many entries were dropped for it (0 or 1);
 * after iv_queue_close the new entry itself is released and 0 returned. */
guint iv_queue_push(IvQueue *queue, gpointer entry);

/* Like push, but waits for room instead of dropping; FALSE (entry released) once closed. For
 * replays and files, where losing a frame would make the result depend on the machine's speed. */
gboolean iv_queue_push_wait(IvQueue *queue, gpointer entry);

/* Waits up to `timeout` (µs, < 0 = for ever) for an entry; the caller owns it. NULL when none came
 * or when the queue is closed and empty. */
gpointer iv_queue_pop(IvQueue *queue, IvTime timeout);

/* Wakes everybody; what is queued can still be popped. */
void iv_queue_close(IvQueue *queue);
gboolean iv_queue_is_closed(IvQueue *queue);

guint iv_queue_length(IvQueue *queue);
guint64 iv_queue_dropped(IvQueue *queue); /* since creation */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvQueue, iv_queue_free)

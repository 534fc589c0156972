/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/unit_ring.h"

/* Which of a camera's streams. A camera with one stream gives it for both. */
typedef enum { IV_STREAM_MAIN, IV_STREAM_SUB } IvStream;
#define IV_STREAMS 2

/* "main", "sub". */
const char *iv_stream_name(IvStream stream);
/* FALSE (and nothing set) when it is the name of none. */
gboolean iv_stream_parse(const char *name, IvStream *ret_stream);

/* Somebody uses a stream: while a hold is kept, the stream is pulled from the camera. Reference
 * counted; any thread. */
typedef struct IvStreamHold IvStreamHold;

/* References `ring`. `release` (may be NULL) is called with `owner` when the last reference goes.
 */
IvStreamHold *iv_stream_hold_new(IvUnitRing *ring, GDestroyNotify release, gpointer owner);
IvStreamHold *iv_stream_hold_ref(IvStreamHold *hold);
void iv_stream_hold_unref(IvStreamHold *hold);

/* Borrowed; stays as long as the hold. */
IvUnitRing *iv_stream_hold_ring(const IvStreamHold *hold);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvStreamHold, iv_stream_hold_unref)

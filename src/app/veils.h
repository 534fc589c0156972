/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/people_board.h"
#include "media/masks.h"
#include "media/reencoder.h"
#include "model/stream_hold.h"

/* The cameras' streams with masks burnt in, and with people made unrecognisable: re-encoded once
 * for all who read them, only while somebody does. Any thread. */
typedef struct IvVeils IvVeils;

typedef enum {
  IV_VEIL_PLAIN,  /* as it is: only encoded anew, for what browsers do not play */
  IV_VEIL_MASKS,  /* the camera's masks are black */
  IV_VEIL_PEOPLE, /* likewise, and people are mosaics; where it is not known who is where, all is */
  IV_VEILS,
} IvVeil;

#define IV_VEIL_IDLE (10 * IV_SECOND) /* unread for so long, then it ends */
#define IV_VEIL_WAIT IV_SECOND /* a picture waits so long for its analysis, from its arrival */

/* A camera's stream, and what is known of it. `people` is needed for IV_VEIL_PEOPLE only. */
typedef struct {
  IvStreamHold *hold;
  IvMasks *masks; /* the camera's: tells it from others */
  IvPeopleBoard *people;
} IvVeilSource;

IvVeils *iv_veils_new(void);
/* Ends them all. */
void iv_veils_free(IvVeils *veils);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvVeils, iv_veils_free)

/* The veiled stream, begun when it is not there; it holds the source while it lives. The caller
 * unrefs. NULL with IV_INGEST_ERROR: then nothing may be shown. */
IvStreamHold *iv_veils_hold(IvVeils *veils, const IvVeilSource *source, IvVeil veil,
                            GError **error);

/* Ends those that nobody reads; call it about every second. Waits for their threads. */
void iv_veils_tend(IvVeils *veils);

/* Of the veils of one camera; counters of those that run. */
typedef struct {
  guint n;          /* that run */
  double cpu_share; /* of one core, all together */
  guint64 dropped, withheld;
  char trouble[160]; /* "" = none */
} IvVeilStats;
void iv_veils_stats(IvVeils *veils, const IvMasks *camera, IvVeilStats *ret_stats);

/* People in the picture as mosaics: `boxes` when is_known, else all of it. */
void iv_veil_people(const IvCanvas *picture, gboolean is_known, const IvBox *boxes, guint n);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/album.h"
#include "media/moments.h"
#include "model/event.h"
#include "model/scene.h"

/* Takes the pictures of events: keeps what each camera showed lately, decides which events get a
 * picture, and has a thread of its own that makes and stores them. */
typedef struct IvPhotographer IvPhotographer;

#define IV_PHOTOGRAPHER_QUEUE                                                                      \
  24 /* jobs, each with a picture; the oldest is dropped and counted                               \
      */

typedef struct {
  const IvSnapshotConfig *config; /* read once */
  guint n_places;
  IvAlbum *album; /* outlives it */
  /* The scene in force, which the caller frees; NULL = none. The thread of the photographer. */
  IvScene *(*get_scene)(guint place, gpointer user_data);
  gpointer user_data;
} IvPhotographerOptions;

typedef struct {
  guint64 wanted;  /* events of the kinds that get a picture */
  guint64 limited; /* of those, too soon after another one */
  guint64 missed;  /* the camera showed nothing about then */
  guint64 dropped; /* the disk is too slow */
  guint64 failed;  /* could not be made or stored */
} IvPhotographerStats;

/* NULL when no kind of event gets a picture. */
IvPhotographer *iv_photographer_new(const IvPhotographerOptions *options);
void iv_photographer_start(IvPhotographer *photographer);
/* Stores what is waiting; nobody tells it anything any more. */
void iv_photographer_free(IvPhotographer *photographer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvPhotographer, iv_photographer_free)

/* Any thread, none of these waits. A place is a number below n_places. Of one place, one thread at
 * a time tells of events. */
void iv_photographer_come(IvPhotographer *photographer, guint place, IvFrame *frame);
void iv_photographer_see(IvPhotographer *photographer, guint place, IvFrame *frame,
                         const IvTrackPoint *tracks, guint n);
/* After what was seen in the picture on which it was found. */
void iv_photographer_tell(IvPhotographer *photographer, guint place, const IvEvent *event);
/* Another camera comes to the place. */
void iv_photographer_forget(IvPhotographer *photographer, guint place);

void iv_photographer_stats(IvPhotographer *photographer, IvPhotographerStats *ret_stats);

/* The moment that a picture of the event should show: its time, of what lasts its end. Pure. */
IvTime iv_photographer_moment(const IvEvent *event);

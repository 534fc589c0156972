/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/scene.h"
#include "model/track.h"
#include "rules/report.h"
#include "rules/thresholds.h"

/* The lines of people before one camera's lanes: who joined when, who was served when, who left,
 * how long the lines are, which lanes are open. A lane without a group has a line of its own, the
 * lanes of a group have one together. Pure; one thread at a time.
 *
 * Joined is who has been queuing in the queue area for 5 s, the fifth included: it came to stand
 * there (slower than 0.3 m/s over 1.5 s), and stood on or went on within 1.5 m behind somebody of
 * the line; at least 2 s of it slow, so that nobody joins who walks along a line. The join is when
 * it came to where it first stood. Not queuing for up to 2 s, as when a line moves up, does not
 * matter while it is in the area; out of it, it queues no more, whatever it was called for. Metres
 * are those of the plan, or of the floor where the camera is calibrated; else a metre is 0.59 of
 * the person's median height in the picture, which is about right on level floors.
 *
 * Served is who stays in a lane's service area for 3 s: one at a time. Who stood there beside the
 * one being served has been served with that one. The wait ends and the service begins at the way
 * into the area, or when the one before was done.
 *
 * Open is a lane with somebody at the staff's place for 15 s (then open from the first of them on,
 * till the last sight), with a customer served in the last 3 min, or a self-checkout. Who stood 5 s
 * at a staff's place is of the staff from then on, and no customer; staff who only stand in the
 * line or at the service area can't be told apart.
 *
 * Left is who is out of the queue area, and not served, for 20 s: at the time it last stood in
 * line. From 10 s after joining on that is an abandonment.
 *
 * Tracks break and swap: a wait whose track ended inside goes on for 30 s and is taken over by a
 * track that begins within 1.5 m of its place, or in a service area of its lanes; one whose track
 * walks away just when another comes to stand in its place goes on with that one, unless tracks are
 * known to be people (limits.people_known). */
typedef struct IvQueues IvQueues;

/* The scene is borrowed and must outlive it. */
IvQueues *iv_queues_new(const IvRuleLimits *limits, const IvRulesSource *source,
                        const IvScene *scene);
void iv_queues_free(IvQueues *queues);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvQueues, iv_queues_free)

/* A confirmed track was seen. `height`: its median box height, pixels. Events go to `ret_events`
 * (GArray of IvEvent). A track's points come in order of time; those of a track just confirmed may
 * lie before the last tick. */
void iv_queues_see(IvQueues *queues, const IvTrackPoint *point, float height, GArray *ret_events);

/* Somebody known to be of the staff was seen: opens lanes, and is no customer anywhere. */
void iv_queues_see_staff(IvQueues *queues, IvPoint ground, IvTime ts);

/* The track is not seen any more, or is given up. */
void iv_queues_lose(IvQueues *queues, guint64 tracklet);
void iv_queues_end(IvQueues *queues, guint64 tracklet, GArray *ret_events);

/* The picture has been looked at until `ts`: time passes, also when nobody is there. After more
 * than 5 s without a tick the time between counts as not looked at. A time up to 5 s before the
 * last one is ignored; one further back (the clock was set) ends everything and begins anew. */
void iv_queues_tick(IvQueues *queues, IvTime ts, GArray *ret_events);

/* Ends everything: nobody will know how the waits ended. `reason` is for people. */
void iv_queues_finish(IvQueues *queues, const char *reason, GArray *ret_events);

typedef struct {
  IvSlug id; /* of the lane or the group */
  gboolean is_group;
  guint length;        /* the one being served not counted */
  IvTime present_wait; /* of who waits longest; 0 when nobody does */
  double estimated_s;  /* length × mean service of the last 15 min / open lanes; NAN = no service
                          in that time */
  gboolean is_long;    /* QUEUE_LONG is in force */
} IvQueueNow;

typedef struct {
  IvSlug id, queue; /* queue: whose line it serves, its own id or its group's */
  gboolean open, serving;
} IvLaneNow;

guint iv_queues_n(const IvQueues *queues);
IvQueueNow iv_queues_now(const IvQueues *queues, guint queue);
/* By the index of the lane in the scene. */
IvLaneNow iv_queues_lane_now(const IvQueues *queues, guint lane);

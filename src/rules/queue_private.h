/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the files of the queue rules share. Places are in pixels of the picture or plan; on a
 * picture that is calibrated in hundredths of a metre on the floor. */
#include "rules/queue.h"

#define QUEUE_JOIN_AFTER (5 * IV_SECOND)
#define QUEUE_SLOW_SPEED 0.3f            /* m/s */
#define QUEUE_SLOW_LEAST (2 * IV_SECOND) /* of the time before joining */
#define QUEUE_FOLLOW 1.5f                /* m */
#define QUEUE_STILL 0.10f                /* m: who is no further off has not left its place */
#define QUEUE_BREAK (2 * IV_SECOND)      /* not queuing for less does not matter */
#define QUEUE_AWAY (20 * IV_SECOND)      /* out of the area: time to reach the service */
#define QUEUE_LOST (30 * IV_SECOND)      /* unseen: time to be found again */
#define QUEUE_FOUND 1.5f                 /* m: from the place where it was lost */
#define QUEUE_SWAP 0.6f                  /* m, and within 1 s */
#define QUEUE_SWAP_SPAN IV_SECOND
#define QUEUE_ABANDON_AFTER (10 * IV_SECOND)
#define QUEUE_SETTLE (3 * IV_SECOND)        /* in a service area: being served */
#define QUEUE_SERVICE_GRACE (2 * IV_SECOND) /* out of it for less: still there */
#define QUEUE_SERVICE_NEAR 0.3f             /* m: and no further from it */
#define QUEUE_SERVICE_LOST (10 * IV_SECOND)
#define QUEUE_METRE 0.59f /* of a person's height */
#define QUEUE_GAP (5 * IV_SECOND)

#define QUEUE_TRAIL 12
typedef struct {
  IvTime ts[QUEUE_TRAIL];
  IvPoint at[QUEUE_TRAIL];
  guint n, next;
} QueueTrail;

typedef struct QueueWait QueueWait;

typedef struct {
  guint64 tracklet;
  guint64 visitor; /* 0 = not known */
  IvTime first_sight, last_sight;
  IvPoint share; /* of the picture: where that is */
  IvPoint at;
  float metre; /* in the units of places */
  QueueTrail trail;
  gboolean lost, staff;
  IvTime staff_since; /* IV_TIME_NONE = not behind a counter */
  int born_lane;      /* lane in whose service area it was first seen, or -1 */
  /* before joining */
  int queue;           /* queue area it is in, or -1 */
  IvTime area_since;   /* since when */
  IvTime inside_since; /* since when, without having walked about in it */
  IvTime since;        /* queuing since; IV_TIME_NONE = not */
  IvPoint since_at;    /* where that began */
  IvTime broken_at;    /* not queuing since */
  IvTime slow;         /* time it was slow in */
  gboolean stood;      /* since then: in one place, not slow for turning only */
  IvTime walked;       /* last seen to walk, before it stood; IV_TIME_NONE = not since */
  QueueWait *wait;     /* NULL = has not joined */
  /* at a service area */
  int lane; /* or -1 */
  IvTime lane_since, lane_left;
  IvPoint lane_at; /* last place in it */
} QueuePerson;

/* One place in line, from joining to the end. */
struct QueueWait {
  guint64 tracklet; /* under which it joined: its events carry it */
  guint64 visitor;  /* 0 = not known */
  guint queue;
  IvTime joined, end; /* end: IV_TIME_NONE = goes on */
  IvTime left_at;     /* out of the queue area since; IV_TIME_NONE = in it */
  IvTime last_sight;
  IvTime still_at; /* when it last stood in its place */
  IvPoint at;      /* last place in the area */
  IvPoint stood;   /* last place in it where it was slow */
  float metre;
  QueuePerson *holder; /* NULL = lost from sight */
};

typedef struct {
  IvTime start, end;
} QueueSpan;

typedef struct {
  guint queue; /* whose line it serves */
  /* the service that goes on */
  gboolean serving;
  QueuePerson *who; /* NULL = lost from sight */
  guint64 tracklet, visitor;
  IvTime start, last_sight, left_at;
  IvTime last_end;                /* of the one before; IV_TIME_NONE = none yet */
  GArray *recent;                 /* of QueueSpan: ended in the last 15 min */
  IvTime staff_since, staff_seen; /* IV_TIME_NONE = nobody yet */
  gboolean told, open;
} QueueLane;

typedef struct {
  IvSlug id;
  gboolean is_group;
  guint drawn_on; /* lane of the scene with the area and the path */
  IvTime over_since;
  gboolean is_long;
  double worst_s;
} QueueLine;

typedef struct {
  IvTime ts;
  guint32 open; /* bit per lane */
} QueueSecond;

struct IvQueues {
  IvRuleLimits limits;
  IvRulesSource source;
  const IvScene *scene;
  IvBox reach; /* round all queue and service areas: whoever is outside is in none of them */
  IvBox queue_bounds[IV_SCENE_LANES_MAX], service_bounds[IV_SCENE_LANES_MAX]; /* as the scene's */
  guint latest; /* place in `people` of who was looked for last: the next is often the one after */
  float metre;  /* in the units of places; 0 = judged by people's height */
  guint n_lines;
  QueueLine lines[IV_SCENE_LANES_MAX];
  QueueLane lanes[IV_SCENE_LANES_MAX]; /* as in the scene */
  GPtrArray *people;                   /* QueuePerson*, in order of appearance */
  GPtrArray *waits;                    /* QueueWait*, in order of joining; ended ones too, until
                                          their seconds are told */
  GArray *seconds;                     /* QueueSecond: looked at, not told yet */
  IvTime now;                          /* last tick; IV_TIME_NONE = none yet */
};

/* ---- queue_place.c ---- */

IvPoint iv_queue_place(const IvQueues *queues, IvPoint share);
/* A metre where the scene tells it; else 0. */
float iv_queue_metre(const IvScene *scene);
gboolean iv_queue_area_holds(const IvArea *area, IvPoint share);
/* Line whose queue area holds the point (a share of the picture), or -1; likewise lanes. */
int iv_queue_line_at(const IvQueues *queues, IvPoint share);
int iv_queue_service_at(const IvQueues *queues, IvPoint share);
float iv_queue_metres(IvPoint a, IvPoint b, float metre);
/* How far from the head of the line; only the order matters. */
float iv_queue_progress(const IvQueues *queues, guint line, IvPoint p);
void iv_queue_trail_add(QueueTrail *trail, IvTime ts, IvPoint at);
/* Mean speed over the last 1.5 s, m/s; FALSE = too short to tell. */
gboolean iv_queue_speed(const QueuePerson *person, float *ret_speed);
/* When it came to where it stands, at most 1.5 s ago. */
IvTime iv_queue_arrived(const QueuePerson *person);
/* It is where it was a moment ago. */
gboolean iv_queue_is_still(const QueuePerson *person);
/* The way from where it was a moment ago was no slow one. */
gboolean iv_queue_is_walking(const QueuePerson *person);

/* ---- queue_wait.c ---- */

/* A person who is not in a service area, in the queue area of `line` (-1 = in none). */
void iv_queue_stand(IvQueues *queues, QueuePerson *person, int line, IvTime span,
                    GArray *ret_events);
/* The lost wait that a track which begins at `person` goes on with, or NULL. */
QueueWait *iv_queue_found(IvQueues *queues, const QueuePerson *person, guint line);
/* The lost wait that has waited longest in a line, or NULL. */
QueueWait *iv_queue_lost_head(IvQueues *queues, guint line, IvTime now);
void iv_queue_hold(QueueWait *wait, QueuePerson *person);
void iv_queue_wait_served(IvQueues *queues, QueueWait *wait, guint lane, IvTime end,
                          GArray *ret_events);
void iv_queue_wait_left(IvQueues *queues, QueueWait *wait, IvTime end, GArray *ret_events);
void iv_queue_wait_unknown(IvQueues *queues, QueueWait *wait, const char *reason,
                           GArray *ret_events);
void iv_queue_person_gone(IvQueues *queues, QueuePerson *person, GArray *ret_events);
void iv_queue_expire_waits(IvQueues *queues, IvTime now, GArray *ret_events);

/* ---- queue_service.c ---- */

/* TRUE when the person is in a service area or being served. `exit`: in the exit of some lane. */
gboolean iv_queue_attend(IvQueues *queues, QueuePerson *person, int lane, IvPoint share,
                         GArray *ret_events);
void iv_queue_service_gone(IvQueues *queues, QueuePerson *person, GArray *ret_events);
void iv_queue_end_service(IvQueues *queues, guint lane, IvTime end, GArray *ret_events);
void iv_queue_expire_services(IvQueues *queues, IvTime now, GArray *ret_events);
void iv_queue_tell_states(IvQueues *queues, IvTime now, GArray *ret_events);
/* Mean of the line's services that ended in the last 15 min, s; NAN = none did. */
double iv_queue_mean_service(const IvQueues *queues, guint line, IvTime now);
guint iv_queue_open_lanes(const IvQueues *queues, guint line);

/* ---- queue_sample.c ---- */

void iv_queue_note_seconds(IvQueues *queues, IvTime until);
/* The lane has been open, or closed, from `from` on, which is known only now. */
void iv_queue_correct_open(IvQueues *queues, guint lane, IvTime from, gboolean open);
/* Tells the minutes that are over for long enough; `all`: the rest too. */
void iv_queue_tell_samples(IvQueues *queues, gboolean all, GArray *ret_events);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/foretell_calls.h"
#include "kpi/queue_future.h"
#include "model/event.h"

/* How long people will wait at the tills in 5 and 10 min, and which lanes to open for it: from who
 * came in when, who stands in line, which lanes are open and how long services take. Fed with
 * committed events as they become known; nothing of the future is used, and the same events give
 * the same answers, so that a restart learns again from the ledger. Pure; one thread at a time.
 *
 * Lanes with staff and a line each make one pool, as people choose among them; a group that shares
 * a line, and a self-checkout with a line of its own, is a pool for itself. */
typedef struct IvForetell IvForetell;

#define IV_FORETELL_LANES_MAX 64
#define IV_FORETELL_POOLS_MAX 16
#define IV_FORETELL_FUTURES 128
#define IV_FORETELL_PAST (28 * IV_DAY) /* what a restart learns from */

typedef struct {
  IvSlug lane, queue; /* whose line it serves: its own id or its group's */
  gboolean self_checkout;
} IvForetellLane;

/* `zone` is the store's, borrowed; `long_wait`: the limit of QUEUE_LONG; `target`: a wait up to
 * this is good. */
IvForetell *iv_foretell_new(GTimeZone *zone, IvTime long_wait, IvTime target);
void iv_foretell_free(IvForetell *foretell);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvForetell, iv_foretell_free)

/* The lanes that are drawn now, in the order in which they are to be opened. Those over
 * IV_FORETELL_LANES_MAX (or IV_FORETELL_POOLS_MAX pools), ever, are left out. What was learned
 * stays. */
void iv_foretell_set_lanes(IvForetell *foretell, const IvForetellLane *lanes, guint n);

/* The lanes whose cameras give a picture now, by id; all others that are drawn are not seen:
 * nothing is foretold of their pool, and no call made, until they are. Before the first time all
 * are seen.
 */
void iv_foretell_set_seen(IvForetell *foretell, const char *const *lanes, guint n);

/* A fact, when it became known. `is_entrance`: its line is an entrance of the store. Kinds that say
 * nothing of tills are passed over. */
void iv_foretell_take(IvForetell *foretell, const IvEvent *event, gboolean is_entrance);

typedef enum { IV_ADVICE_KEEP, IV_ADVICE_OPEN, IV_ADVICE_CLOSE } IvAdviceAction;

/* The smallest set of lanes whose foretold wait is within the target for the next 15 min, against
 * the lanes that are open. Nothing is to be opened where none is open, nobody waits and next to
 * nobody is expected: the store is shut. */
typedef struct {
  IvAdviceAction action;
  guint lanes;                        /* of that set */
  guint n_change;                     /* lanes to open or close */
  IvSlug change[IV_FUTURE_LANES_MAX]; /* those */
  gboolean enough; /* FALSE: not even with all lanes is the wait within the target */
  IvTime within;   /* to open: until the wait is foretold to pass the target */
  double worst_s;  /* longest foretold wait of the 15 min, as the lanes are */
  double then_s;   /* with the set */
} IvAdvice;

typedef struct {
  IvSlug queue;
  double wait_5m_s, wait_10m_s; /* of who joins then; NAN where no lane is open */
  double long_chance;           /* that QUEUE_LONG begins within 15 min, 0..1 */
} IvForetoldLine;

typedef struct {
  guint n_lines;
  IvForetoldLine lines[IV_FUTURE_LINES_MAX];
  guint open, total;            /* lanes; `open` of those that are seen */
  guint unseen;                 /* lanes whose camera gives no picture */
  gboolean known;               /* FALSE: too little was seen; the rest is not set */
  gboolean staffed;             /* lanes can be opened and closed; else there is no advice */
  double wait_5m_s, wait_10m_s; /* of who joins the line that is best then */
  double long_chance;           /* of any of its lines */
  double arrivals;              /* expected at the tills in the next 15 min */
  IvTime called_at;             /* of the call in force; IV_TIME_NONE = none */
  IvAdvice advice;
} IvForetoldPool;

guint iv_foretell_n_pools(const IvForetell *foretell);

/* What is foretold at `now` for a pool. When a call is due (IV_CALL_CHANCE, and none is in force)
 * it is made, and `ret_call` (may be NULL: no calls are made) becomes the event that tells it,
 * without store and edge; else its kind is IV_EVENT_UNKNOWN. Takes a few ms. */
void iv_foretell_look(IvForetell *foretell, guint pool, IvTime now, IvForetoldPool *ret_pool,
                      IvEvent *ret_call);

/* How the calls of the last 28 days came out. */
IvCallScore iv_foretell_score(const IvForetell *foretell, IvTime now);

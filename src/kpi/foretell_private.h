/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the files of the foretold wait share. */
#include "kpi/foretell.h"
#include "kpi/till_arrivals.h"

#define FORETELL_SPANS 200 /* services whose lengths are remembered */

typedef struct {
  guint64 tracklet;
  IvTime joined;
} ForetellWaiting;

typedef struct {
  IvTime end;
  double span_s;
} ForetellService;

typedef struct {
  IvSlug id;
  guint pool;
  GArray *waiting; /* of ForetellWaiting, in order of joining */
  GArray *recent;  /* of ForetellService, by end */
  gboolean is_long;
} ForetellLine;

typedef struct {
  IvSlug id;
  guint line;
  gboolean drawn, open, unseen;
  IvTime since; /* of the service that goes on; IV_TIME_NONE = none does */
  IvTime until; /* of the last one; IV_TIME_NONE = none yet */
} ForetellLane;

typedef struct {
  gboolean staffed;
  double spans[FORETELL_SPANS]; /* a ring */
  guint n, next;
  double changeover_s; /* from one service to the next while somebody waits */
  IvTillArrivals *arrivals;
} ForetellPool;

struct IvForetell {
  GTimeZone *zone;
  IvTime long_wait, target;
  int staffed; /* the pool of staffed lanes, or -1 */
  guint n_pools, n_lines, n_lanes;
  ForetellPool pools[IV_FORETELL_POOLS_MAX];
  ForetellLine lines[IV_FORETELL_LANES_MAX];
  ForetellLane lanes[IV_FORETELL_LANES_MAX];
  IvCalls *calls;
  IvTime hour_start, hour_end; /* the hour whose slot is known */
  int slot;
};

/* Place of an hour in IvTillArrivals. */
int iv_foretell_slot(IvForetell *foretell, IvTime ts);

/* A pool as the futures begin. `spans` has room for FORETELL_SPANS; the numbers of its lines and
 * lanes in `foretell` go to `ret_lines` and `ret_lanes`. FALSE = too little is known. */
gboolean iv_foretell_set_up(IvForetell *foretell, guint pool, IvTime now, double *spans,
                            IvFuturePool *ret_future, guint *ret_lines, guint *ret_lanes);

/* `future` as the pool stands, `whole` what it foretells; is left as it was. */
IvAdvice iv_foretell_advise(const IvForetell *foretell, IvFuturePool *future,
                            const IvFutureOutlook *whole, const guint *lanes);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"
#include "kpi/foretell.h"
#include "model/scene.h"
#include "store/store.h"

/* The foretold wait of the store that runs here (kpi/foretell.h): learns from the ledger at the
 * start and from every committed event after it, and looks ahead when asked to. Any thread; one
 * mutex inside, under which no other lock is taken. */
typedef struct IvForeteller IvForeteller;

typedef struct {
  IvTime ts; /* when it was looked; IV_TIME_NONE = not yet */
  guint n_pools;
  IvForetoldPool pools[IV_FORETELL_POOLS_MAX];
  IvCallScore score;
} IvOutlook;

/* `config` outlives it; `edge` signs the calls. */
IvForeteller *iv_foreteller_new(const IvConfig *config, const IvSlug *edge);
void iv_foreteller_free(IvForeteller *foreteller);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvForeteller, iv_foreteller_free)

/* The scenes in force (IvScene each; NULL is none), all cameras. */
void iv_foreteller_set_scenes(IvForeteller *foreteller, const GPtrArray *scenes);

/* Learns from the last IV_FORETELL_PAST before `now`. Once, before the first committed event;
 * blocks: about a second for a million events. */
gboolean iv_foreteller_learn(IvForeteller *foreteller, IvStore *store, IvTime now, GError **error);

/* The lanes that are seen now (iv_foretell_set_seen). */
void iv_foreteller_set_seen(IvForeteller *foreteller, const char *const *lanes, guint n);

/* Committed events, in order. */
void iv_foreteller_take(IvForeteller *foreteller, const IvEvent *events, guint n);

/* Looks ahead; calls that are due are appended to `ret_calls` (GArray of IvEvent). */
void iv_foreteller_look(IvForeteller *foreteller, IvTime now, GArray *ret_calls);

/* What the last look saw. */
void iv_foreteller_get(IvForeteller *foreteller, IvOutlook *ret_outlook);

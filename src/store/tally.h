/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/bucket.h"
#include "store/rollup.h"

/* What a batch of events adds to the rows of buckets, gathered in memory: each row that it touches
 * is read and written once, however many events touch it. Inside this room; one thread. */
typedef struct IvTally IvTally;

/* A row of the subject's table. `no` is the line's, zone's or lane's number; `no`, `camera` and
 * `scene_version` are 0 where the table has no such key. */
typedef struct {
  IvSubject subject;
  int scene_version;
  IvTime bucket;
  gint64 no, camera;
} IvTallyKey;

IvTally *iv_tally_new(void);
void iv_tally_free(IvTally *tally);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvTally, iv_tally_free)

/* `amounts` are those of IvBucketDelta. */
void iv_tally_add(IvTally *tally, const IvTallyKey *key, const gint64 *amounts);

/* A length for one of the row's sketches. */
void iv_tally_add_length(IvTally *tally, const IvTallyKey *key, IvSpread spread, gint64 ms);

/* Somebody for one of the row's sets. */
void iv_tally_add_visitor(IvTally *tally, const IvTallyKey *key, IvPeople people, guint64 visitor);

/* Adds it all to the rows of the database, in the order of their keys, tells `rollups` of them, and
 * empties the tally. Inside jobs of the writer. */
gboolean iv_tally_write(IvTally *tally, IvSql *sql, gint64 store_no, IvRollups *rollups,
                        GError **error);

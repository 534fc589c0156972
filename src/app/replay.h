/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "config/what_if.h"
#include "kpi/bucket.h"
#include "rules/thresholds.h"
#include "store/store.h"

/* What-if: the trajectories that were kept of cameras go through the rules again, under other
 * lines, zones, lanes or thresholds, and what is counted stands beside what was counted then. Reads
 * only; the ledger stays as it is. Deterministic: the same rows, scenes and thresholds give the
 * same result. docs/replay.md. */

#define IV_REPLAY_ERROR (iv_replay_error_quark())
GQuark iv_replay_error_quark(void);
typedef enum {
  IV_REPLAY_ERROR_CANCELLED,
  IV_REPLAY_ERROR_NOTHING, /* no trajectories in that span */
} IvReplayError;

#define IV_REPLAY_SPAN_MAX (366 * IV_DAY)

typedef struct {
  IvStore *store;
  const char *store_id;
  IvRulesConfig rules;   /* thresholds that are in force */
  const IvWhatIf *what;  /* NULL = nothing is changed */
  const char *camera_id; /* NULL = all that have trajectories */
  IvTime from, to;
  /* Both may be NULL. Called now and then, on the same thread; `share` is 0..1. */
  void (*progress)(double share, gpointer user_data);
  gpointer user_data;
  const gint *cancel; /* atomic; set from any thread */
} IvReplayJob;

/* One line, zone or lane of one camera, summed over the span. */
typedef struct {
  IvSlug camera_id, id;
  IvSubject subject; /* LINE, ZONE or LANE; amounts are those of its measures */
  gint64 recorded[IV_MEASURES_MAX], replayed[IV_MEASURES_MAX];
  gboolean drawn; /* under the replayed scene; else it was recorded only */
} IvReplayRow;

typedef struct {
  IvSlug camera_id;
  int scene_version; /* that the replay ran under, or that its change was made from */
  gboolean changed;  /* the camera's drawing is another than the one in force */
  guint64 pieces, bad_pieces, bytes;
  IvTime looked; /* time of the span that its trajectories cover */
  gint64 track_ms;
} IvReplayCamera;

typedef struct {
  GArray *cameras; /* IvReplayCamera, by id */
  GArray *rows;    /* IvReplayRow, by camera, subject and id */
  guint64 points;  /* that the rules were given */
} IvReplayResult;

void iv_replay_result_free(IvReplayResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvReplayResult, iv_replay_result_free)

/* Blocks; memory does not grow with the span. NULL with IV_REPLAY_ERROR, IV_STORE_ERROR or
 * IV_SQL_ERROR. Any thread but the store's writer. */
IvReplayResult *iv_replay_run(const IvReplayJob *job, GError **error);

/* {cameras:[...], rows:[{camera_id, kind, id, recorded:{...}, replayed:{...}}]}; new reference. */
json_t *iv_replay_to_json(const IvReplayResult *result);

/* The thresholds of the rules as the configuration says. */
IvRuleLimits iv_rule_limits_of(const IvRulesConfig *rules);
IvKpiLimits iv_kpi_limits_of(const IvRulesConfig *rules);

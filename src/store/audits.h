/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "kpi/audit.h"
#include "model/scene.h"
#include "store/store.h"

/* Audits of a line's count: intervals drawn from what was recorded, counted by hand, and what they
 * came to (kpi/audit.h). The log of who did what is store/audit.h. */

#define IV_COUNT_AUDIT_SPAN_MAX (31 * IV_DAY)
#define IV_COUNT_AUDITS_MAX 500 /* of a store */
#define IV_COUNT_AUDITS_OPEN_MAX                                                                   \
  20 /* of a store with intervals to be counted: they hold recordings */

typedef enum {
  IV_COUNT_INTERVAL_OPEN,
  IV_COUNT_INTERVAL_COUNTED,
  IV_COUNT_INTERVAL_VOID, /* can't be counted: nothing can be seen */
} IvCountIntervalState;
const char *iv_count_interval_state_name(IvCountIntervalState state);

typedef struct {
  gint64 no;
  IvTime from, to;
  gboolean busy;
  IvCountIntervalState state;
  IvTime settled; /* IV_TIME_NONE while open */
  char *settled_by;
  IvAuditCounts counts; /* of counted ones */
} IvCountInterval;

typedef struct {
  gint64 no;
  IvSlug camera_id, line_id;
  int scene_version;
  IvTime from, to;
  IvTime asked;
  char *asked_by;
  guint64 seed;
  GArray *intervals; /* of IvCountInterval, by time */
} IvCountAudit;

void iv_count_audit_clear(IvCountAudit *audit);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvCountAudit, iv_count_audit_clear)

/* Of its counted intervals. */
IvAuditFigures iv_count_audit_figures(const IvCountAudit *audit, guint resamples);

/* ---- inside a job of the writer ---- */

/* Draws up to `wanted` intervals out of [from, to) that were recorded whole, in which the camera
 * was watched, and that no audit of this line has yet; sets `no` and holds their recordings.
 * `audit` has camera, line, span, asked, asked_by and seed. IV_STORE_ERROR_NOT_FOUND for camera and
 * line, IV_STORE_ERROR_CONFLICT where there is nothing to draw from, IV_STORE_ERROR_LIMIT. */
gboolean iv_count_audits_plan(IvSql *sql, const char *store_id, IvCountAudit *audit, guint wanted,
                              GError **error);

typedef struct {
  gint64 audit, interval;
  const IvAuditMark *marks; /* by time, within the interval or one tolerance beyond */
  guint n_marks;
  gboolean is_void;
  IvTime when;
  const char *who;
} IvCountSettle;

/* Once only: who has seen what the system counted can't count it blind again. Compares with the
 * ledger's crossings now. IV_STORE_ERROR_NOT_FOUND; IV_STORE_ERROR_CONFLICT when it is settled
 * already or its events were deleted; IV_STORE_ERROR_INVALID for a mark elsewhere. */
gboolean iv_count_audits_settle(IvSql *sql, const char *store_id, const IvCountSettle *settle,
                                GError **error);

/* IV_STORE_ERROR_NOT_FOUND. */
gboolean iv_count_audits_remove(IvSql *sql, const char *store_id, gint64 no, GError **error);

/* ---- reading, any thread ---- */

/* GArray of IvCountAudit with their intervals, with a clear function: the newest first. */
GArray *iv_count_audits_list(IvStore *store, const char *store_id, IvTime deadline, GError **error);

/* FALSE without an error = there is none. */
gboolean iv_count_audits_get(IvStore *store, const char *store_id, gint64 no, IvTime deadline,
                             IvCountAudit *ret_audit, GError **error);

/* What somebody marked in an interval (GArray of IvAuditMark). */
GArray *iv_count_audits_marks(IvStore *store, gint64 interval, IvTime deadline, GError **error);

typedef struct {
  IvSlug camera_id, line_id;
  IvLineKind kind;
  IvAuditState state;
  IvTime audited;         /* end of the span of the last audit that is over, or none */
  IvAuditFigures figures; /* of that one */
  gboolean redrawn;       /* the camera's drawing was changed since: the state may not hold */
} IvLineAudit;

/* Each line that is drawn now, those never audited too (GArray of IvLineAudit, by camera and line).
 */
GArray *iv_count_audits_lines(IvStore *store, const char *store_id, IvTime deadline,
                              GError **error);

/* What that means for figures that all lines of a kind make: passed only when each has passed and
 * none was drawn anew, else the worst. FALSE = there is no such line. */
gboolean iv_count_audits_of_kind(const GArray *lines, IvLineKind kind, IvAuditState *ret_state);

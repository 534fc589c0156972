/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "store/store.h"

/* What somebody keeps as evidence: a span of a camera, whose recordings and pictures are held until
 * it is released. The row stays after that and says who did it and why. */

typedef enum {
  IV_EVIDENCE_WAITING, /* for the end of its span, or for its bundle */
  IV_EVIDENCE_READY,   /* its bundle is made */
  IV_EVIDENCE_FAILED,  /* it could not be; `trouble` says why */
  IV_EVIDENCE_RELEASED,
  IV_EVIDENCE_STATES,
} IvEvidenceState;
const char *iv_evidence_state_name(IvEvidenceState state);

#define IV_EVIDENCE_TITLE_MAX 120 /* bytes */
#define IV_EVIDENCE_NOTE_MAX 2000
#define IV_EVIDENCE_REASON_MAX 500
#define IV_EVIDENCE_SPAN_MAX (6 * IV_HOUR)
#define IV_EVIDENCE_LIMIT_MAX 500
#define IV_EVIDENCE_KEPT_MAX 1000 /* cases of a store that are not released */

typedef struct {
  gint64 no; /* 0 = not stored yet */
  IvSlug camera_id;
  char *title, *note;
  gboolean has_event;
  IvUuid event_id;
  IvTime from, to;
  IvTime made;
  char *made_by;
  IvEvidenceState state;
  char *trouble;  /* "" = none */
  IvTime bundled; /* IV_TIME_NONE = not yet */
  guint64 bundle_bytes;
  char *bundle_sha256;
  guint clips, stills, events; /* in the bundle */
  gboolean archived;           /* the bundle is in the archive too (store/archived.h) */
  IvTime released;
  char *released_by, *release_reason;
} IvEvidence;

void iv_evidence_clear(IvEvidence *evidence);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvEvidence, iv_evidence_clear)

/* "evidence:7": who holds its recordings and pictures; the caller frees. */
char *iv_evidence_holder(gint64 no);

/* ---- inside a job of the writer ---- */

/* Puts a new case (state waiting) and takes hold of what there is of its span. Sets its `no`.
 * IV_STORE_ERROR_LIMIT beyond IV_EVIDENCE_KEPT_MAX. */
gboolean iv_evidence_add(IvSql *sql, const char *store_id, IvEvidence *evidence, GError **error);

/* Puts a case of which only the bundle is left (state ready), under its own number where that is
 * free. Sets its `no`. One that is there already is left as it is: `ret_fresh` is FALSE. Holds
 * nothing yet. */
gboolean iv_evidence_adopt(IvSql *sql, const char *store_id, IvEvidence *evidence,
                           gboolean *ret_fresh, GError **error);

/* Takes hold again, as more of the span may have come. */
gboolean iv_evidence_hold(IvSql *sql, const char *store_id, const IvEvidence *evidence,
                          GError **error);

/* Its bundle is made, or could not be (`evidence`'s state, trouble and what is said of the bundle).
 * A case that was released meanwhile stays so: `ret_fits` is FALSE then. */
gboolean iv_evidence_settle(IvSql *sql, const IvEvidence *evidence, gboolean *ret_fits,
                            GError **error);

/* A bundle is to be made once more; FALSE in `ret_fits` for one that is released. */
gboolean iv_evidence_again(IvSql *sql, const char *store_id, gint64 no, gboolean *ret_fits,
                           GError **error);

/* Lets go of everything it holds; what the archive has of its bundle is to be deleted there. FALSE
 * in `ret_fits` when it is none, or released already. */
gboolean iv_evidence_release(IvSql *sql, const char *store_id, gint64 no, IvTime now,
                             const char *by, const char *reason, gboolean *ret_fits,
                             GError **error);

/* ---- reading, any thread ---- */

/* Newest first, numbers below `before` (G_MAXINT64 = all): GArray of IvEvidence, with a clear
 * function. `waiting`: only those whose bundle is to be made, oldest first. NULL with an error. */
GArray *iv_evidence_list(IvStore *store, const char *store_id, gint64 before, gboolean waiting,
                         guint limit, IvTime deadline, GError **error);

/* Those whose bundle is made and not in the archive, the oldest first (GArray of IvEvidence). */
GArray *iv_evidence_unarchived(IvStore *store, const char *store_id, IvTime made_before,
                               guint limit, GError **error);

/* FALSE without an error = there is none. */
gboolean iv_evidence_get(IvStore *store, const char *store_id, gint64 no, IvTime deadline,
                         IvEvidence *ret_evidence, GError **error);

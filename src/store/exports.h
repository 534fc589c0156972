/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/ids.h"
#include "store/store.h"

/* Clips that somebody wants to take away: a span of a camera's recordings each, as one file that is
 * kept for a while. What is waited for is held until the clip is made or given up. */

typedef enum {
  IV_EXPORT_WAITING, /* for the end of its span, or for those before it */
  IV_EXPORT_WORKING,
  IV_EXPORT_DONE,
  IV_EXPORT_FAILED,  /* `reason` says why */
  IV_EXPORT_EXPIRED, /* its file was deleted, as it was to be */
  IV_EXPORT_STATES,
} IvExportState;
const char *iv_export_state_name(IvExportState state);

#define IV_EXPORT_SPAN_MAX (25 * IV_HOUR) /* the longest day there is */
#define IV_EXPORTS_WAITING_MAX 32
#define IV_EXPORTS_LIMIT_MAX 100   /* of one list */
#define IV_EXPORTS_ROWS_MAX 1000   /* beyond it those whose file is gone are forgotten */
#define IV_EXPORT_PARTS_MAX 20     /* of one wish */
#define IV_EXPORT_HOLDER "export:" /* begins the names of those that hold recordings */

typedef struct {
  IvTime start, end;
} IvExportGap;

typedef struct {
  gint64 no; /* 0 = not stored yet */
  IvSlug camera_id;
  IvTime from, to; /* as it was wished */
  IvTime asked;
  char *asked_by;
  guint part; /* 1 = what was wished; later ones are what did not fit into the file before */
  IvExportState state;
  char *reason;      /* "" = none; of one that is done: what is missing, and where the rest is */
  IvTime start, end; /* capture time of its first picture, and of the end of its last one;
                        IV_TIME_NONE before it is done */
  guint64 bytes;
  char *sha256;   /* "" = not done */
  GArray *gaps;   /* IvExportGap, in which nothing is shown; NULL = none */
  IvTime expires; /* IV_TIME_NONE = not done, or kept for ever */
} IvExport;

void iv_export_clear(IvExport *export);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvExport, iv_export_clear)

/* ---- inside a job of the writer ---- */

/* Puts a new one (state waiting) and takes hold of what there is of its span. Sets its `no`.
 * IV_STORE_ERROR_CONFLICT beyond IV_EXPORTS_WAITING_MAX, for a `part` 1. */
gboolean iv_exports_add(IvSql *sql, const char *store_id, IvExport *export, GError **error);

/* At a start of the program: what was being made waits again; what waits takes hold again, and
 * nothing else is held for exports. */
gboolean iv_exports_recover(IvSql *sql, const char *store_id, GError **error);

/* Takes hold again, as more of the span may have come, of one that is wanted still. */
gboolean iv_exports_hold(IvSql *sql, const char *store_id, const IvExport *export, GError **error);

/* waiting → working, with a hold. FALSE in `ret_fits`: it is not waiting any more. */
gboolean iv_exports_begin(IvSql *sql, const char *store_id, const IvExport *export,
                          gboolean *ret_fits, GError **error);

/* working → `export`'s state, and what belongs to it; lets go of the recordings unless it waits
 * again. FALSE in `ret_fits`: it was removed meanwhile. */
gboolean iv_exports_settle(IvSql *sql, const IvExport *export, gboolean *ret_fits, GError **error);

/* done → `state` (expired or failed), because its file is gone or goes now. */
gboolean iv_exports_close(IvSql *sql, gint64 no, IvExportState state, const char *reason,
                          GError **error);

/* With its hold. FALSE in `ret_fits`: there is none of this number. */
gboolean iv_exports_remove(IvSql *sql, const char *store_id, gint64 no, gboolean *ret_fits,
                           GError **error);

/* ---- reading, any thread ---- */

typedef enum {
  IV_EXPORTS_ALL,     /* newest first */
  IV_EXPORTS_WAITING, /* oldest first */
  IV_EXPORTS_DONE,    /* oldest first */
} IvExportsPick;

/* GArray of IvExport, with a clear function; numbers over `after` where the oldest come first (0 =
 * all). NULL with an error. */
GArray *iv_exports_list(IvStore *store, const char *store_id, IvExportsPick pick, gint64 after,
                        guint limit, IvTime deadline, GError **error);

/* FALSE without an error = there is none. */
gboolean iv_exports_get(IvStore *store, const char *store_id, gint64 no, IvTime deadline,
                        IvExport *ret_export, GError **error);

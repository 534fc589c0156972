/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/archiver.h"

/* The list of an archive, made again from what is in it: after the database was lost. */

typedef enum {
  IV_ADOPT_COUNTING, /* what there is */
  IV_ADOPT_CASES,    /* bundles of evidence */
  IV_ADOPT_READING,  /* recordings */
} IvAdoptStep;

typedef struct {
  guint64 files, done; /* recordings that are there, and looked at */
  guint64 added;       /* got a row */
  guint64 known;       /* had one already */
  guint64 unreadable;  /* cannot be read, or are no recordings of ours: left alone */
  guint64 strange;     /* of cameras that are not in the configuration: left alone */
  guint64 old;         /* of those added, are older than archive.keep: held as IV_ADOPT_HOLDER */
  guint64 bytes_read;
  guint64 cases, cases_known, cases_unreadable;
  guint64 pictures; /* files of pictures that are there; their events are lost with the database */
} IvAdoptSums;

/* Who holds what is older than archive.keep, and would be deleted at once: it was held by somebody
 * whom the database knew. */
#define IV_ADOPT_HOLDER "adopted"

typedef struct {
  /* Some of it is done; FALSE = stop, and go on another time. May be NULL. */
  gboolean (*told)(IvAdoptStep step, const IvAdoptSums *sums, gpointer user_data);
  gpointer user_data;
} IvAdoptListener;

/* Takes the archive over: its mark, its bundles as cases of evidence, its recordings. Reads the
 * heads of each recording (some 5 % of it), several at once; the memory is that of a page of names.
 * May be stopped at any time and run again: what is known is not read again. `now`: wall time.
 * FALSE with an error; what was found up to then stays. One thread. */
gboolean iv_archiver_adopt(IvArchiver *archiver, IvTime now, const IvAdoptListener *listener,
                           IvAdoptSums *ret_sums, GError **error);

/* Lets go of what IV_ADOPT_HOLDER holds. */
gboolean iv_archiver_adopt_let_go(IvArchiver *archiver, GError **error);

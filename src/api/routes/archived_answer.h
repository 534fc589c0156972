/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/routes/call.h"
#include "store/archived.h"
#include "store/snapshots.h"

/* Answers with what is in the archive, read from there in parts as they are asked for. */

typedef struct {
  IvArchivedKind kind;
  gint64 no;              /* of its source */
  IvSnapshotFile file;    /* of a picture: which of its files */
  guint64 bytes;          /* of the file */
  const char *type, *tag; /* as of iv_range_answer */
} IvArchivedWish;

/* NULL = it is not in the archive. */
IvResponse *iv_archived_answer(const IvCall *call, const IvArchivedWish *wish);

/* All of it, for what is worked on here: at most `bytes`, which are in memory. NULL with
 * IV_SERVER_HOST_ERROR, or an error of the database. */
GBytes *iv_archived_bytes(const IvCall *call, const IvArchivedWish *wish, GError **error);

/* "here", "archive" or "both": where the files of a recording or picture are. */
const char *iv_archived_place(gboolean local, gboolean archived);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "app/fetcher.h"

/* Where bundles of evidence are made: a thread that takes the cases whose span is over, cuts their
 * clips, gathers their pictures and events, and signs it all with the installation's key. One case
 * at a time; what was not done when the program ended is done at the next start. */
typedef struct IvEvidenceDesk IvEvidenceDesk;

#define IV_EVIDENCE_FOLDER "evidence" /* of bundles, below the data folder */

#define IV_EVIDENCE_SETTLE                                                                         \
  (15 * IV_SECOND) /* after its span: the index of recordings is told so late */

typedef struct {
  IvStore *store;                                           /* these outlive it */
  IvFetcher *fetcher;                                       /* where its files come from */
  const char *store_id, *store_name, *time_zone, *data_dir; /* copied */
  /* What is known of a camera: name, number, its clock. New reference; NULL = nothing. The thread
   * of the desk. */
  json_t *(*describe)(const char *camera_id, gpointer user_data);
  gpointer user_data;
} IvEvidenceDeskOptions;

/* Touches no disk. */
IvEvidenceDesk *iv_evidence_desk_new(const IvEvidenceDeskOptions *options);
void iv_evidence_desk_start(IvEvidenceDesk *desk);
/* Gives up the bundle that is being made. */
void iv_evidence_desk_free(IvEvidenceDesk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvEvidenceDesk, iv_evidence_desk_free)

/* Any thread: */

/* There is a new case, or one whose bundle is to be made again. */
void iv_evidence_desk_wake(IvEvidenceDesk *desk);

/* 0..1 of the bundle that is being made; -1 = it is not this one's. */
double iv_evidence_desk_progress(IvEvidenceDesk *desk, gint64 no);

/* A case's bundle, for reading; -1 with errno. */
int iv_evidence_desk_open(const IvEvidenceDesk *desk, gint64 no);

/* The case was released: its bundle goes. */
void iv_evidence_desk_discard(const IvEvidenceDesk *desk, gint64 no);

/* The public key as PEM and its fingerprint; the caller frees both. The key is made if there is
 * none. FALSE with IV_KEY_FILE_ERROR. */
gboolean iv_evidence_desk_key(IvEvidenceDesk *desk, char **ret_pem, char **ret_fingerprint,
                              GError **error);

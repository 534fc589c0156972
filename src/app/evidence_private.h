/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/evidence_desk.h"
#include "evidence/bundle.h"
#include "media/clip.h"
#include "store/evidence.h"
#include "store/sign_key.h"

/* What the files of the desk share. */
struct IvEvidenceDesk {
  IvEvidenceDeskOptions options; /* its texts are owned */
  char *folder, *key_path;
  GThread *thread;
  gint stop; /* atomic */
  GMutex mutex;
  GCond changed;
  gboolean woken;  /* under the mutex, as what follows */
  gint64 making;   /* number of the case; 0 = none */
  double progress; /* of it */
  IvSignKey *key;  /* NULL = not needed yet; once set it stays */
};

/* One clip of a case, in a file of its own until it is in the bundle. */
typedef struct {
  int fd;
  IvClipInfo info; /* owned */
} IvEvidenceClip;

/* What goes into a bundle. */
typedef struct {
  const IvEvidence *about;
  GArray *clips;    /* IvEvidenceClip, owned */
  GArray *stills;   /* IvSnapshot */
  json_t *events;   /* array */
  json_t *left_out; /* array: what of the span is not in the bundle, and why */
} IvEvidenceParts;

void iv_evidence_parts_clear(IvEvidenceParts *parts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvEvidenceParts, iv_evidence_parts_clear)

/* app/evidence_parts.c: cuts and gathers. `told` is called with the share that is done (0..1);
 * FALSE = give up. */
typedef gboolean (*IvEvidenceTold)(double share, gpointer user_data);
gboolean iv_evidence_gather(IvEvidenceDesk *desk, IvEvidenceParts *parts, IvEvidenceTold told,
                            gpointer user_data, GError **error);

/* app/evidence_text.c: what is written beside the pictures; the caller frees. */
char *iv_evidence_metadata(IvEvidenceDesk *desk, const IvEvidenceParts *parts, IvTime now);
char *iv_evidence_readme(IvEvidenceDesk *desk, const IvEvidenceParts *parts,
                         const char *fingerprint);

/* Their names in the bundle; the caller frees. */
char *iv_evidence_clip_name(guint index);
char *iv_evidence_still_name(const IvSnapshot *still, IvSnapshotFile file);

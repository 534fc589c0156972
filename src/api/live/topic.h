/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/auth/permissions.h"
#include "base/ids.h"

/* Names of live topics and what follows from them; the one table of kinds (topic.c). Pure. */

#define IV_TOPIC_NAME_MAX 100 /* bytes */

typedef enum {
  IV_TOPIC_KPI,     /* store/{id}/kpi */
  IV_TOPIC_CAMERAS, /* store/{id}/cameras */
  IV_TOPIC_EVENTS,  /* store/{id}/events */
  IV_TOPIC_TRACKS,  /* camera/{id}/tracks */
  IV_TOPIC_KINDS,
} IvTopicKind;

/* What a snapshot is made of. */
typedef enum {
  IV_KEEP_STATE, /* every message is the whole state: the last one */
  IV_KEEP_LOG,   /* every message adds entries: the newest IV_TOPIC_LOG of them */
} IvTopicKeep;

#define IV_TOPIC_LOG 50

typedef struct {
  const char *owner, *name; /* "store", "kpi" */
  gboolean lossless;        /* FALSE: a slow client gets the latest only */
  IvTopicKeep keep;
  const char *log_key; /* IV_KEEP_LOG: the array in `data`; else NULL */
  IvPermission permission;
} IvTopicKindInfo;

const IvTopicKindInfo *iv_topic_kind_info(IvTopicKind kind);

/* FALSE (and nothing set) when it is not the name of a topic. */
gboolean iv_topic_parse(const char *name, IvTopicKind *ret_kind, IvSlug *ret_id);

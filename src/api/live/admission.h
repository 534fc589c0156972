/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/routes/call.h"

/* Who is at the other end of a WebSocket, and which topics he may hear: asked of the database for
 * each message, as for each HTTP request. Worker thread. */

/* May a login (iv_access_login) that watches a store's cameras go on, as he watches them? TRUE too
 * when the database doesn't answer: it is asked again soon. */
gboolean iv_admission_may_watch(IvApi *api, const IvWatcher *watcher, IvTime deadline);

/* The login of this token (iv_access_login), which the caller frees; NULL when it has ended or may
 * not watch. Permissions of stores and cameras are not asked for. */
char *iv_admission_login(IvApi *api, const IvToken *token, IvTime deadline, gint64 *ret_user_id);

typedef enum {
  IV_ADMISSION_GRANTED,
  IV_ADMISSION_ENDED,   /* no session: log in again */
  IV_ADMISSION_UNKNOWN, /* the database didn't answer: try again later */
} IvAdmissionOutcome;

typedef struct {
  IvAdmissionOutcome outcome;
  gint64 user_id;
  guint n_topics;
  int *statuses; /* per topic: 200, 403, 404; owned */
} IvAdmission;

void iv_admission_clear(IvAdmission *admission);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvAdmission, iv_admission_clear)

/* An open WebSocket counts as a sign of life of its session. `topics` are names as the client
 * said them. */
void iv_admission_decide(IvApi *api, const IvToken *token, char *const *topics, IvTime deadline,
                         IvAdmission *ret_admission);

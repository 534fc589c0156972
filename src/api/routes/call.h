/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/auth/access.h"
#include "api/net/pool.h"
#include "api/net/request.h"
#include "api/net/response.h"
#include "api/routes/looks.h"
#include "api/server.h"
#include "base/throttle.h"
#include "store/audit.h"
#include "store/store.h"

/* What the routes work with. One IvApi per server, shared by the workers; everything in it is
 * thread-safe or never changes. */
typedef struct {
  IvStore *store;
  gboolean fixed_bands;
  IvTime wait_target; /* a wait up to this is good; over 0 */
  IvPrivacyConfig privacy;
  const IvServerHost *host_calls;
  gpointer host;
  gboolean behind_tls;
  IvThrottle *accounts, *addresses; /* failed logins */
  IvLooks *looks;                   /* who looked at which camera lately */
  gint searching;                   /* atomic: TRUE while somebody searches the network */
  /* WebSockets of this user are to be checked again. */
  void (*user_changed)(gint64 user_id, gpointer user_data);
  /* Appends the server's own metrics. */
  void (*metrics)(GString *text, gpointer user_data);
  gpointer user_data;
} IvApi;

#define IV_CALL_PARAMETERS_MAX 3

/* Where a request goes: the route, and the parts of the path that stand for its {parameters}, in
 * order. */
typedef struct IvRoute IvRoute;
typedef struct {
  const IvRoute *route;
  char *parameters[IV_CALL_PARAMETERS_MAX]; /* owned */
} IvRouteMatch;
void iv_route_match_clear(IvRouteMatch *match);

/* One request being answered, on a worker. */
typedef struct {
  IvApi *api;
  const IvRequest *request;
  const IvRouteMatch *match;
  IvAccess *access; /* NULL on public routes */
  IvTime now;       /* wall clock */
  IvTime deadline;  /* monotonic */
} IvCall;

/* Returns the answer, never NULL. */
typedef IvResponse *(*IvHandler)(IvCall *call);

typedef enum {
  IV_ROUTE_HASHES = 1 << 0,     /* a password: heavy work */
  IV_ROUTE_QUICK = 1 << 1,      /* no database, no host: answered on the network's thread */
  IV_ROUTE_LOCAL_FREE = 1 << 2, /* from this machine itself no session is needed */
  IV_ROUTE_WAITS = 1 << 3,      /* for the network: patient work */
  IV_ROUTE_SDP = 1 << 4,        /* takes application/sdp instead of JSON */
} IvRouteTrait;

struct IvRoute {
  IvMethod method;
  const char *path;         /* template, as in openapi.yaml */
  const char *operation_id; /* as in openapi.yaml */
  IvPermission permission;
  IvHandler handler;
  gsize body_max; /* bytes; 0 = takes none */
  guint traits;   /* IvRouteTrait, added up */
};

/* Checks who asks and whether he may, then answers. Worker thread (quick routes: any). */
IvResponse *iv_api_answer(IvApi *api, const IvRequest *request, const IvRouteMatch *match,
                          IvTime deadline);

/* --- for the handlers --- */

/* Parts of the path; which is which follows from the route's template. */
const char *iv_call_store(const IvCall *call);
const char *iv_call_camera(const IvCall *call);
const char *iv_call_user(const IvCall *call);
const char *iv_call_image(const IvCall *call);
const char *iv_call_viewer(const IvCall *call);
const char *iv_call_recording(const IvCall *call);
const char *iv_call_snapshot(const IvCall *call);
const char *iv_call_case(const IvCall *call);
const char *iv_call_export(const IvCall *call);
const char *iv_call_replay(const IvCall *call);
const char *iv_call_count_audit(const IvCall *call);
const char *iv_call_interval(const IvCall *call);

/* Whether this user sees people as mosaics where `rule` (IvBlurRule) holds. */
gboolean iv_privacy_hides(int rule, const IvAccess *access);

/* What is recorded shows people as they are. NULL = this user may see that; else the answer that
 * says why not. */
IvResponse *iv_call_refuse_people(const IvCall *call);

/* The answer to an error of the store or the host; logs what is the server's fault. Takes `error`.
 */
IvResponse *iv_call_failed(const IvCall *call, GError *error);

/* NULL, or the refusal to draw in a store that is acted out: its drawing is the scenario's, and
 * another one would change nothing but the names of what was counted. */
IvResponse *iv_call_refuse_simulated(const IvCall *call);

/* The body, which must be an object. NULL with the problem; the caller unrefs. */
json_t *iv_call_read_object(const IvCall *call, IvResponse **ret_problem);

/* A query argument as whole number; FALSE with `ret_problem` when it is not one in range. Absent:
 * `ret_value` untouched. */
gboolean iv_call_query_int(const IvCall *call, const char *name, gint64 min, gint64 max,
                           gint64 *ret_value, IvResponse **ret_problem);
/* true = 1, false = 0, absent = -1. */
gboolean iv_call_query_flag(const IvCall *call, const char *name, int *ret_flag,
                            IvResponse **ret_problem);
gboolean iv_call_query_time(const IvCall *call, const char *name, IvTime *ret_time,
                            IvResponse **ret_problem);

/* Of what waits for the shop's network (searching it, trying a camera) one runs at a time, so that
 * one worker that waits stays free for live video. NULL, or the refusal; only after NULL it is to
 * be ended. */
IvResponse *iv_call_begin_search(const IvCall *call);
void iv_call_end_search(const IvCall *call);

/* An entry with who, when and from where filled in. */
IvAuditEntry iv_call_audit(const IvCall *call, IvAuditAction action, const char *subject);

/* Which login asks, told apart from all others (iv_access_login). The caller frees. */
char *iv_call_login(const IvCall *call);

/* Tells the audit log who looks at the camera, once per session and while. NULL, or the answer when
 * it can't be written: what nobody is told of is not shown. */
IvResponse *iv_call_note_look(const IvCall *call, IvAuditAction action);
/* The same of recordings, with the hour that was watched (UTC). */
IvResponse *iv_call_note_recording(const IvCall *call, IvTime start);
/* The same of one thing of a camera that the path doesn't name. `id` tells things apart. */
IvResponse *iv_call_note_look_at(const IvCall *call, IvAuditAction action, const char *camera,
                                 const char *id);

/* JSON of a time; null for IV_TIME_NONE. */
json_t *iv_json_time(IvTime t);
/* JSON of a number; null for NAN. */
json_t *iv_json_number(double value);

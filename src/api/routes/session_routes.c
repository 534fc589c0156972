/* SPDX-License-Identifier: Apache-2.0 */
#define G_LOG_DOMAIN "inveye-api"
#include "api/auth/password.h"
#include "api/routes/bodies.h"
#include "api/routes/handlers.h"
#include "api/routes/user_json.h"
#include "base/clock.h"

/* --- slowing down --- */

static IvResponse *too_many(IvTime wait) {
  gint64 seconds = (wait + IV_SECOND - 1) / IV_SECOND;
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, seconds);
  IvResponse *problem = iv_response_problem(IV_PROBLEM_TOO_MANY, "Try again in %s second%s.", text,
                                            seconds == 1 ? "" : "s");
  iv_response_add(problem, "retry-after:", text);
  return problem;
}

/* NULL when this account may be tried now from this address; then the try is counted. */
static IvResponse *count_attempt(const IvCall *call, const char *account) {
  IvTime now = iv_clock_monotonic();
  IvTime wait = MAX(iv_throttle_wait(call->api->accounts, account, now),
                    iv_throttle_wait(call->api->addresses, call->request->address, now));
  if (wait > 0)
    return too_many(wait);
  iv_throttle_attempt(call->api->accounts, account, now);
  iv_throttle_attempt(call->api->addresses, call->request->address, now);
  return NULL;
}

static void count_success(const IvCall *call, const char *account) {
  iv_throttle_clear(call->api->accounts, account);
  iv_throttle_take_back(call->api->addresses, call->request->address);
}

/* --- logging in --- */

/* NULL without error: no such user. */
static IvUser *find_user(const IvCall *call, const char *name, GError **error) {
  g_autoptr(GError) cause = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(call->api->store, call->deadline, error);
  if (!read.sql)
    return NULL;
  IvUser *user = iv_users_get(read.sql, name, &cause);
  if (!user && !g_error_matches(cause, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND))
    g_propagate_error(error, g_steal_pointer(&cause));
  return user;
}

typedef struct {
  const IvCall *call;
  const char *name; /* as typed */
  IvUser *user;     /* NULL = failed */
  IvSession session;
} Login;

static gboolean write_failure(IvSql *sql, gpointer arg, GError **error) {
  const Login *login = arg;
  IvAuditEntry entry = iv_call_audit(login->call, IV_AUDIT_LOGIN_FAILED, login->name);
  return iv_audit_add(sql, &entry, error);
}

static gboolean write_login(IvSql *sql, gpointer arg, GError **error) {
  const Login *login = arg;
  IvAuditEntry entry = iv_call_audit(login->call, IV_AUDIT_LOGIN, login->user->name);
  entry.actor = login->user->name;
  return iv_sessions_insert(sql, &login->session, error) &&
         iv_users_note_login(sql, login->user->id, login->call->now, error) &&
         iv_audit_add(sql, &entry, error);
}

static IvResponse *refuse_login(Login *login) {
  g_autoptr(GError) error = NULL;
  if (!iv_store_write(login->call->api->store, write_failure, login, &error))
    g_warning("audit log: %s", error->message);
  return iv_response_problem(IV_PROBLEM_LOGIN_FAILED,
                             "The user name or the password is wrong. After some failures the next "
                             "try has to wait.");
}

static IvResponse *accept_login(Login *login) {
  IvToken token;
  GError *error = NULL;
  iv_token_make(&token);
  iv_token_hash(&token, login->session.hash);
  login->session.user_id = login->user->id;
  login->session.created_at = login->session.seen_at = login->call->now;
  if (!iv_store_write(login->call->api->store, write_login, login, &error))
    return iv_call_failed(login->call, error);
  count_success(login->call, login->user->name);
  login->user->last_login_at = login->call->now;
  json_t *me = iv_me_to_json(login->user, &login->session);
  IvResponse *response = iv_response_json(200, json_pack("{so}", "user", me));
  g_autofree char *cookie = iv_token_to_cookie(&token, login->call->api->behind_tls);
  iv_response_add(response, "set-cookie:", cookie);
  return response;
}

/* The check takes the same time whether there is such a user or not. */
static IvResponse *try_login(Login *login, const char *password) {
  GError *error = NULL;
  g_autoptr(IvUser) user = find_user(login->call, login->name, &error);
  if (error)
    return iv_call_failed(login->call, error);
  gboolean right = iv_password_verify(user ? user->password_hash : NULL, password);
  if (!right || user->disabled || iv_role_from_name(user->role) < 0)
    return refuse_login(login);
  login->user = user;
  return accept_login(login);
}

IvResponse *iv_route_login(IvCall *call) {
  g_auto(IvLoginBody) body = {NULL, NULL};
  IvResponse *problem = iv_body_read_login(call->request->body, &body);
  if (problem)
    return problem;
  g_autofree char *name = g_ascii_strdown(body.username, -1);
  problem = count_attempt(call, name);
  if (problem)
    return problem;
  Login login = {.call = call, .name = name};
  return try_login(&login, body.password);
}

/* --- the session --- */

static gboolean write_logout(IvSql *sql, gpointer arg, GError **error) {
  const IvCall *call = arg;
  IvAuditEntry entry = iv_call_audit(call, IV_AUDIT_LOGOUT, call->access->user->name);
  return iv_sessions_delete(sql, call->access->session.hash, error) &&
         iv_audit_add(sql, &entry, error);
}

IvResponse *iv_route_logout(IvCall *call) {
  GError *error = NULL;
  if (!iv_store_write(call->api->store, write_logout, call, &error))
    return iv_call_failed(call, error);
  call->api->user_changed(call->access->user->id, call->api->user_data);
  IvResponse *response = iv_response_new(204);
  g_autofree char *cookie = iv_token_to_cookie(NULL, call->api->behind_tls);
  iv_response_add(response, "set-cookie:", cookie);
  return response;
}

IvResponse *iv_route_get_me(IvCall *call) {
  return iv_response_json(200, iv_me_to_json(call->access->user, &call->access->session));
}

/* --- one's own password --- */

typedef struct {
  const IvCall *call;
  IvUser *user;
} PasswordChange;

static gboolean write_password(IvSql *sql, gpointer arg, GError **error) {
  const PasswordChange *change = arg;
  IvAuditEntry entry = iv_call_audit(change->call, IV_AUDIT_PASSWORD_CHANGED, change->user->name);
  return iv_users_update(sql, change->user, error) &&
         iv_sessions_delete_user(sql, change->user->id, change->call->access->session.hash,
                                 error) &&
         iv_audit_add(sql, &entry, error);
}

static IvResponse *refuse_password(const char *key, const char *detail) {
  g_autofree char *pointer = g_strconcat("/", key, NULL);
  json_t *errors = json_pack("[{ss ss}]", "pointer", pointer, "detail", detail);
  return iv_response_problem_at(IV_PROBLEM_INVALID, errors, "%s: %s", pointer, detail);
}

static IvResponse *save_password(IvCall *call, IvUser *user, const IvPasswordBody *body) {
  GError *error = NULL;
  PasswordChange change = {call, user};
  user->initial_password = FALSE;
  if (!iv_password_hash(body->next, user->password_hash))
    return iv_response_problem(IV_PROBLEM_BUSY, "Not enough memory; try again in a moment.");
  if (!iv_store_write(call->api->store, write_password, &change, &error))
    return iv_call_failed(call, error);
  call->api->user_changed(user->id, call->api->user_data);
  return iv_response_new(204);
}

IvResponse *iv_route_change_password(IvCall *call) {
  GError *error = NULL;
  g_auto(IvPasswordBody) body = {NULL, NULL};
  const char *name = call->access->user->name;
  IvResponse *problem = iv_body_read_password(call->request->body, &body);
  const char *fault = problem ? NULL : iv_password_fault(body.next, name);
  if (fault)
    problem = refuse_password("new_password", fault);
  if (!problem)
    problem = count_attempt(call, name);
  if (problem)
    return problem;
  g_autoptr(IvUser) user = find_user(call, name, &error);
  if (error)
    return iv_call_failed(call, error);
  if (!user || !iv_password_verify(user->password_hash, body.current))
    return refuse_password("current_password", "is not your password");
  count_success(call, name);
  return save_password(call, user, &body);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api/auth/password.h"
#include "api/routes/bodies.h"
#include "api/routes/handlers.h"
#include "api/routes/user_json.h"

IvResponse *iv_route_list_users(IvCall *call) {
  GError *error = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(call->api->store, call->deadline, &error);
  g_autoptr(GPtrArray) users = read.sql ? iv_users_list(read.sql, &error) : NULL;
  if (!users)
    return iv_call_failed(call, error);
  json_t *list = json_array();
  for (guint i = 0; i < users->len; i++)
    json_array_append_new(list, iv_user_to_json(users->pdata[i]));
  return iv_response_json(200, json_pack("{so}", "users", list));
}

/* What one job of the writer does to an account. */
typedef struct {
  const IvCall *call;
  const IvUserBody *body;
  char hash[IV_USER_HASH_MAX + 1]; /* of the new password; "" = not changed */
  IvUser *user;                    /* the result, owned */
} UserJob;

static gboolean hash_password(UserJob *job) {
  return !job->body->password || iv_password_hash(job->body->password, job->hash);
}

/* What was changed, without the password itself. */
static char *describe(const UserJob *job) {
  json_t *detail = json_object();
  json_object_set_new(detail, "role", json_string(job->user->role));
  json_object_set_new(detail, "all_stores", json_boolean(job->user->all_stores));
  json_object_set_new(detail, "stores", json_integer(g_strv_length(job->user->stores)));
  json_object_set_new(detail, "disabled", json_boolean(job->user->disabled));
  json_object_set_new(detail, "password", json_boolean(job->hash[0] != '\0'));
  char *dumped = json_dumps(detail, JSON_COMPACT);
  json_decref(detail);
  char *text = g_strdup(dumped);
  free(dumped);
  return text;
}

static gboolean tell(IvSql *sql, const UserJob *job, IvAuditAction action, GError **error) {
  g_autofree char *detail = describe(job);
  IvAuditEntry entry = iv_call_audit(job->call, action, job->user->name);
  entry.detail = detail;
  return iv_audit_add(sql, &entry, error);
}

/* --- a new one --- */

static IvUser *user_from(const UserJob *job) {
  IvUser *user = iv_user_new();
  g_strlcpy(user->name, job->body->name, sizeof user->name);
  g_strlcpy(user->role, job->body->role, sizeof user->role);
  g_strlcpy(user->password_hash, job->hash, sizeof user->password_hash);
  user->all_stores = job->body->all_stores == TRUE;
  if (!user->all_stores && job->body->stores) {
    g_strfreev(user->stores);
    user->stores = g_strdupv(job->body->stores);
  }
  user->initial_password = TRUE;
  user->created_at = job->call->now;
  return user;
}

static gboolean write_new(IvSql *sql, gpointer arg, GError **error) {
  UserJob *job = arg;
  return iv_users_insert(sql, job->user, error) && tell(sql, job, IV_AUDIT_USER_CREATED, error);
}

IvResponse *iv_route_create_user(IvCall *call) {
  GError *error = NULL;
  g_auto(IvUserBody) body = {.all_stores = IV_BODY_UNSET};
  IvResponse *problem = iv_body_read_new_user(call->request->body, &body);
  if (problem)
    return problem;
  UserJob job = {.call = call, .body = &body};
  if (!hash_password(&job))
    return iv_response_problem(IV_PROBLEM_BUSY, "Not enough memory; try again in a moment.");
  g_autoptr(IvUser) user = job.user = user_from(&job);
  if (!iv_store_write(call->api->store, write_new, &job, &error))
    return iv_call_failed(call, error);
  return iv_response_json(201, iv_user_to_json(user));
}

/* --- a change --- */

static void apply(const UserJob *job, IvUser *user) {
  const IvUserBody *body = job->body;
  if (body->role)
    g_strlcpy(user->role, body->role, sizeof user->role);
  if (body->stores) {
    g_strfreev(user->stores);
    user->stores = g_strdupv(body->stores);
    user->all_stores = FALSE;
  }
  if (body->all_stores != IV_BODY_UNSET)
    user->all_stores = body->all_stores;
  if (body->disabled != IV_BODY_UNSET)
    user->disabled = body->disabled;
  if (!job->hash[0])
    return;
  g_strlcpy(user->password_hash, job->hash, sizeof user->password_hash);
  /* One's own new password is one's own; anybody else's is an initial one. */
  user->initial_password = strcmp(user->name, job->call->access->user->name) != 0;
}

static gboolean write_change(IvSql *sql, gpointer arg, GError **error) {
  UserJob *job = arg;
  g_clear_pointer(&job->user, iv_user_free);
  job->user = iv_users_get(sql, iv_call_user(job->call), error);
  if (!job->user)
    return FALSE;
  apply(job, job->user);
  return iv_users_update(sql, job->user, error) &&
         iv_sessions_delete_user(sql, job->user->id, NULL, error) &&
         tell(sql, job, IV_AUDIT_USER_CHANGED, error);
}

IvResponse *iv_route_update_user(IvCall *call) {
  GError *error = NULL;
  g_auto(IvUserBody) body = {.all_stores = IV_BODY_UNSET};
  IvResponse *problem = iv_body_read_user_change(call->request->body, iv_call_user(call), &body);
  if (problem)
    return problem;
  UserJob job = {.call = call, .body = &body};
  if (!hash_password(&job))
    return iv_response_problem(IV_PROBLEM_BUSY, "Not enough memory; try again in a moment.");
  gboolean ok = iv_store_write(call->api->store, write_change, &job, &error);
  g_autoptr(IvUser) user = job.user;
  if (!ok)
    return iv_call_failed(call, error);
  call->api->user_changed(user->id, call->api->user_data);
  return iv_response_json(200, iv_user_to_json(user));
}

/* --- the end of one --- */

static gboolean write_removal(IvSql *sql, gpointer arg, GError **error) {
  UserJob *job = arg;
  g_clear_pointer(&job->user, iv_user_free);
  job->user = iv_users_get(sql, iv_call_user(job->call), error);
  return job->user && iv_users_delete(sql, job->user->name, error) &&
         tell(sql, job, IV_AUDIT_USER_REMOVED, error);
}

IvResponse *iv_route_delete_user(IvCall *call) {
  GError *error = NULL;
  UserJob job = {.call = call};
  gboolean ok = iv_store_write(call->api->store, write_removal, &job, &error);
  g_autoptr(IvUser) user = job.user;
  if (!ok)
    return iv_call_failed(call, error);
  call->api->user_changed(user->id, call->api->user_data);
  return iv_response_new(204);
}

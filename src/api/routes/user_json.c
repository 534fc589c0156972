/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/user_json.h"

#include "api/auth/permissions.h"
#include "api/routes/call.h"

json_t *iv_user_to_json(const IvUser *user) {
  json_t *stores = json_array();
  for (char **store = user->stores; !user->all_stores && *store; store++)
    json_array_append_new(stores, json_string(*store));
  return json_pack("{ss ss sb so sb sb so so}", "name", user->name, "role", user->role,
                   "all_stores", user->all_stores, "stores", stores, "disabled", user->disabled,
                   "initial_password", user->initial_password, "created_at",
                   iv_json_time(user->created_at), "last_login_at",
                   iv_json_time(user->last_login_at));
}

json_t *iv_me_to_json(const IvUser *user, const IvSession *session) {
  json_t *me = iv_user_to_json(user), *permissions = json_array();
  int role = iv_role_from_name(user->role);
  for (IvPermission p = 0; role >= 0 && p < IV_PERMISSIONS; p++)
    if (iv_role_may((IvRole)role, p))
      json_array_append_new(permissions, json_string(iv_permission_name(p)));
  json_object_set_new(me, "permissions", permissions);
  json_object_set_new(me, "session_expires_at", iv_json_time(iv_session_expires_at(session)));
  return me;
}

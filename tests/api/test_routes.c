/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api/openapi.h"
#include "api/routes/table.h"

/* The table of routes and docs/api/openapi.yaml say the same, both ways. */

static json_t *document;

static json_t *operation_of(const char *path, const char *method) {
  json_t *item = json_object_get(json_object_get(document, "paths"), path);
  return json_object_get(item, method);
}

static void test_every_route_is_documented(void) {
  for (guint i = 0; i < iv_n_routes; i++) {
    const IvRoute *route = &iv_routes[i];
    g_autofree char *method = g_ascii_strdown(iv_method_name(route->method), -1);
    json_t *operation = operation_of(route->path, method);
    g_assert_cmpstr(json_string_value(json_object_get(operation, "operationId")), ==,
                    route->operation_id);
    gboolean is_public = json_array_size(json_object_get(operation, "security")) == 0 &&
                         json_object_get(operation, "security");
    g_assert_cmpint(is_public, ==, route->permission == IV_PERMISSION_PUBLIC);
    gboolean takes_body = json_object_get(operation, "requestBody") != NULL;
    g_assert_cmpint(takes_body, ==, route->body_max > 0);
    g_assert_nonnull(route->handler);
  }
}

static const IvRoute *find(const char *operation_id) {
  for (guint i = 0; i < iv_n_routes; i++)
    if (g_strcmp0(iv_routes[i].operation_id, operation_id) == 0)
      return &iv_routes[i];
  return NULL;
}

static void test_everything_documented_has_a_route(void) {
  const char *path, *method;
  json_t *item, *operation;
  guint n = 0;
  json_object_foreach(json_object_get(document, "paths"), path, item) {
    json_object_foreach(item, method, operation) {
      if (strcmp(method, "parameters") == 0)
        continue;
      const IvRoute *route = find(json_string_value(json_object_get(operation, "operationId")));
      g_assert_nonnull(route);
      g_assert_cmpstr(route->path, ==, path);
      n++;
    }
  }
  g_assert_cmpuint(n, ==, iv_n_routes);
}

static json_t *enumeration(const char *schema) {
  json_t *schemas = json_object_get(json_object_get(document, "components"), "schemas");
  return json_object_get(json_object_get(schemas, schema), "enum");
}

static void test_roles_and_permissions_are_documented(void) {
  g_assert_cmpuint(json_array_size(enumeration("Role")), ==, IV_ROLES);
  for (int i = 0; i < IV_ROLES; i++)
    g_assert_cmpstr(json_string_value(json_array_get(enumeration("Role"), i)), ==,
                    iv_role_name((IvRole)i));
  g_assert_cmpuint(json_array_size(enumeration("Permission")), ==, IV_PERMISSIONS);
  for (int i = 0; i < IV_PERMISSIONS; i++)
    g_assert_cmpstr(json_string_value(json_array_get(enumeration("Permission"), i)), ==,
                    iv_permission_name((IvPermission)i));
}

static gboolean match(IvMethod method, const char *path, IvRouteMatch *ret_match, int *ret_status) {
  g_autoptr(IvRequest) request = iv_request_new();
  g_autoptr(IvResponse) problem = NULL;
  request->method = method;
  request->path = g_strdup(path);
  *ret_match = (IvRouteMatch){0};
  gboolean found = iv_route_find(request, ret_match, &problem);
  *ret_status = problem ? problem->status : 0;
  return found;
}

static void test_matching(void) {
  static const struct {
    IvMethod method;
    const char *path;
    const char *operation_id; /* NULL = none */
    int status;
    const char *first, *second;
  } cases[] = {
      {IV_METHOD_GET, "/api/v1/stores", "listStores", 0, NULL, NULL},
      {IV_METHOD_GET, "/api/v1/stores/demo", "getStore", 0, "demo", NULL},
      {IV_METHOD_GET, "/api/v1/stores/demo/cameras/a/scene", "getScene", 0, "demo", "a"},
      {IV_METHOD_PUT, "/api/v1/stores/demo/cameras/a/scene", "putScene", 0, "demo", "a"},
      {IV_METHOD_DELETE, "/api/v1/stores/demo/cameras/a/scene", NULL, 405, NULL, NULL},
      {IV_METHOD_GET, "/api/v1/stores/", NULL, 404, NULL, NULL},
      {IV_METHOD_GET, "/api/v1/stores//cameras", NULL, 404, NULL, NULL},
      {IV_METHOD_GET, "/api/v1/stores/demo/", NULL, 404, NULL, NULL},
      {IV_METHOD_GET, "/api/v2/stores", NULL, 404, NULL, NULL},
      {IV_METHOD_GET, "/api/v1/a/b/c/d/e/f/g/h/i/j/k/l", NULL, 404, NULL, NULL},
      {IV_METHOD_GET, "/api", NULL, 404, NULL, NULL},
      {IV_METHOD_GET, "/healthz", "getHealth", 0, NULL, NULL},
      {IV_METHOD_GET, "/", NULL, 0, NULL, NULL},
      {IV_METHOD_GET, "/stores/demo", NULL, 0, NULL, NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    IvRouteMatch found;
    int status;
    gboolean ok = match(cases[i].method, cases[i].path, &found, &status);
    g_assert_cmpstr(ok ? found.route->operation_id : NULL, ==, cases[i].operation_id);
    g_assert_cmpint(status, ==, cases[i].status);
    g_assert_cmpstr(found.parameters[0], ==, cases[i].first);
    g_assert_cmpstr(found.parameters[1], ==, cases[i].second);
    iv_route_match_clear(&found);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  document = json_loadb(iv_openapi_json, iv_openapi_json_length, 0, NULL);
  g_assert_nonnull(document);
  g_test_add_func("/routes/documented", test_every_route_is_documented);
  g_test_add_func("/routes/documents", test_everything_documented_has_a_route);
  g_test_add_func("/routes/words", test_roles_and_permissions_are_documented);
  g_test_add_func("/routes/matching", test_matching);
  int status = g_test_run();
  json_decref(document);
  return status;
}

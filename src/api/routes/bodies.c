/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/bodies.h"

#include <stdlib.h>
#include <string.h>

#include "api/auth/password.h"
#include "api/auth/permissions.h"
#include "base/ids.h"
#include "store/users.h"

/* One body being read: known keys are taken out one by one, what is wrong is gathered. */
typedef struct {
  json_t *json;        /* object; shrinks */
  json_t *errors;      /* [{pointer, detail}] */
  IvResponse *problem; /* not even an object */
} Reader;

static Reader begin(GBytes *body) {
  Reader reader = {NULL, json_array(), NULL};
  gsize n = 0;
  const char *text = body ? g_bytes_get_data(body, &n) : NULL;
  json_error_t cause = {.text = "nothing was sent"};
  if (n > 0)
    reader.json = json_loadb(text, n, JSON_REJECT_DUPLICATES, &cause);
  if (!reader.json)
    reader.problem =
        iv_response_problem(IV_PROBLEM_BAD_REQUEST, "The body is not JSON: %s (line %d).",
                            cause.text, MAX(cause.line, 1));
  else if (!json_is_object(reader.json))
    reader.problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST, "The body must be a JSON object.");
  return reader;
}

static void fault(Reader *reader, const char *key, const char *detail) {
  /* RFC 6901: ~ and / of the key are escaped. */
  g_autoptr(GString) pointer = g_string_new(key);
  g_string_replace(pointer, "~", "~0", 0);
  g_string_replace(pointer, "/", "~1", 0);
  if (key[0])
    g_string_prepend_c(pointer, '/'); /* "" is the whole body */
  json_array_append_new(reader->errors,
                        json_pack("{ss ss}", "pointer", pointer->str, "detail", detail));
}

#define ERRORS_MAX 20

/* What is left is unknown; sums up. */
static IvResponse *end(Reader *reader) {
  const char *key;
  json_t *value;
  if (!reader->problem)
    json_object_foreach(reader->json, key, value) {
      if (json_array_size(reader->errors) < ERRORS_MAX)
        fault(reader, key, "there is no such key here");
    }
  json_decref(reader->json);
  if (reader->problem || json_array_size(reader->errors) == 0) {
    json_decref(reader->errors);
    return reader->problem;
  }
  const json_t *first = json_array_get(reader->errors, 0);
  return iv_response_problem_at(IV_PROBLEM_INVALID, reader->errors, "%s: %s",
                                json_string_value(json_object_get(first, "pointer")),
                                json_string_value(json_object_get(first, "detail")));
}

/* Takes the key out of the object; NULL when absent. The caller unrefs. */
static json_t *take(Reader *reader, const char *key) {
  if (reader->problem)
    return NULL;
  json_t *value = json_incref(json_object_get(reader->json, key));
  json_object_del(reader->json, key);
  return value;
}

static char *take_text(Reader *reader, const char *key, gboolean needed, gsize max) {
  json_t *value = take(reader, key);
  char *text = NULL;
  if (!value && needed && !reader->problem)
    fault(reader, key, "is missing");
  else if (value && !json_is_string(value))
    fault(reader, key, "must be a text");
  else if (value && (json_string_length(value) > max ||
                     strlen(json_string_value(value)) != json_string_length(value)))
    fault(reader, key, "is too long, or holds a NUL");
  else if (value)
    text = g_strdup(json_string_value(value));
  json_decref(value);
  return text;
}

static int take_flag(Reader *reader, const char *key) {
  json_t *value = take(reader, key);
  int flag = value ? json_is_true(value) : IV_BODY_UNSET;
  if (value && !json_is_boolean(value))
    fault(reader, key, "must be true or false");
  json_decref(value);
  return flag;
}

static int compare_text(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static GStrv sort_once(GPtrArray *slugs) {
  g_ptr_array_sort(slugs, compare_text);
  g_autoptr(GStrvBuilder) once = g_strv_builder_new();
  for (guint i = 0; i < slugs->len; i++)
    if (i == 0 || strcmp(slugs->pdata[i], slugs->pdata[i - 1]) != 0)
      g_strv_builder_add(once, slugs->pdata[i]);
  return g_strv_builder_end(once);
}

static GStrv take_stores(Reader *reader) {
  json_t *value = take(reader, "stores");
  if (!value)
    return NULL;
  g_autoptr(GPtrArray) slugs = g_ptr_array_new();
  gboolean ok = json_is_array(value) && json_array_size(value) <= IV_USER_STORES_MAX;
  for (gsize i = 0; ok && i < json_array_size(value); i++) {
    const json_t *slug = json_array_get(value, i);
    ok = json_is_string(slug) && iv_slug_is_valid(json_string_value(slug));
    if (ok)
      g_ptr_array_add(slugs, (gpointer)json_string_value(slug));
  }
  GStrv stores = ok ? sort_once(slugs) : NULL;
  if (!ok)
    fault(reader, "stores", "must be an array of at most 1000 store ids ([a-z0-9-]{1,40})");
  json_decref(value);
  return stores;
}

static void check_new_password(Reader *reader, const char *key, const char *password,
                               const char *name) {
  const char *wrong = password ? iv_password_fault(password, name) : NULL;
  if (wrong)
    fault(reader, key, wrong);
}

static void check_role(Reader *reader, const char *role) {
  if (role && iv_role_from_name(role) < 0)
    fault(reader, "role",
          "must be one of admin, manager, regional, corporate, security, installer, viewer");
}

IvResponse *iv_body_read_login(GBytes *body, IvLoginBody *ret_login) {
  Reader reader = begin(body);
  ret_login->username = take_text(&reader, "username", TRUE, IV_BODY_NAME_MAX);
  ret_login->password = take_text(&reader, "password", TRUE, IV_PASSWORD_MAX);
  return end(&reader);
}

void iv_login_body_clear(IvLoginBody *login) {
  g_clear_pointer(&login->username, g_free);
  g_clear_pointer(&login->password, iv_password_free);
}

IvResponse *iv_body_read_password(GBytes *body, IvPasswordBody *ret_password) {
  Reader reader = begin(body);
  ret_password->current = take_text(&reader, "current_password", TRUE, IV_PASSWORD_MAX);
  ret_password->next = take_text(&reader, "new_password", TRUE, IV_PASSWORD_MAX);
  return end(&reader);
}

void iv_password_body_clear(IvPasswordBody *password) {
  g_clear_pointer(&password->current, iv_password_free);
  g_clear_pointer(&password->next, iv_password_free);
}

static void take_user(Reader *reader, gboolean needed, IvUserBody *ret_user) {
  ret_user->role = take_text(reader, "role", needed, IV_USER_ROLE_MAX);
  ret_user->password = take_text(reader, "password", needed, IV_PASSWORD_MAX);
  ret_user->all_stores = take_flag(reader, "all_stores");
  ret_user->stores = take_stores(reader);
  check_role(reader, ret_user->role);
}

IvResponse *iv_body_read_new_user(GBytes *body, IvUserBody *ret_user) {
  Reader reader = begin(body);
  ret_user->disabled = IV_BODY_UNSET;
  ret_user->name = take_text(&reader, "name", TRUE, IV_USER_NAME_MAX);
  take_user(&reader, TRUE, ret_user);
  if (ret_user->name && !iv_user_name_is_valid(ret_user->name))
    fault(&reader, "name",
          "must be 1 to 40 of a-z, 0-9, '.', '_' and '-', and begin with a letter or digit");
  check_new_password(&reader, "password", ret_user->password, ret_user->name ? ret_user->name : "");
  return end(&reader);
}

IvResponse *iv_body_read_user_change(GBytes *body, const char *name, IvUserBody *ret_user) {
  Reader reader = begin(body);
  gsize given = reader.problem ? 1 : json_object_size(reader.json);
  take_user(&reader, FALSE, ret_user);
  ret_user->disabled = take_flag(&reader, "disabled");
  check_new_password(&reader, "password", ret_user->password, name);
  if (given == 0)
    fault(&reader, "", "nothing to change; give role, stores, all_stores, password or disabled");
  return end(&reader);
}

void iv_user_body_clear(IvUserBody *user) {
  g_clear_pointer(&user->name, g_free);
  g_clear_pointer(&user->role, g_free);
  g_clear_pointer(&user->password, iv_password_free);
  g_clear_pointer(&user->stores, g_strfreev);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies with accounts and passwords: read, or answered with a problem that is JSON and does not
 * repeat what was sent as password. The first byte chooses the reader. */
#include <jansson.h>
#include <string.h>

#include "api/auth/password.h"
#include "api/routes/bodies.h"
#include "store/users.h"
#include "target.h"

static void check_problem(IvResponse *problem) {
  g_autoptr(IvResponse) response = problem;
  gsize n;
  if (!response)
    return;
  const char *text = g_bytes_get_data(response->body, &n);
  json_t *json = json_loadb(text, n, 0, NULL);
  g_assert_true(response->status >= 400 && response->status < 500);
  g_assert_cmpint(json_integer_value(json_object_get(json, "status")), ==, response->status);
  g_assert_true(json_is_string(json_object_get(json, "detail")));
  json_decref(json);
}

static void read_login(GBytes *body) {
  g_auto(IvLoginBody) login = {NULL, NULL};
  IvResponse *problem = iv_body_read_login(body, &login);
  g_assert_true(problem || (login.username && login.password));
  check_problem(problem);
}

static void read_password(GBytes *body) {
  g_auto(IvPasswordBody) password = {NULL, NULL};
  IvResponse *problem = iv_body_read_password(body, &password);
  g_assert_true(problem || (password.current && password.next));
  check_problem(problem);
}

static void read_new_user(GBytes *body) {
  g_auto(IvUserBody) user = {0};
  IvResponse *problem = iv_body_read_new_user(body, &user);
  if (!problem) {
    g_assert_true(iv_user_name_is_valid(user.name));
    g_assert_null(iv_password_fault(user.password, user.name));
  }
  check_problem(problem);
}

static void read_user_change(GBytes *body) {
  g_auto(IvUserBody) user = {0};
  check_problem(iv_body_read_user_change(body, "anna", &user));
}

int LLVMFuzzerTestOneInput(const guint8 *input, gsize length) {
  static void (*const readers[])(GBytes * body) = {read_login, read_password, read_new_user,
                                                   read_user_change};
  if (length == 0)
    return 0;
  g_autoptr(GBytes) body = g_bytes_new_static(input + 1, length - 1);
  readers[input[0] % G_N_ELEMENTS(readers)](body);
  return 0;
}

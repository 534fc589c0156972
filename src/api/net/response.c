/* SPDX-License-Identifier: Apache-2.0 */
#include "api/net/response.h"

#include <stdlib.h>
#include <string.h>

static const struct {
  int status;
  const char *type, *title;
} problems[IV_PROBLEMS] = {
    [IV_PROBLEM_BAD_REQUEST] = {400, "bad-request", "The request can't be understood"},
    [IV_PROBLEM_NOT_LOGGED_IN] = {401, "not-logged-in", "Not logged in"},
    [IV_PROBLEM_LOGIN_FAILED] = {401, "login-failed", "Not logged in"},
    [IV_PROBLEM_FORBIDDEN] = {403, "forbidden", "Not allowed"},
    [IV_PROBLEM_OTHER_SITE] = {403, "other-site", "Not allowed from another site"},
    [IV_PROBLEM_NOT_FOUND] = {404, "not-found", "Not found"},
    [IV_PROBLEM_METHOD] = {405, "method-not-allowed", "Not possible here"},
    [IV_PROBLEM_CONFLICT] = {409, "conflict", "In conflict with what is there"},
    [IV_PROBLEM_LENGTH_REQUIRED] = {411, "length-required", "Content-Length is missing"},
    [IV_PROBLEM_CHANGED_MEANWHILE] = {412, "changed-meanwhile", "Changed meanwhile"},
    [IV_PROBLEM_TOO_LARGE] = {413, "too-large", "The body is too large"},
    [IV_PROBLEM_UNSUPPORTED_TYPE] = {415, "unsupported-type", "The body is of another type"},
    [IV_PROBLEM_RANGE] = {416, "no-such-range", "There is no such part"},
    [IV_PROBLEM_INVALID] = {422, "invalid", "Not acceptable"},
    [IV_PROBLEM_UPGRADE_REQUIRED] = {426, "upgrade-required", "This address speaks WebSocket only"},
    [IV_PROBLEM_PRECONDITION_REQUIRED] = {428, "precondition-required", "If-Match is missing"},
    [IV_PROBLEM_TOO_MANY] = {429, "too-many", "Too many failed attempts"},
    [IV_PROBLEM_NOT_PLAYABLE] = {409, "not-playable", "This stream can't be played live"},
    [IV_PROBLEM_INTERNAL] = {500, "internal", "Something went wrong on the server"},
    [IV_PROBLEM_BUSY] = {503, "busy", "The server is busy"},
    [IV_PROBLEM_NO_PICTURE] = {503, "no-picture", "No picture at the moment"},
    [IV_PROBLEM_TOO_MANY_WATCH] = {503, "too-many-watch", "Too many live views are open"},
    [IV_PROBLEM_NO_LIVE] = {503, "no-live", "Live view is not possible now"},
};

IvResponse *iv_response_new(int status) {
  IvResponse *response = g_new0(IvResponse, 1);
  response->status = status;
  return response;
}

void iv_response_free(IvResponse *response) {
  if (!response)
    return;
  g_clear_pointer(&response->body, g_bytes_unref);
  g_clear_pointer(&response->file, iv_file_body_unref);
  for (guint i = 0; i < response->n_headers; i++)
    g_free(response->headers[i].value);
  g_free(response);
}

void iv_response_add(IvResponse *response, const char *name, const char *value) {
  g_assert(response->n_headers < IV_RESPONSE_HEADERS_MAX && strpbrk(value, "\r\n") == NULL);
  response->headers[response->n_headers].name = name;
  response->headers[response->n_headers++].value = g_strdup(value);
}

static void set_json(IvResponse *response, const char *content_type, json_t *json) {
  char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(9));
  json_decref(json);
  g_assert(text);
  response->content_type = content_type;
  response->body = g_bytes_new_with_free_func(text, strlen(text), free, text);
}

IvResponse *iv_response_json(int status, json_t *json) {
  IvResponse *response = iv_response_new(status);
  set_json(response, "application/json", json);
  return response;
}

int iv_problem_status(IvProblem problem) {
  return problems[problem].status;
}

/* Text from outside may not be UTF-8, which JSON must be. */
static json_t *text_to_json(const char *text) {
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  return json_string(valid);
}

static IvResponse *make_problem(IvProblem problem, json_t *errors, const char *detail) {
  g_autofree char *type = g_strconcat("urn:inveye:problem:", problems[problem].type, NULL);
  json_t *json = json_pack("{ss ss si so}", "type", type, "title", problems[problem].title,
                           "status", problems[problem].status, "detail", text_to_json(detail));
  if (errors)
    json_object_set_new(json, "errors", errors);
  IvResponse *response = iv_response_new(problems[problem].status);
  set_json(response, "application/problem+json", json);
  if (problems[problem].status == 503)
    iv_response_add(response, "retry-after:", "1");
  return response;
}

IvResponse *iv_response_problem(IvProblem problem, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *detail = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  return make_problem(problem, NULL, detail);
}

IvResponse *iv_response_problem_at(IvProblem problem, json_t *errors, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *detail = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  return make_problem(problem, errors, detail);
}

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>
#include <jansson.h>

#include "api/net/file_body.h"

/* One HTTP answer. Made on any thread, then handed to the network's thread. */

#define IV_RESPONSE_HEADERS_MAX 8

typedef struct {
  int status;
  const char *content_type; /* static text; NULL = no body */
  GBytes *body;             /* NULL = none */
  IvFileBody *file; /* NULL = none; follows the body, which then is its first chunk; owned */
  guint n_headers;
  struct {
    const char *name; /* static text, lower case, with its colon */
    char *value;
  } headers[IV_RESPONSE_HEADERS_MAX];
  gboolean is_page; /* an HTML page: gets the content security policy for pages */
} IvResponse;

IvResponse *iv_response_new(int status);
void iv_response_free(IvResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvResponse, iv_response_free)

/* `name` is static and ends with ':'; the value is copied and must hold no line break (asserted).
 */
void iv_response_add(IvResponse *response, const char *name, const char *value);

/* Takes `json`. */
IvResponse *iv_response_json(int status, json_t *json);

/* The kinds of problem (RFC 9457), each with its status, its type and its title in one table. */
typedef enum {
  IV_PROBLEM_BAD_REQUEST,
  IV_PROBLEM_NOT_LOGGED_IN,
  IV_PROBLEM_LOGIN_FAILED,
  IV_PROBLEM_FORBIDDEN,
  IV_PROBLEM_OTHER_SITE,
  IV_PROBLEM_NOT_FOUND,
  IV_PROBLEM_METHOD,
  IV_PROBLEM_CONFLICT,
  IV_PROBLEM_LENGTH_REQUIRED,
  IV_PROBLEM_CHANGED_MEANWHILE,
  IV_PROBLEM_TOO_LARGE,
  IV_PROBLEM_UNSUPPORTED_TYPE,
  IV_PROBLEM_RANGE, /* a part of a file that isn't there */
  IV_PROBLEM_INVALID,
  IV_PROBLEM_UPGRADE_REQUIRED,
  IV_PROBLEM_PRECONDITION_REQUIRED,
  IV_PROBLEM_TOO_MANY,
  IV_PROBLEM_NOT_PLAYABLE,
  IV_PROBLEM_INTERNAL,
  IV_PROBLEM_BUSY,
  IV_PROBLEM_NO_PICTURE,
  IV_PROBLEM_TOO_MANY_WATCH,
  IV_PROBLEM_NO_LIVE,
  IV_PROBLEMS,
} IvProblem;

int iv_problem_status(IvProblem problem);

/* What is wrong and what to do, in one line; never a secret. */
IvResponse *iv_response_problem(IvProblem problem, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The same with each place that is wrong: `errors` is an array of {pointer, detail}, taken. */
IvResponse *iv_response_problem_at(IvProblem problem, json_t *errors, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/net/response.h"

/* Request bodies into values, with everything that is wrong told at once. Pure. All functions
 * return NULL when the body is fine, else the problem; the value is to be cleared either way.
 * `body` may be NULL (nothing was sent). */

#define IV_BODY_NAME_MAX 200 /* bytes of a user name as typed; longer ones are refused */

typedef struct {
  char *username, *password;
} IvLoginBody;
IvResponse *iv_body_read_login(GBytes *body, IvLoginBody *ret_login);
void iv_login_body_clear(IvLoginBody *login); /* wipes */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvLoginBody, iv_login_body_clear)

typedef struct {
  char *current, *next;
} IvPasswordBody;
IvResponse *iv_body_read_password(GBytes *body, IvPasswordBody *ret_password);
void iv_password_body_clear(IvPasswordBody *password); /* wipes */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvPasswordBody, iv_password_body_clear)

/* A new user or a change of one; what was not given is NULL or IV_BODY_UNSET. */
#define IV_BODY_UNSET (-1)
typedef struct {
  char *name, *role, *password;
  int all_stores, disabled; /* TRUE, FALSE, IV_BODY_UNSET */
  GStrv stores;             /* valid slugs, sorted, each once */
} IvUserBody;
/* Needs name, role and password; takes no `disabled`. */
IvResponse *iv_body_read_new_user(GBytes *body, IvUserBody *ret_user);
/* `name` is the user's, for the password's check; needs at least one change. */
IvResponse *iv_body_read_user_change(GBytes *body, const char *name, IvUserBody *ret_user);
void iv_user_body_clear(IvUserBody *user); /* wipes */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvUserBody, iv_user_body_clear)

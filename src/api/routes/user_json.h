/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "store/sessions.h"
#include "store/users.h"

/* Accounts in JSON; the password's hash is never part of it. New references. */
json_t *iv_user_to_json(const IvUser *user);

/* With the role's permissions and the session's end. */
json_t *iv_me_to_json(const IvUser *user, const IvSession *session);

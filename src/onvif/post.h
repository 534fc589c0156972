/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "base/timestamp.h"

/* Questions to one device by HTTP: only that host, no redirects, no proxy, answers bounded in bytes
 * and time. One thread at a time. */
typedef struct IvPost IvPost;

#define IV_POST_ANSWER_MAX (1024 * 1024)
#define IV_POST_HEADERS_MAX (64 * 1024)

/* `user` and `password` NULL = none. They are used where the device asks for HTTP's own login, as
 * digest only: a password never travels readably, which is why certificates, that cameras make
 * themselves, are not asked to be anybody's. */
IvPost *iv_post_new(const char *user, const char *password);
void iv_post_free(IvPost *post);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvPost, iv_post_free)

/* Sends `text` (SOAP 1.2) to `url` (http, https). Blocks for up to `patience`. What comes back with
 * whatever status but 401 and 403, which are IV_ONVIF_ERROR_LOGIN; NULL with that, _UNREACHABLE or
 * _NOT_ONVIF. `ret_refused` (may be NULL) is set: nothing listens at this port. */
GBytes *iv_post_send(IvPost *post, const char *url, const char *text, IvTime patience,
                     gboolean *ret_refused, GError **error);

/* The device asked for HTTP's own login, and got it: what it refuses from then on is wrong. */
gboolean iv_post_used_login(const IvPost *post);

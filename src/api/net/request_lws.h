/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <libwebsockets.h>

#include "api/net/request.h"

/* What is known of a connection's other end from accept on; the wsi's opaque pointer. */
typedef struct {
  char address[64];
  gboolean loopback;
} IvPeer;

/* Copies what routes need out of libwebsockets' header table. NULL when something in it is beyond
 * its limit or not a method of ours. Network's thread. */
IvRequest *iv_request_from_lws(struct lws *wsi);

/* Length of the body that follows: -1 when the header is none of a number, -2 when it comes in
 * chunks (not taken). */
gint64 iv_request_body_length(struct lws *wsi);

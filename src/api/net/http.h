/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/net/loop.h"

/* One HTTP request and its answer, on the loop's thread. Return values are libwebsockets': 0 goes
 * on, others close the connection. */

#define IV_HTTP_BODY_TIME (30 * IV_SECOND)   /* to send the whole body */
#define IV_HTTP_ANSWER_TIME (15 * IV_SECOND) /* for a worker's answer; then it is 503 */
#define IV_HTTP_JOB_TIME (10 * IV_SECOND)    /* a job that hasn't begun by then isn't begun */
#define IV_HTTP_PEEK_TIME (IV_SECOND / 4)    /* how often a waiting client is looked after */
#define IV_HTTP_SPIN_TURNS 5000              /* of the loop between two looks: it spins */
#define IV_HTTP_BODY_IGNORED 1024            /* bytes that a route without a body lets pass */
#define IV_HTTP_DISCARD_MAX (1024 * 1024)    /* bytes of a refused body that are still read */

int iv_http_begin(IvConnection *connection, struct lws *wsi);
int iv_http_take(IvHttp *http, struct lws *wsi, const void *bytes, gsize n);
int iv_http_taken(IvHttp *http, struct lws *wsi);
int iv_http_write(IvHttp *http, struct lws *wsi);
int iv_http_tick(IvHttp *http, struct lws *wsi);

/* The connection goes, or is ready for the next request. */
void iv_http_free(IvHttp *http);

/* Writes status, headers and the security headers that every answer carries; `close` says so. For
 * answers outside of a request's life too (a refused upgrade). FALSE = close the connection. */
gboolean iv_http_write_head(struct lws *wsi, const IvResponse *response, gboolean close,
                            gboolean behind_tls);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

/* One HTTP request as the routes see it, already within its limits. Immutable once made. */

#define IV_REQUEST_PATH_MAX 512
#define IV_REQUEST_HEADER_MAX 2048 /* bytes of one header's value */
#define IV_REQUEST_QUERY_MAX 32    /* arguments */
#define IV_REQUEST_QUERY_BYTES_MAX 512

typedef enum {
  IV_METHOD_GET,
  IV_METHOD_POST,
  IV_METHOD_PUT,
  IV_METHOD_PATCH,
  IV_METHOD_DELETE,
  IV_METHODS,
} IvMethod;

const char *iv_method_name(IvMethod method);

/* Header values that routes look at; the one list of them. */
typedef enum {
  IV_HEADER_HOST,
  IV_HEADER_ORIGIN,
  IV_HEADER_COOKIE,
  IV_HEADER_CONTENT_TYPE,
  IV_HEADER_IF_MATCH,
  IV_HEADER_IF_NONE_MATCH,
  IV_HEADER_ACCEPT_ENCODING,
  IV_HEADER_RANGE,
  IV_HEADER_IF_RANGE,
  IV_HEADER_SEC_FETCH_SITE,
  IV_HEADER_IDEMPOTENCY_KEY,
  IV_HEADERS,
} IvHeader;

typedef struct {
  IvMethod method;
  gboolean head;             /* HEAD: answered like GET, without the body */
  char *path;                /* percent-decoded, begins with '/' */
  GPtrArray *query;          /* char*, "name=value", percent-decoded */
  char *headers[IV_HEADERS]; /* NULL = absent */
  char address[64];          /* of the peer */
  gboolean loopback;         /* the peer is this machine */
  gboolean forwarded;        /* a proxy says that it passes the request on */
  GBytes *body;              /* NULL = none */
} IvRequest;

IvRequest *iv_request_new(void);
void iv_request_free(IvRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvRequest, iv_request_free)

/* Value of a query argument, borrowed; NULL = absent. The first one counts. */
const char *iv_request_query(const IvRequest *request, const char *name);

/* TRUE when the request may change something: the Origin a browser gives is this server's, or there
 * is none (not a browser) and nothing says that another site sent it. */
gboolean iv_request_is_same_origin(const IvRequest *request);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* Signing of requests with AWS Signature Version 4, as S3-compatible services want it. Pure: time
 * is an argument; any thread. */

typedef struct {
  const char *access_key, *secret_key;
  const char *region, *service; /* "eu-central-1", "s3" */
} IvSigv4Login;

typedef struct {
  const char *name, *value; /* NULL value counts as "" */
} IvSigv4Pair;

/* Everything that is signed must be sent as it is here. */
typedef struct {
  const char *method;
  const char *path;           /* percent-encoded, as sent: iv_sigv4_encode */
  const char *query;          /* as sent: iv_sigv4_query */
  const IvSigv4Pair *headers; /* lower-case names in order of their bytes; host, x-amz-date and
                                 x-amz-content-sha256 among them */
  guint n_headers;
  const char *payload_sha256; /* hex */
} IvSigv4Request;

#define IV_SIGV4_DATE_SIZE 17 /* "20130524T000000Z" */
void iv_sigv4_date(IvTime now, char ret_date[IV_SIGV4_DATE_SIZE]);

/* Percent-encodes all but A-Z a-z 0-9 - . _ ~ (and '/', if `keep_slash`). The caller frees. */
char *iv_sigv4_encode(const char *text, gboolean keep_slash);

/* "a=1&b=" of pairs, which it puts in order; the caller frees. */
char *iv_sigv4_query(const IvSigv4Pair *pairs, guint n);

/* The value of the header Authorization; the caller frees. */
char *iv_sigv4_authorization(const IvSigv4Login *login, const IvSigv4Request *request, IvTime now);

/* Hex of SHA-256; the caller frees. */
char *iv_sigv4_hash(const void *bytes, gsize n);

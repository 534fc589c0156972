/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <curl/curl.h>

#include "archive/kind.h"
#include "archive/sigv4.h"

/* ---- one request (s3_request.c) ---- */

#define IV_S3_ANSWER_MAX (1024 * 1024) /* bytes of a text answer */
#define IV_S3_PAIRS_MAX 8

typedef struct {
  IvArchive base;
  char *access_key, *secret_key, *region, *bucket, *ca_file;
  char *origin;      /* "https://host:port" */
  char *host;        /* as the header says it */
  char *bucket_path; /* "/bucket", or "" where the bucket is in the host's name */
  GMutex mutex;      /* guards idle */
  GPtrArray *idle;   /* CURL, with connections that can be used again */
} IvS3;

typedef struct {
  const char *method;
  const char *key; /* NULL = of the bucket; with the prefix */
  IvSigv4Pair query[IV_S3_PAIRS_MAX];
  guint n_query;
  IvSigv4Pair headers[IV_S3_PAIRS_MAX]; /* lower case, in order, between "host" and "x-amz-content-"
                                           or after "x-amz-date": see s3_request.c */
  guint n_headers;
  const guint8 *body; /* NULL = none */
  gsize n_body;
  gboolean paced;          /* its body counts and keeps to the pace */
  gsize answer_max;        /* bytes; 0 = IV_S3_ANSWER_MAX */
  gboolean somebody_waits; /* one retry, shorter times */
} IvS3Request;

typedef struct {
  long status;
  GByteArray *body;
  guint64 length; /* as the header says */
  char etag[80];  /* without quotes */
  char sha256[IV_SHA256_HEX + 1];
  char region[40];    /* of the bucket, where it tells */
  gboolean encrypted; /* by a key of the service's own: then the tag is no MD5 */
  IvTime date;        /* the service's clock; IV_TIME_NONE = not told */
} IvS3Answer;

void iv_s3_answer_clear(IvS3Answer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvS3Answer, iv_s3_answer_clear)

/* Sends it, again after a pause where that may help. TRUE with any 2xx. */
gboolean iv_s3_ask(IvS3 *s3, const IvS3Request *request, IvS3Answer *ret_answer, GError **error);

/* ---- what it says (s3_fault.c) ---- */

/* The error's code: "NoSuchKey"; "" = it has none. At most 63 letters and digits. */
void iv_s3_fault_code(const IvS3Answer *answer, char ret_code[64]);
gboolean iv_s3_fault_passes(long status, const char *code);
void iv_s3_fault_tell(const IvS3 *s3, const IvS3Request *request, const IvS3Answer *answer,
                      const char *code, IvTime now, GError **error);

/* ---- XML (s3_xml.c) ---- */

/* Called with each element that holds text alone, its path without the root ("Contents/Key"), and
 * at the end of each other one with NULL as its text. FALSE = the text is no XML. */
typedef void (*IvS3XmlFunc)(const char *path, const char *text, gpointer user_data);
gboolean iv_s3_xml_read(const char *xml, gsize n, IvS3XmlFunc func, gpointer user_data);

/* ---- large files (s3_multipart.c) ---- */
gboolean iv_s3_put_parts(IvS3 *s3, const IvArchivePut *put, int fd, const IvArchiveInfo *file,
                         const char *key, GError **error);
gboolean iv_s3_tidy(IvArchive *archive, IvTime before, guint *ret_n, GError **error);

/* MD5 as hex; the caller frees. */
char *iv_s3_md5(const void *bytes, gsize n);
/* The object is there, as long as the file and with the same bytes as far as it tells. */
gboolean iv_s3_verify(IvS3 *s3, const char *key, const IvArchiveInfo *file, const char *tag,
                      GError **error);

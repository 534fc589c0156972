/* SPDX-License-Identifier: Apache-2.0 */
/* What an S3 service refuses, in words that say what to do. Nothing of what it answers is repeated
 * but the name of its error. */
#include <math.h>
#include <string.h>

#include "archive/s3_private.h"

typedef struct {
  const char *code;
  long status; /* where there is no code (HEAD); 0 = only by code */
  IvArchiveError error;
  const char *text;
} Fault;

static const Fault faults[] = {
    {"NoSuchKey", 0, IV_ARCHIVE_ERROR_NOT_FOUND, "it is not in the archive"},
    {"NoSuchUpload", 0, IV_ARCHIVE_ERROR_NOT_FOUND,
     "the upload that was begun is not there any more"},
    {"NoSuchBucket", 0, IV_ARCHIVE_ERROR_REFUSED,
     "there is no such bucket: make it, or correct archive.bucket"},
    {"InvalidBucketName", 0, IV_ARCHIVE_ERROR_REFUSED,
     "no bucket can have this name: correct archive.bucket"},
    {"InvalidAccessKeyId", 0, IV_ARCHIVE_ERROR_REFUSED,
     "the access key is not known there: correct archive.access_key"},
    {"SignatureDoesNotMatch", 0, IV_ARCHIVE_ERROR_REFUSED,
     "the signature is refused: archive.secret_key is wrong, or it is not the one of this access "
     "key"},
    {"AuthorizationHeaderMalformed", 0, IV_ARCHIVE_ERROR_REFUSED,
     "the signature is for another region: correct archive.region"},
    {"PermanentRedirect", 301, IV_ARCHIVE_ERROR_REFUSED,
     "the bucket is in another region: correct archive.endpoint and archive.region"},
    {"TemporaryRedirect", 307, IV_ARCHIVE_ERROR_REFUSED,
     "the bucket is elsewhere: correct archive.endpoint and archive.region"},
    {"AccessDenied", 403, IV_ARCHIVE_ERROR_REFUSED,
     "access is refused: either the keys are wrong, or they lack a right; they need s3:PutObject, "
     "s3:GetObject, s3:DeleteObject and s3:AbortMultipartUpload on the bucket's objects, and "
     "s3:ListBucket, s3:ListBucketMultipartUploads on the bucket"},
    {"QuotaExceeded", 507, IV_ARCHIVE_ERROR_FULL, "the archive is full: its quota is used up"},
    {"EntityTooLarge", 413, IV_ARCHIVE_ERROR_FULL,
     "the file is larger than the archive takes, or its quota is used up"},
    {"BadDigest", 0, IV_ARCHIVE_ERROR_DAMAGED, "the file arrived damaged"},
    {"InvalidDigest", 0, IV_ARCHIVE_ERROR_DAMAGED, "the file arrived damaged"},
    {"XAmzContentSHA256Mismatch", 0, IV_ARCHIVE_ERROR_DAMAGED, "the file arrived damaged"},
    {"InvalidPart", 0, IV_ARCHIVE_ERROR_DAMAGED, "a part of the file arrived damaged"},
    {"SlowDown", 429, IV_ARCHIVE_ERROR_UNREACHABLE, "it is asked too often"},
    {"", 404, IV_ARCHIVE_ERROR_NOT_FOUND, "it is not in the archive"},
};

typedef struct {
  char *code;
  gsize n;
} Found;

static void take_code(const char *path, const char *text, gpointer user_data) {
  Found *found = user_data;
  gsize n = 0;
  if (strcmp(path, "Code") != 0 || !text)
    return;
  for (; text[n] && n + 1 < found->n && g_ascii_isalnum(text[n]); n++)
    found->code[n] = text[n];
  found->code[n] = '\0';
}

void iv_s3_fault_code(const IvS3Answer *answer, char ret_code[64]) {
  Found found = {ret_code, 64};
  ret_code[0] = '\0';
  if (answer->body && answer->body->len > 0)
    iv_s3_xml_read((const char *)answer->body->data, answer->body->len, take_code, &found);
}

/* Another try may succeed. */
gboolean iv_s3_fault_passes(long status, const char *code) {
  static const char *const passing[] = {"SlowDown",           "RequestTimeout",   "InternalError",
                                        "ServiceUnavailable", "OperationAborted", NULL};
  return g_strv_contains(passing, code) || status == 429 || status == 408 || status == 500 ||
         status == 502 || status == 503 || status == 504;
}

static void tell_clock(const IvS3Answer *answer, IvTime now, GError **error) {
  if (answer->date == IV_TIME_NONE)
    g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_REFUSED,
                        "this machine's clock differs too much from the archive's: set it");
  else
    g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_REFUSED,
                "this machine's clock is %.0f min %s the archive's, which refuses that: set the "
                "clock (NTP)",
                fabs((double)(now - answer->date)) / IV_MINUTE,
                now > answer->date ? "ahead of" : "behind");
}

static const Fault *find(long status, const char *code) {
  for (gsize i = 0; i < G_N_ELEMENTS(faults); i++)
    if (code[0] ? strcmp(faults[i].code, code) == 0 : faults[i].status == status)
      return &faults[i];
  for (gsize i = 0; i < G_N_ELEMENTS(faults); i++)
    if (faults[i].status == status && status != 0)
      return &faults[i];
  return NULL;
}

void iv_s3_fault_tell(const IvS3 *s3, const IvS3Request *request, const IvS3Answer *answer,
                      const char *code, IvTime now, GError **error) {
  const Fault *fault = find(answer->status, code);
  g_autofree char *named = code[0] ? g_strdup_printf("%ld %s", answer->status, code)
                                   : g_strdup_printf("%ld", answer->status);
  (void)request;
  if (strcmp(code, "RequestTimeTooSkewed") == 0) {
    tell_clock(answer, now, error);
    return;
  }
  /* Without a body, as HEAD is answered, a wrong clock is only told by the clocks. */
  if (answer->status == 403 && !code[0] && answer->date != IV_TIME_NONE &&
      ABS(now - answer->date) > 15 * IV_MINUTE) {
    tell_clock(answer, now, error);
    return;
  }
  if (fault)
    g_set_error(error, IV_ARCHIVE_ERROR, (int)fault->error, "%s: %s (%s)", s3->base.place,
                fault->text, named);
  else if (iv_s3_fault_passes(answer->status, code))
    g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_UNREACHABLE,
                "%s: it is in trouble (%s); it is tried again later", s3->base.place, named);
  else
    g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_REFUSED,
                "%s: it refuses the request (%s): is it an S3 service, and are archive.endpoint, "
                "archive.region and archive.bucket right?",
                s3->base.place, named);
}

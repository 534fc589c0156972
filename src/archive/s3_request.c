/* SPDX-License-Identifier: Apache-2.0 */
/* One signed request and its answer, tried again where that may help. */
#include <stdlib.h>
#include <string.h>

#include "archive/s3_private.h"
#include "base/clock.h"

#define IDLE_MAX 8
#define PAUSE (IV_SECOND / 2) /* before the first retry; doubled each time */
#define PAUSE_MAX (20 * IV_SECOND)
#define WAITED_CONNECT (3 * IV_SECOND)
#define WAITED_STALL (5 * IV_SECOND)
#define STALL_MIN 1L /* bytes a second: less is nothing */
#define SIGNED_MAX (IV_S3_PAIRS_MAX + 3)

typedef struct {
  IvS3 *s3;
  const IvS3Request *request;
  IvS3Answer *answer;
  gsize sent;
  gboolean too_long, stopped;
} Exchange;

void iv_s3_answer_clear(IvS3Answer *answer) {
  g_clear_pointer(&answer->body, g_byte_array_unref);
}

/* ---- what libcurl calls ---- */

/* Returning less than was given ends the transfer. */
static gsize take(char *bytes, gsize size, gsize n, void *arg) {
  Exchange *x = arg;
  gsize most = x->request->answer_max ? x->request->answer_max : IV_S3_ANSWER_MAX;
  most = MAX(most, 64 * 1024); /* a refusal comes with some words */
  if (x->answer->body->len + size * n > most) {
    x->too_long = TRUE;
    return 0;
  }
  g_byte_array_append(x->answer->body, (const guint8 *)bytes, (guint)(size * n));
  return size * n;
}

static gsize give(char *room, gsize size, gsize n, void *arg) {
  Exchange *x = arg;
  gsize left = MIN(size * n, x->request->n_body - x->sent);
  if (left > 0 && x->request->paced) {
    left = iv_pace_take(&x->s3->base.pace, left);
    if (left == 0) {
      x->stopped = TRUE;
      return CURL_READFUNC_ABORT;
    }
  }
  memcpy(room, x->request->body + x->sent, left);
  x->sent += left;
  return left;
}

static int rewind_body(void *arg, curl_off_t offset, int origin) {
  Exchange *x = arg;
  if (origin != SEEK_SET || offset < 0 || (gsize)offset > x->request->n_body)
    return CURL_SEEKFUNC_FAIL;
  x->sent = (gsize)offset;
  return CURL_SEEKFUNC_OK;
}

static int look_around(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
  Exchange *x = arg;
  (void)a, (void)b, (void)c, (void)d;
  x->stopped = iv_pace_is_stopped(&x->s3->base.pace);
  return x->stopped;
}

/* "Name: value\r\n" of this name: the value, cut off at both ends. */
static char *value_of(const char *line, gsize n, const char *name) {
  gsize length = strlen(name);
  if (n <= length || line[length] != ':' || g_ascii_strncasecmp(line, name, length) != 0)
    return NULL;
  return g_strstrip(g_strndup(line + length + 1, n - length - 1));
}

static void copy_tag(char *to, gsize n, char *value) {
  char *start = value[0] == '"' ? value + 1 : value;
  char *end = strchr(start, '"');
  if (end)
    *end = '\0';
  g_strlcpy(to, start, n);
}

static gsize take_header(char *line, gsize size, gsize n, void *arg) {
  IvS3Answer *answer = ((Exchange *)arg)->answer;
  gsize length = size * n;
  g_autofree char *tag = value_of(line, length, "etag");
  g_autofree char *sha256 = value_of(line, length, "x-amz-meta-sha256");
  g_autofree char *region = value_of(line, length, "x-amz-bucket-region");
  g_autofree char *bytes = value_of(line, length, "content-length");
  g_autofree char *date = value_of(line, length, "date");
  g_autofree char *encryption = value_of(line, length, "x-amz-server-side-encryption");
  if (tag)
    copy_tag(answer->etag, sizeof answer->etag, tag);
  if (sha256)
    g_strlcpy(answer->sha256, sha256, sizeof answer->sha256);
  if (region)
    g_strlcpy(answer->region, region, sizeof answer->region);
  if (bytes)
    answer->length = g_ascii_strtoull(bytes, NULL, 10);
  if (encryption)
    answer->encrypted = strcmp(encryption, "AES256") != 0;
  time_t at = date ? curl_getdate(date, NULL) : -1;
  if (at > 0)
    answer->date = (IvTime)at * IV_SECOND;
  return length;
}

/* ---- handles ---- */

static void start(void) {
  static gsize once = 0;
  if (g_once_init_enter(&once)) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    g_once_init_leave(&once, 1);
  }
}

static CURL *take_handle(IvS3 *s3) {
  CURL *curl = NULL;
  start();
  g_mutex_lock(&s3->mutex);
  if (s3->idle->len > 0)
    curl = g_ptr_array_steal_index_fast(s3->idle, s3->idle->len - 1);
  g_mutex_unlock(&s3->mutex);
  if (!curl)
    curl = curl_easy_init();
  g_assert(curl);
  return curl;
}

/* Its connections live on. */
static void give_back(IvS3 *s3, CURL *curl) {
  curl_easy_reset(curl);
  g_mutex_lock(&s3->mutex);
  if (s3->idle->len < IDLE_MAX)
    g_ptr_array_add(s3->idle, g_steal_pointer(&curl));
  g_mutex_unlock(&s3->mutex);
  if (curl)
    curl_easy_cleanup(curl);
}

/* ---- the request ---- */

static int by_name(gconstpointer a, gconstpointer b) {
  return strcmp(((const IvSigv4Pair *)a)->name, ((const IvSigv4Pair *)b)->name);
}

typedef struct {
  char *url;
  struct curl_slist *headers;
} Letter;

static void letter_clear(Letter *letter) {
  g_free(letter->url);
  curl_slist_free_all(letter->headers);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Letter, letter_clear)

static void add_header(Letter *letter, const char *name, const char *value) {
  g_autofree char *line = g_strdup_printf("%s: %s", name, value);
  letter->headers = curl_slist_append(letter->headers, line);
}

static void write_letter(const IvS3 *s3, const IvS3Request *request, IvTime now, Letter *letter) {
  char date[IV_SIGV4_DATE_SIZE];
  IvSigv4Pair headers[SIGNED_MAX];
  guint n = 0;
  g_autofree char *sha256 = iv_sigv4_hash(request->body, request->body ? request->n_body : 0);
  g_autofree char *key = request->key ? iv_sigv4_encode(request->key, TRUE) : g_strdup("");
  g_autofree char *path = g_strdup_printf("%s/%s", s3->bucket_path, key);
  g_autofree char *query = iv_sigv4_query(request->query, request->n_query);
  iv_sigv4_date(now, date);
  headers[n++] = (IvSigv4Pair){"host", s3->host};
  headers[n++] = (IvSigv4Pair){"x-amz-content-sha256", sha256};
  headers[n++] = (IvSigv4Pair){"x-amz-date", date};
  for (guint i = 0; i < request->n_headers; i++)
    headers[n++] = request->headers[i];
  qsort(headers, n, sizeof headers[0], by_name);
  IvSigv4Request words = {.method = request->method,
                          .path = path,
                          .query = query,
                          .headers = headers,
                          .n_headers = n,
                          .payload_sha256 = sha256};
  IvSigv4Login login = {s3->access_key, s3->secret_key, s3->region, "s3"};
  g_autofree char *authorization = iv_sigv4_authorization(&login, &words, now);
  letter->url = g_strdup_printf("%s%s%s%s", s3->origin, path, *query ? "?" : "", query);
  for (guint i = 0; i < n; i++)
    add_header(letter, headers[i].name, headers[i].value);
  add_header(letter, "authorization", authorization);
  letter->headers = curl_slist_append(letter->headers, "expect:");
  if (strcmp(request->method, "POST") == 0)
    letter->headers = curl_slist_append(letter->headers, "content-type:");
}

static void set_method(CURL *curl, Exchange *x) {
  const IvS3Request *request = x->request;
  if (strcmp(request->method, "HEAD") == 0) {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (strcmp(request->method, "PUT") == 0) {
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->n_body);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, x);
    curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, rewind_body);
    curl_easy_setopt(curl, CURLOPT_SEEKDATA, x);
  } else if (strcmp(request->method, "POST") == 0) {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->n_body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body ? (const char *)request->body : "");
  } else {
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
  }
}

static void set_up(CURL *curl, Exchange *x, const Letter *letter) {
  const IvS3 *s3 = x->s3;
  gboolean waits = x->request->somebody_waits;
  IvTime connect = waits ? MIN(WAITED_CONNECT, s3->base.limits.connect) : s3->base.limits.connect;
  IvTime stall = waits ? MIN(WAITED_STALL, s3->base.limits.stall) : s3->base.limits.stall;
  curl_easy_setopt(curl, CURLOPT_URL, letter->url);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, letter->headers);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "InvEye/" INVEYE_VERSION);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(connect / IV_MS));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, STALL_MIN);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)MAX(stall / IV_SECOND, 1));
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
  if (s3->ca_file)
    curl_easy_setopt(curl, CURLOPT_CAINFO, s3->ca_file);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, x);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, x);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_around);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, x);
  set_method(curl, x);
}

/* ---- what went wrong on the way ---- */

static const struct {
  CURLcode code;
  IvArchiveError error;
  const char *text;
} failures[] = {
    {CURLE_COULDNT_RESOLVE_HOST, IV_ARCHIVE_ERROR_UNREACHABLE,
     "its host name is not known: is archive.endpoint right, and is there a network?"},
    {CURLE_COULDNT_CONNECT, IV_ARCHIVE_ERROR_UNREACHABLE, "nothing answers at this address"},
    {CURLE_OPERATION_TIMEDOUT, IV_ARCHIVE_ERROR_UNREACHABLE, "it does not answer"},
    {CURLE_PEER_FAILED_VERIFICATION, IV_ARCHIVE_ERROR_REFUSED,
     "its certificate is not trusted: give the CA's with archive.ca_file, or correct the host "
     "name"},
    {CURLE_SSL_CACERT_BADFILE, IV_ARCHIVE_ERROR_REFUSED, "archive.ca_file cannot be read"},
    {CURLE_SSL_CONNECT_ERROR, IV_ARCHIVE_ERROR_REFUSED,
     "it speaks no TLS: try http:// in archive.endpoint, on a network of your own only"},
    {CURLE_URL_MALFORMAT, IV_ARCHIVE_ERROR_REFUSED, "archive.endpoint is no address"},
};

static void tell_failure(const Exchange *x, CURLcode code, GError **error) {
  if (x->stopped) {
    g_set_error_literal(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_STOPPED, "stopped");
    return;
  }
  if (x->too_long) {
    g_set_error(error, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_REFUSED,
                "%s: its answer is longer than can be: is it an S3 service?", x->s3->base.place);
    return;
  }
  IvArchiveError kind = IV_ARCHIVE_ERROR_UNREACHABLE;
  const char *text = "the connection broke off";
  for (gsize i = 0; i < G_N_ELEMENTS(failures); i++)
    if (failures[i].code == code) {
      kind = failures[i].error;
      text = failures[i].text;
    }
  g_set_error(error, IV_ARCHIVE_ERROR, (int)kind, "%s: %s", x->s3->base.place, text);
}

/* ---- trying ---- */

/* `ret_passes`: another try may succeed. */
static gboolean try_once(IvS3 *s3, const IvS3Request *request, IvS3Answer *answer,
                         gboolean *ret_passes, GError **error) {
  char code[64];
  g_auto(Letter) letter = {NULL, NULL};
  IvTime now = iv_clock_now();
  Exchange x = {.s3 = s3, .request = request, .answer = answer};
  iv_s3_answer_clear(answer);
  *answer = (IvS3Answer){.body = g_byte_array_new(), .date = IV_TIME_NONE};
  write_letter(s3, request, now, &letter);
  CURL *curl = take_handle(s3);
  set_up(curl, &x, &letter);
  CURLcode done = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
  give_back(s3, curl);
  *ret_passes = FALSE;
  if (done != CURLE_OK) {
    g_autoptr(GError) wrong = NULL;
    tell_failure(&x, done, &wrong);
    *ret_passes = g_error_matches(wrong, IV_ARCHIVE_ERROR, IV_ARCHIVE_ERROR_UNREACHABLE);
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  iv_s3_fault_code(answer, code);
  gboolean is_fine = answer->status >= 200 && answer->status < 300;
  if (is_fine && !(strcmp(request->method, "POST") == 0 && code[0]))
    return TRUE; /* some answers are 200 first, and fail in their words */
  *ret_passes = iv_s3_fault_passes(answer->status, code);
  iv_s3_fault_tell(s3, request, answer, code, now, error);
  return FALSE;
}

/* Up to twice as long each time, and by chance shorter, so that many machines do not come back in
 * step. */
static IvTime pause_before(guint attempt) {
  IvTime longest = MIN(PAUSE << MIN(attempt, 10), PAUSE_MAX);
  return longest / 2 + (IvTime)g_random_double_range(0, (double)longest / 2);
}

gboolean iv_s3_ask(IvS3 *s3, const IvS3Request *request, IvS3Answer *ret_answer, GError **error) {
  guint attempts =
      request->somebody_waits ? MIN(2, s3->base.limits.attempts) : s3->base.limits.attempts;
  for (guint attempt = 0;; attempt++) {
    gboolean passes;
    g_autoptr(GError) wrong = NULL;
    if (try_once(s3, request, ret_answer, &passes, &wrong))
      return TRUE;
    if (passes && attempt + 1 < attempts && iv_pace_wait(&s3->base.pace, pause_before(attempt)))
      continue;
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
}

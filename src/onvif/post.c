/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/post.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "onvif/onvif_error.h"

#define MS (IV_SECOND / 1000)
#define CONNECT_MS 3000L

struct IvPost {
  CURL *curl;
  struct curl_slist *headers;
  char *user, *password;
  gboolean digest; /* the device asked for it */
  GByteArray *answer;
  gsize n_headers;
};

static void start(void) {
  static gsize once = 0;
  if (g_once_init_enter(&once)) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    g_once_init_leave(&once, 1);
  }
}

/* Returning less than was given ends the transfer. */
static gsize take(char *bytes, gsize size, gsize n, void *arg) {
  IvPost *post = arg;
  if (post->answer->len + size * n > IV_POST_ANSWER_MAX)
    return 0;
  g_byte_array_append(post->answer, (const guint8 *)bytes, (guint)(size * n));
  return size * n;
}

static gsize count_header(char *bytes, gsize size, gsize n, void *arg) {
  IvPost *post = arg;
  (void)bytes;
  post->n_headers += size * n;
  return post->n_headers > IV_POST_HEADERS_MAX ? 0 : size * n;
}

static void set_up(IvPost *post) {
  CURL *curl = post->curl;
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L); /* see post.h */
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, post->headers);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "InvEye/" INVEYE_VERSION);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, post);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, count_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, post);
}

IvPost *iv_post_new(const char *user, const char *password) {
  start();
  IvPost *post = g_new0(IvPost, 1);
  post->curl = curl_easy_init();
  post->headers = curl_slist_append(NULL, "Content-Type: application/soap+xml; charset=utf-8");
  post->headers = curl_slist_append(post->headers, "Expect:");
  post->user = g_strdup(user);
  post->password = g_strdup(password);
  post->answer = g_byte_array_new();
  g_assert(post->curl && post->headers);
  set_up(post);
  return post;
}

void iv_post_free(IvPost *post) {
  if (!post)
    return;
  curl_easy_cleanup(post->curl);
  curl_slist_free_all(post->headers);
  g_byte_array_unref(post->answer);
  g_free(post->user);
  g_free(post->password);
  g_free(post);
}

/* ---- what went wrong ---- */

static const struct {
  CURLcode code;
  IvOnvifError error;
  const char *text;
} failures[] = {
    {CURLE_COULDNT_RESOLVE_HOST, IV_ONVIF_ERROR_UNREACHABLE, "host name not known"},
    {CURLE_COULDNT_CONNECT, IV_ONVIF_ERROR_UNREACHABLE, "host not reachable"},
    {CURLE_GOT_NOTHING, IV_ONVIF_ERROR_NOT_ONVIF, "the connection was closed without an answer"},
    {CURLE_RECV_ERROR, IV_ONVIF_ERROR_NOT_ONVIF, "the connection was closed without an answer"},
    {CURLE_SEND_ERROR, IV_ONVIF_ERROR_NOT_ONVIF, "the connection was closed without an answer"},
    {CURLE_PARTIAL_FILE, IV_ONVIF_ERROR_NOT_ONVIF, "the answer broke off"},
    {CURLE_WRITE_ERROR, IV_ONVIF_ERROR_NOT_ONVIF, "the answer is longer than can be (1 MiB)"},
    {CURLE_SSL_CONNECT_ERROR, IV_ONVIF_ERROR_NOT_ONVIF,
     "no TLS there: try http:// in place of "
     "https://"},
};

static void tell(IvPost *post, CURLcode code, gboolean *ret_refused, GError **error) {
  IvOnvifError kind = IV_ONVIF_ERROR_NOT_ONVIF;
  const char *text = "the answer is not HTTP";
  long cause = 0;
  curl_off_t connected = 0;
  curl_easy_getinfo(post->curl, CURLINFO_OS_ERRNO, &cause);
  curl_easy_getinfo(post->curl, CURLINFO_CONNECT_TIME_T, &connected);
  for (gsize i = 0; i < G_N_ELEMENTS(failures); i++)
    if (failures[i].code == code) {
      kind = failures[i].error;
      text = failures[i].text;
    }
  if (code == CURLE_COULDNT_CONNECT && cause == ECONNREFUSED) {
    text = "connection refused";
    if (ret_refused)
      *ret_refused = TRUE;
  } else if (code == CURLE_OPERATION_TIMEDOUT) {
    kind = IV_ONVIF_ERROR_UNREACHABLE;
    text = connected > 0 ? "accepts the connection but does not answer" : "no answer";
  }
  g_set_error_literal(error, IV_ONVIF_ERROR, (int)kind, text);
}

/* ---- asking ---- */

static CURLcode perform(IvPost *post, const char *url, const char *text, IvTime end) {
  IvTime patience = MAX(end - iv_clock_monotonic(), MS);
  g_byte_array_set_size(post->answer, 0);
  post->n_headers = 0;
  curl_easy_setopt(post->curl, CURLOPT_URL, url);
  curl_easy_setopt(post->curl, CURLOPT_POSTFIELDSIZE, (long)strlen(text));
  curl_easy_setopt(post->curl, CURLOPT_POSTFIELDS, text);
  curl_easy_setopt(post->curl, CURLOPT_TIMEOUT_MS, (long)(patience / MS));
  return curl_easy_perform(post->curl);
}

static long status_of(const IvPost *post) {
  long status = 0;
  curl_easy_getinfo(post->curl, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

/* TRUE when the device wants HTTP's digest, and it was not tried yet. */
static gboolean wants_digest(IvPost *post) {
  long offered = 0;
  curl_easy_getinfo(post->curl, CURLINFO_HTTPAUTH_AVAIL, &offered);
  if (status_of(post) != 401 || post->digest || !post->user || !(offered & CURLAUTH_DIGEST))
    return FALSE;
  post->digest = TRUE;
  curl_easy_setopt(post->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_DIGEST);
  curl_easy_setopt(post->curl, CURLOPT_USERNAME, post->user);
  curl_easy_setopt(post->curl, CURLOPT_PASSWORD, post->password);
  return TRUE;
}

GBytes *iv_post_send(IvPost *post, const char *url, const char *text, IvTime patience,
                     gboolean *ret_refused, GError **error) {
  IvTime end = iv_clock_monotonic() + patience;
  CURLcode code = perform(post, url, text, end);
  if (code == CURLE_OK && wants_digest(post))
    code = perform(post, url, text, end);
  if (code != CURLE_OK) {
    tell(post, code, ret_refused, error);
    return NULL;
  }
  if (status_of(post) == 401 || status_of(post) == 403) {
    g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_LOGIN, "the login is refused");
    return NULL;
  }
  return g_bytes_new(post->answer->data, post->answer->len);
}

gboolean iv_post_used_login(const IvPost *post) {
  return post->digest;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/sigv4.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define ALGORITHM "AWS4-HMAC-SHA256"
#define DIGEST 32 /* bytes */
#define DAY_CHARS 8

void iv_sigv4_date(IvTime now, char ret_date[IV_SIGV4_DATE_SIZE]) {
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(now / IV_SECOND);
  g_autofree char *text = g_date_time_format(time, "%Y%m%dT%H%M%SZ");
  g_strlcpy(ret_date, text, IV_SIGV4_DATE_SIZE);
}

char *iv_sigv4_encode(const char *text, gboolean keep_slash) {
  GString *out = g_string_new(NULL);
  for (const char *p = text; *p; p++)
    if (g_ascii_isalnum(*p) || strchr("-._~", *p) || (keep_slash && *p == '/'))
      g_string_append_c(out, *p);
    else
      g_string_append_printf(out, "%%%02X", (guint)(guchar)*p);
  return g_string_free(out, FALSE);
}

static int by_name(gconstpointer a, gconstpointer b) {
  const IvSigv4Pair *x = a, *y = b;
  int order = strcmp(x->name, y->name);
  return order ? order : g_strcmp0(x->value, y->value);
}

char *iv_sigv4_query(const IvSigv4Pair *pairs, guint n) {
  g_autoptr(GArray) sorted = g_array_new(FALSE, FALSE, sizeof(IvSigv4Pair));
  GString *out = g_string_new(NULL);
  g_array_append_vals(sorted, pairs, n);
  g_array_sort(sorted, by_name);
  for (guint i = 0; i < n; i++) {
    const IvSigv4Pair *pair = &g_array_index(sorted, IvSigv4Pair, i);
    g_autofree char *name = iv_sigv4_encode(pair->name, FALSE);
    g_autofree char *value = iv_sigv4_encode(pair->value ? pair->value : "", FALSE);
    g_string_append_printf(out, "%s%s=%s", i ? "&" : "", name, value);
  }
  return g_string_free(out, FALSE);
}

static char *to_hex(const guint8 *bytes, gsize n) {
  GString *hex = g_string_sized_new(2 * n);
  for (gsize i = 0; i < n; i++)
    g_string_append_printf(hex, "%02x", bytes[i]);
  return g_string_free(hex, FALSE);
}

char *iv_sigv4_hash(const void *bytes, gsize n) {
  guint8 digest[EVP_MAX_MD_SIZE];
  guint length = 0;
  g_assert(EVP_Digest(bytes, n, digest, &length, EVP_sha256(), NULL) == 1);
  return to_hex(digest, length);
}

/* The text that stands for the request; `ret_names` gets the names of its headers. */
static char *canonical(const IvSigv4Request *request, char **ret_names) {
  GString *text = g_string_new(NULL);
  g_autoptr(GString) names = g_string_new(NULL);
  g_string_append_printf(text, "%s\n%s\n%s\n", request->method, request->path, request->query);
  for (guint i = 0; i < request->n_headers; i++) {
    const IvSigv4Pair *header = &request->headers[i];
    g_string_append_printf(text, "%s:%s\n", header->name, header->value);
    g_string_append_printf(names, "%s%s", i ? ";" : "", header->name);
  }
  g_string_append_printf(text, "\n%s\n%s", names->str, request->payload_sha256);
  *ret_names = g_strdup(names->str);
  return g_string_free(text, FALSE);
}

static void mac(const guint8 *key, gsize n_key, const char *text, guint8 ret_digest[DIGEST]) {
  guint length = DIGEST;
  const void *done =
      HMAC(EVP_sha256(), key, (int)n_key, (const guint8 *)text, strlen(text), ret_digest, &length);
  g_assert(done && length == DIGEST);
}

static char *sign(const IvSigv4Login *login, const char *day, const char *text) {
  guint8 a[DIGEST], b[DIGEST];
  g_autofree char *first = g_strconcat("AWS4", login->secret_key, NULL);
  mac((const guint8 *)first, strlen(first), day, a);
  mac(a, DIGEST, login->region, b);
  mac(b, DIGEST, login->service, a);
  mac(a, DIGEST, "aws4_request", b);
  mac(b, DIGEST, text, a);
  OPENSSL_cleanse(first, strlen(first));
  OPENSSL_cleanse(b, sizeof b);
  return to_hex(a, DIGEST);
}

char *iv_sigv4_authorization(const IvSigv4Login *login, const IvSigv4Request *request, IvTime now) {
  char date[IV_SIGV4_DATE_SIZE];
  iv_sigv4_date(now, date);
  g_autofree char *names = NULL;
  g_autofree char *words = canonical(request, &names);
  g_autofree char *hash = iv_sigv4_hash(words, strlen(words));
  g_autofree char *day = g_strndup(date, DAY_CHARS);
  g_autofree char *scope =
      g_strdup_printf("%s/%s/%s/aws4_request", day, login->region, login->service);
  g_autofree char *text = g_strdup_printf(ALGORITHM "\n%s\n%s\n%s", date, scope, hash);
  g_autofree char *signature = sign(login, day, text);
  return g_strdup_printf(ALGORITHM " Credential=%s/%s, SignedHeaders=%s, Signature=%s",
                         login->access_key, scope, names, signature);
}

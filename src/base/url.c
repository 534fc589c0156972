/* SPDX-License-Identifier: Apache-2.0 */
#include "base/url.h"

#include <string.h>

G_DEFINE_QUARK(iv_url_error, iv_url_error)

#define MASK "***"
#define SCHEME_END "://"

/* Values after names that end like these ("user_password=", "accessToken=") are secrets. */
static const char *const secret_names[] = {
    "password", "passwd", "passphrase", "pass", "pwd",       "psw", "token",
    "apikey",   "key",    "secret",     "auth", "signature", "sig", "credential"};

/* Blanks only: a quote may be a character of a password. */
static gboolean ends_address(char c) {
  return c == '\0' || g_ascii_isspace(c);
}

/* End of the text that may still belong to the address whose authority begins at `p`. */
static const char *address_end(const char *p) {
  while (!ends_address(*p) && !g_str_has_prefix(p, SCHEME_END))
    p++;
  if (*p == ':') /* the next address: step back over its scheme */
    while (g_ascii_isalnum(p[-1]))
      p--;
  return p;
}

static const char *last_at(const char *p, const char *end) {
  for (const char *q = end; q > p; q--)
    if (q[-1] == '@')
      return q - 1;
  return NULL;
}

static gboolean is_port(const char *p, const char *end) {
  if (p == end || end - p > 5)
    return FALSE;
  for (; p < end; p++)
    if (!g_ascii_isdigit(*p))
      return FALSE;
  return TRUE;
}

/* First ':' of the authority that isn't inside an IPv6 address; NULL when there is none. */
static const char *first_colon(const char *p, const char *authority_end) {
  if (*p == '[') {
    const char *close = memchr(p, ']', authority_end - p);
    p = close ? close : p;
  }
  return memchr(p, ':', authority_end - p);
}

/* Length of "name=" when a secret's name begins at `p`, else 0. */
static gsize secret_name(const char *p) {
  for (gsize i = 0; i < G_N_ELEMENTS(secret_names); i++) {
    gsize n = strlen(secret_names[i]);
    if (g_ascii_strncasecmp(p, secret_names[i], n) == 0 && p[n] == '=')
      return n + 1;
  }
  return 0;
}

/* First "name=" of a secret in [p, end); `end` when there is none. */
static const char *find_secret(const char *p, const char *end) {
  while (p < end && secret_name(p) == 0)
    p++;
  return p;
}

/* Writes the user part at `p` with its secret hidden; returns where plain text goes on. An '@' that
 * belongs to a path is taken for the end of a password too: passwords may hold '/', '?' and '#'.
 * (One in the value of a secret is not: the value is hidden as a whole.) */
static const char *mask_user(GString *out, const char *p, const char *end) {
  const char *authority_end = p + strcspn(p, "/?#");
  authority_end = MIN(authority_end, end);
  const char *at = last_at(p, find_secret(p, end)), *colon = first_colon(p, authority_end);
  if (at) {
    if (colon && colon < at)
      g_string_append_len(out, p, colon - p + 1);
    g_string_append(out, MASK);
    return at;
  }
  if (colon && !is_port(colon + 1, authority_end)) { /* "user:password" cut off before its '@' */
    g_string_append_len(out, p, colon - p + 1);
    g_string_append(out, MASK);
    return end;
  }
  return p;
}

static const char *secret_end(const char *p) {
  while (!ends_address(*p) && *p != '&')
    p++;
  return p;
}

/* At the beginning of a word: one like "user:password@host", an address whose scheme was forgotten,
 * loses its password. Returns where plain text goes on; `p` when the word is of another kind. */
static const char *mask_bare_user(GString *out, const char *p) {
  const char *end = p;
  while (!ends_address(*end) && !g_str_has_prefix(end, SCHEME_END) && secret_name(end) == 0)
    end++;
  const char *colon = memchr(p, ':', end - p);
  const char *at = colon ? last_at(colon, end) : NULL;
  if (!at || *end == ':')
    return p;
  g_string_append_len(out, p, colon - p + 1);
  g_string_append(out, MASK);
  return at;
}

char *iv_url_mask(const char *text) {
  if (!text)
    return g_strdup("");
  GString *out = g_string_new(NULL);
  for (const char *p = text; *p;) {
    if (p == text || ends_address(p[-1]))
      p = mask_bare_user(out, p);
    gsize name = secret_name(p);
    if (name > 0) {
      g_string_append_len(out, p, name);
      const char *end = secret_end(p + name);
      if (end > p + name)
        g_string_append(out, MASK);
      p = end;
    } else if (g_str_has_prefix(p, SCHEME_END)) {
      g_string_append(out, SCHEME_END);
      p += strlen(SCHEME_END);
      p = mask_user(out, p, address_end(p));
    } else {
      g_string_append_c(out, *p++);
    }
  }
  return g_string_free(out, FALSE);
}

gboolean iv_url_is_url(const char *text) {
  const char *p = text;
  while (g_ascii_isalnum(*p) || (p > text && strchr("+.-", *p) && *p))
    p++;
  return p > text && g_str_has_prefix(p, SCHEME_END);
}

static gboolean fail(GError **error, IvUrlError code, const char *text) {
  g_set_error_literal(error, IV_URL_ERROR, code, text);
  return FALSE;
}

static gboolean check_text(const char *url, GError **error) {
  if (strlen(url) > IV_URL_MAX)
    return fail(error, IV_URL_ERROR_SYNTAX, "the address is longer than 2048 characters");
  for (const guchar *p = (const guchar *)url; *p; p++)
    if (*p <= 0x20 || *p == 0x7f)
      return fail(error, IV_URL_ERROR_SYNTAX,
                  "the address holds a blank or control character: write a blank as %20");
  return TRUE;
}

/* TRUE and the default port when the address has a scheme that cameras are read by. */
static gboolean known_scheme(const char *url, gsize *ret_length, guint16 *ret_port) {
  static const struct {
    const char *prefix;
    guint16 port;
  } schemes[] = {{"rtsp://", 554}, {"rtsps://", 322}, {"http://", 80}, {"https://", 443}};
  for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
    gsize n = strlen(schemes[i].prefix);
    if (g_ascii_strncasecmp(url, schemes[i].prefix, n) == 0) {
      *ret_length = n;
      *ret_port = schemes[i].port;
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean take_user(IvUrlParts *parts, const char *p, const char *at, GError **error) {
  const char *colon = memchr(p, ':', at - p);
  const char *user_end = colon ? colon : at;
  parts->user = g_uri_unescape_segment(p, user_end, NULL);
  if (colon)
    parts->password = g_uri_unescape_segment(colon + 1, at, NULL);
  if (!parts->user || (colon && !parts->password))
    return fail(error, IV_URL_ERROR_SYNTAX,
                "user or password in the address has a bad %-escape: write '%' itself as %25");
  return TRUE;
}

static gboolean take_host(IvUrlParts *parts, const char *p, const char *end, GError **error) {
  const char *colon = first_colon(p, end), *host_end = colon ? colon : end;
  if (host_end == p)
    return fail(error, IV_URL_ERROR_SYNTAX, "the address has no host, as in rtsp://192.168.1.20/");
  guint64 port = parts->port;
  if (colon && is_port(colon + 1, end))
    port = g_ascii_strtoull(colon + 1, NULL, 10);
  else if (colon)
    port = 0;
  if (port < 1 || port > G_MAXUINT16)
    return fail(error, IV_URL_ERROR_SYNTAX,
                "the address's port must be 1 to 65535 (in a password write '/' as %2F, '?' as "
                "%3F, '#' as %23, '@' as %40)");
  parts->port = (guint16)port;
  gboolean bracketed = *p == '[' && host_end[-1] == ']';
  parts->host = g_strndup(p + bracketed, host_end - p - 2 * bracketed);
  return TRUE;
}

gboolean iv_url_split(const char *url, IvUrlParts *ret_parts, GError **error) {
  g_auto(IvUrlParts) parts = {0};
  gsize scheme;
  if (!check_text(url, error))
    return FALSE;
  if (!known_scheme(url, &scheme, &parts.port))
    return fail(error, IV_URL_ERROR_SCHEME,
                "the address must begin with rtsp:// (rtsps:// for TLS), or http:// (https://) "
                "for motion JPEG");
  const char *authority = url + scheme, *end = authority + strcspn(authority, "/?#");
  const char *at = last_at(authority, end), *host = at ? at + 1 : authority;
  if (at && !take_user(&parts, authority, at, error))
    return FALSE;
  if (!take_host(&parts, host, end, error))
    return FALSE;
  parts.location = g_strdup_printf("%.*s%s", (int)scheme, url, host);
  *ret_parts = parts;
  parts = (IvUrlParts){0};
  return TRUE;
}

gboolean iv_url_is_http(const char *url) {
  return g_ascii_strncasecmp(url, "http://", 7) == 0 ||
         g_ascii_strncasecmp(url, "https://", 8) == 0;
}

gboolean iv_url_check(const char *url, GError **error) {
  g_auto(IvUrlParts) parts = {0};
  return iv_url_split(url, &parts, error);
}

void iv_url_parts_clear(IvUrlParts *parts) {
  g_clear_pointer(&parts->location, g_free);
  g_clear_pointer(&parts->user, g_free);
  g_clear_pointer(&parts->password, g_free);
  g_clear_pointer(&parts->host, g_free);
}

char *iv_url_with_login(const char *url, const char *user, const char *password, GError **error) {
  g_auto(IvUrlParts) parts = {0};
  if (!iv_url_split(url, &parts, error))
    return NULL;
  if (!user || !*user)
    return g_strdup(parts.location);
  const char *host = strstr(parts.location, SCHEME_END) + strlen(SCHEME_END);
  g_autofree char *name = g_uri_escape_string(user, NULL, FALSE);
  g_autofree char *secret = g_uri_escape_string(password ? password : "", NULL, FALSE);
  return g_strdup_printf("%.*s%s:%s@%s", (int)(host - parts.location), parts.location, name, secret,
                         host);
}

static char *ask_again(GError **error) {
  fail(error, IV_URL_ERROR_SYNTAX,
       "the address holds *** in place of a secret that is not known here; enter it in full");
  return NULL;
}

char *iv_url_unmask(const char *wished, const char *known, GError **error) {
  g_auto(IvUrlParts) new = {0}, old = {0};
  g_autofree char *masked = iv_url_mask(known);
  if (!strstr(wished, MASK))
    return g_strdup(wished);
  if (known && strcmp(masked, wished) == 0)
    return g_strdup(known);
  if (!iv_url_split(wished, &new, error))
    return NULL;
  if (g_strcmp0(new.password, MASK) != 0 || strstr(new.location, MASK) || !known ||
      !iv_url_split(known, &old, NULL) || !old.password || strcmp(old.host, new.host) != 0 ||
      old.port != new.port)
    return ask_again(error);
  return iv_url_with_login(wished, new.user, old.password, error);
}

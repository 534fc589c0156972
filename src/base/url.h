/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Addresses of cameras: checking, taking apart, and the one function that makes text safe to show.
 * Pure; any thread. */

#define IV_URL_MAX 2048 /* bytes of a camera's address */

typedef enum {
  IV_URL_ERROR_SYNTAX, /* not an address, or one with characters that must be escaped */
  IV_URL_ERROR_SCHEME, /* not rtsp[s]:// or http[s]:// */
} IvUrlError;
#define IV_URL_ERROR (iv_url_error_quark())
GQuark iv_url_error_quark(void);

/* Every text that may hold an address goes through here before it reaches a log, an error, an API
 * answer or a page. Any text is allowed, with none or many addresses in it; passwords (also ones
 * that hold '@', ':' or '/'; also in addresses that lack their scheme), user names that stand alone
 * between "://" and '@', and query or path values named like secrets (password=, token=, ...) are
 * shown as "***". When in doubt it hides too much. NULL gives "". The caller frees. */
char *iv_url_mask(const char *text);

/* Checks a camera's address (rtsp[s]://, http[s]:// for motion JPEG; host, port 1..65535, no
 * blanks, at most IV_URL_MAX bytes). The error names what is wrong and never holds a secret. */
gboolean iv_url_check(const char *url, GError **error);

/* TRUE when `text` starts like an address ("scheme://"), FALSE for a path. */
gboolean iv_url_is_url(const char *text);

/* TRUE for http:// and https://. */
gboolean iv_url_is_http(const char *url);

/* An address without its secrets, and the secrets. */
typedef struct {
  char *location; /* no user, no password; for display still to be masked (query) */
  char *user;     /* percent-decoded, NULL when none */
  char *password; /* percent-decoded, NULL when none */
  char *host;     /* without brackets */
  guint16 port;   /* 554, 322 (rtsps), 80 or 443 (https) when not given */
} IvUrlParts;

/* Checks and takes apart. `ret_parts` is untouched on failure; iv_url_parts_clear frees. */
gboolean iv_url_split(const char *url, IvUrlParts *ret_parts, GError **error);
/* The address with this login in place of its own, percent-encoded; `user` NULL or "" = none. The
 * caller frees; NULL with the error when `url` is no address. */
char *iv_url_with_login(const char *url, const char *user, const char *password, GError **error);

/* Somebody was shown iv_url_mask(`known`) and sends `wished` back: with "***" in place of the
 * password the known one is put in, which holds for the same host and port only, so that nobody can
 * send a password that he is not shown to a machine of his own. The caller frees; NULL with the
 * error. `known` NULL = there is none. */
char *iv_url_unmask(const char *wished, const char *known, GError **error);

void iv_url_parts_clear(IvUrlParts *parts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvUrlParts, iv_url_parts_clear)

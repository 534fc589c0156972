/* SPDX-License-Identifier: Apache-2.0 */
#include "config/expand.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/load.h"
#include "config/wording.h"

G_DEFINE_QUARK(iv_expand_error, iv_expand_error)

#define REFUSE(...)                                                                                \
  (g_set_error(error, IV_EXPAND_ERROR, IV_EXPAND_ERROR_INVALID, __VA_ARGS__), NULL)
#define FILE_PREFIX "file:"
#define DEFAULT_MARK ":-"

static gboolean read_all(int fd, GString *text, gsize max) {
  char block[4096];
  gssize n;
  while ((n = read(fd, block, sizeof block)) != 0) {
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return FALSE;
    if (text->len + (gsize)n > max) {
      errno = EFBIG;
      return FALSE;
    }
    g_string_append_len(text, block, n);
  }
  return TRUE;
}

char *iv_read_bounded(const char *path, gsize max, gboolean only_regular, gsize *ret_length,
                      gboolean *ret_open_to_all, GError **error) {
  struct stat info;
  /* Without O_NONBLOCK a pipe named as a secret would stop the program here. */
  int fd = open(path, O_RDONLY | O_CLOEXEC | (only_regular ? O_NONBLOCK : 0));
  if (fd < 0)
    return REFUSE("can't be read: %s; check the path and who may read it", g_strerror(errno));
  g_autoptr(GString) text = g_string_new(NULL);
  const char *problem = NULL;
  if (fstat(fd, &info) != 0)
    problem = g_strerror(errno);
  else if (S_ISDIR(info.st_mode) || (only_regular && !S_ISREG(info.st_mode)))
    problem = "it is not a file";
  else if (!read_all(fd, text, max))
    problem = g_strerror(errno);
  close(fd);
  if (problem)
    return REFUSE("can't be read: %s", problem);
  if (ret_open_to_all)
    *ret_open_to_all = (info.st_mode & S_IROTH) != 0;
  *ret_length = text->len;
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *read_secret(const IvExpansion *expansion, const char *name, GError **error) {
  gsize length = 0;
  gboolean open_to_all = FALSE;
  g_autofree char *path = g_path_is_absolute(name) || !expansion->folder
                              ? g_strdup(name)
                              : g_build_filename(expansion->folder, name, NULL);
  g_autofree char *text =
      iv_read_bounded(path, IV_CONFIG_SECRET_BYTES_MAX, TRUE, &length, &open_to_all, error);
  g_autofree char *shown = iv_quoted(path);
  if (!text) {
    g_prefix_error(error, "secret file %s ", shown);
    return NULL;
  }
  while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
    text[--length] = '\0';
  if (length == 0 || strlen(text) != length || strpbrk(text, "\r\n"))
    return REFUSE("secret file %s must hold one line of text", shown);
  if (open_to_all)
    iv_config_report_add(expansion->report, IV_FINDING_WARNING, expansion->place, NULL,
                         "everybody on this machine can read the secret file %s; run chmod 600",
                         shown);
  return g_steal_pointer(&text);
}

static gboolean is_variable_name(const char *name, gsize length) {
  if (length == 0 || g_ascii_isdigit(*name))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum(name[i]) && name[i] != '_')
      return FALSE;
  return TRUE;
}

/* What stands between "${" and "}". */
static char *look_up(const IvExpansion *expansion, const char *inner, gboolean *ret_has_secret,
                     GError **error) {
  if (g_str_has_prefix(inner, FILE_PREFIX)) {
    *ret_has_secret = TRUE;
    return read_secret(expansion, inner + strlen(FILE_PREFIX), error);
  }
  const char *mark = strstr(inner, DEFAULT_MARK);
  gsize length = mark ? (gsize)(mark - inner) : strlen(inner);
  if (!is_variable_name(inner, length))
    return REFUSE("${...} must be ${NAME}, ${NAME:-default} or ${file:PATH}; write $${ for a plain "
                  "${");
  g_autofree char *name = g_strndup(inner, length);
  const char *found = g_getenv(name);
  if (found && (*found || !mark))
    return g_strdup(found);
  if (mark)
    return g_strdup(mark + strlen(DEFAULT_MARK));
  return REFUSE("environment variable %.64s is not set; set it or give a default: ${%.64s:-...}",
                name, name);
}

/* The part of an address that holds user and password, as offsets into `written`; empty when there
 * is none. What stands inside ${...} is not looked at. */
static void find_user_part(const char *written, gsize *ret_start, gsize *ret_end) {
  gboolean inside = FALSE;
  gsize start = 0, at = 0;
  for (gsize i = 0; written[i]; i++) {
    if (g_str_has_prefix(written + i, "${"))
      inside = TRUE;
    else if (inside)
      inside = written[i] != '}';
    else if (start == 0 && g_str_has_prefix(written + i, "://"))
      start = i += 3, i--;
    else if (start && written[i] == '@')
      at = i;
    else if (start && strchr("/?#", written[i]))
      break;
  }
  *ret_start = start;
  *ret_end = at;
}

char *iv_expand(const IvExpansion *expansion, const char *written, gboolean *ret_has_secret,
                GError **error) {
  gsize user_start, user_end;
  gboolean has_secret = FALSE;
  g_autoptr(GString) out = g_string_new(NULL);
  find_user_part(written, &user_start, &user_end);
  for (const char *p = written; *p;) {
    if (g_str_has_prefix(p, "$${")) {
      g_string_append(out, "${");
      p += 3;
      continue;
    }
    if (!g_str_has_prefix(p, "${")) {
      g_string_append_c(out, *p++);
      continue;
    }
    const char *close = strchr(p, '}');
    if (!close)
      return REFUSE("\"${\" has no \"}\"; close it, or write $${ for a plain ${");
    g_autofree char *inner = g_strndup(p + 2, (gsize)(close - p) - 2);
    g_autofree char *value = look_up(expansion, inner, &has_secret, error);
    if (!value)
      return NULL;
    gsize offset = (gsize)(p - written);
    if (offset >= user_start && offset < user_end)
      g_string_append_uri_escaped(out, value, NULL, FALSE);
    else
      g_string_append(out, value);
    if (out->len > IV_CONFIG_TEXT_MAX)
      return REFUSE("is longer than %d bytes with its variables put in", IV_CONFIG_TEXT_MAX);
    p = close + 1;
  }
  *ret_has_secret = has_secret;
  return g_string_free(g_steal_pointer(&out), FALSE);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/url.h"
#include "config/keys.h"
#include "config/wording.h"

G_DEFINE_QUARK(iv_value_error, iv_value_error)

#define REFUSE(...) (g_set_error(error, IV_VALUE_ERROR, IV_VALUE_ERROR_INVALID, __VA_ARGS__), FALSE)
#define ZONE_NAME_MAX 64
#define SIDE_STEP 32 /* networks halve their input five times */

typedef struct {
  const char *name;
  IvTime length;
} Unit;

/* Largest first. */
static const Unit units[] = {
    {"d", IV_DAY}, {"h", IV_HOUR}, {"min", IV_MINUTE}, {"s", IV_SECOND}, {"ms", IV_MS},
};

/* What a type's value looks like; `at` points into the struct. */
typedef struct {
  const IvKey *key;
  const char *text;
  const char *folder;
  gpointer at;
} Value;

static char *print_duration(IvTime duration) {
  for (guint i = 0; i < G_N_ELEMENTS(units); i++)
    if (duration % units[i].length == 0 && duration != 0)
      return g_strdup_printf("%" G_GINT64_FORMAT " %s", duration / units[i].length, units[i].name);
  return g_strdup_printf("%g s", (double)duration / IV_SECOND);
}

static guint count(const char *const *words) {
  return words ? g_strv_length((char **)words) : 0;
}

static int find_word(const IvKey *key, const char *text) {
  for (guint i = 0; i < count(key->words); i++)
    if (strcmp(key->words[i], text) == 0)
      return (int)i;
  return -1;
}

static char *print_number(double v) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup(g_ascii_formatd(text, sizeof text, "%.9g", v));
}

static char *print_limit(const IvKey *key, double v) {
  return key->type == IV_KEY_DURATION ? print_duration((IvTime)(v * IV_SECOND)) : print_number(v);
}

char *iv_key_range(const IvKey *key) {
  g_autofree char *low = print_limit(key, key->min);
  g_autofree char *high = print_limit(key, key->max);
  switch (key->type) {
  case IV_KEY_FLAG:
    return g_strdup("true or false");
  case IV_KEY_CHOICE:
  case IV_KEY_WORD: {
    g_autofree char *words = iv_names_joined(key->words, count(key->words));
    return g_strdup_printf("one of %s", words);
  }
  case IV_KEY_INTEGER:
  case IV_KEY_NUMBER:
  case IV_KEY_DURATION:
    return g_strdup_printf("%s%s%s to %s", key->words ? key->words[0] : "",
                           key->words ? " or " : "", low, high);
  case IV_KEY_SIZE:
    return g_strdup_printf("auto or WIDTHxHEIGHT, each %s to %s and a multiple of %d", low, high,
                           SIDE_STEP);
  case IV_KEY_TEXT:
    return g_strdup_printf("text of %s to %s bytes", low, high);
  case IV_KEY_SLUG:
    return g_strdup_printf("1 to %d of a-z, 0-9 and -", IV_SLUG_MAX);
  case IV_KEY_PATH:
    return g_strdup("a path");
  case IV_KEY_SOURCE:
    return g_strdup("rtsp://, rtsps://, http:// or https:// address, or a path");
  case IV_KEY_RELAY: {
    g_autofree char *schemes = g_strjoinv(":// or ", (char **)key->words);
    return g_strdup_printf("%s:// address", schemes);
  }
  case IV_KEY_SECRET:
    return g_strdup_printf("secret of %s to %s bytes", low, high);
  case IV_KEY_ADDRESS:
    return g_strdup("IPv4 or IPv6 address");
  case IV_KEY_TIME_ZONE:
    return g_strdup("name of a time zone");
  }
  g_return_val_if_reached(g_strdup(""));
}

/* `what` = "is not a number", ...; adds the text and what is allowed. */
static gboolean refuse(const Value *value, const char *what, GError **error) {
  g_autofree char *quoted = iv_quoted(value->text);
  g_autofree char *range = iv_key_range(value->key);
  g_autofree char *hint =
      iv_nearest_hint(value->text, value->key->words ? value->key->words : (const char *[]){NULL},
                      count(value->key->words));
  return REFUSE("%s %s%s; use %s", quoted, what, hint, range);
}

static gboolean is_word_for_zero(const Value *value) {
  return value->key->words && strcmp(value->text, value->key->words[0]) == 0;
}

static gboolean read_flag(const Value *value, GError **error) {
  static const char *const words[2][3] = {{"false", "no", "off"}, {"true", "yes", "on"}};
  for (int flag = 0; flag < 2; flag++)
    for (int i = 0; i < 3; i++)
      if (g_ascii_strcasecmp(value->text, words[flag][i]) == 0) {
        *(gboolean *)value->at = flag;
        return TRUE;
      }
  return refuse(value, "is neither true nor false", error);
}

static gboolean read_integer(const Value *value, GError **error) {
  gint64 v = 0;
  if (!is_word_for_zero(value)) {
    if (!g_ascii_string_to_signed(value->text, 10, G_MININT, G_MAXINT, &v, NULL))
      return refuse(value, "is not a whole number", error);
    if ((double)v < value->key->min || (double)v > value->key->max)
      return refuse(value, "is out of range", error);
  }
  *(int *)value->at = (int)v;
  return TRUE;
}

static gboolean parse_number(const char *text, double *ret_v, char **ret_rest) {
  if (!g_ascii_isdigit(*text) && *text != '-' && *text != '+' && *text != '.')
    return FALSE;
  if (g_ascii_strncasecmp(text, "0x", 2) == 0)
    return FALSE;
  *ret_v = g_ascii_strtod(text, ret_rest);
  return *ret_rest != text && isfinite(*ret_v);
}

static gboolean read_number(const Value *value, GError **error) {
  double v = 0;
  char *rest = NULL;
  if (!is_word_for_zero(value)) {
    if (!parse_number(value->text, &v, &rest) || *rest)
      return refuse(value, "is not a number", error);
    if (v < value->key->min || v > value->key->max)
      return refuse(value, "is out of range", error);
  }
  *(double *)value->at = v;
  return TRUE;
}

static const Unit *find_unit(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(units); i++)
    if (strcmp(units[i].name, name) == 0)
      return &units[i];
  return NULL;
}

static gboolean read_duration(const Value *value, GError **error) {
  double v = 0;
  char *rest = NULL;
  if (is_word_for_zero(value)) {
    *(IvTime *)value->at = 0;
    return TRUE;
  }
  if (!parse_number(value->text, &v, &rest))
    return refuse(value, "is not a span of time such as 90 d, 2 h, 15 s or 500 ms", error);
  const Unit *unit = find_unit(rest + strspn(rest, " "));
  if (!unit && v != 0)
    return refuse(value, "needs a unit: d, h, min, s or ms, as in 15 s", error);
  double length = unit ? (double)unit->length : 1;
  if (v * length < value->key->min * IV_SECOND || v * length > value->key->max * IV_SECOND)
    return refuse(value, "is out of range", error);
  *(IvTime *)value->at = (IvTime)llround(v * length);
  return TRUE;
}

static gboolean read_choice(const Value *value, GError **error) {
  int found = find_word(value->key, value->text);
  if (found < 0)
    return refuse(value, "is not known here", error);
  if (value->key->type == IV_KEY_WORD)
    *(const char **)value->at = value->key->words[found];
  else
    *(int *)value->at = found;
  return TRUE;
}

static gboolean read_side(const Value *value, const char *text, int *ret_side) {
  gint64 v;
  if (!g_ascii_string_to_signed(text, 10, (gint64)value->key->min, (gint64)value->key->max, &v,
                                NULL) ||
      v % SIDE_STEP != 0)
    return FALSE;
  *ret_side = (int)v;
  return TRUE;
}

static gboolean read_size(const Value *value, GError **error) {
  IvSize size = {0, 0};
  g_auto(GStrv) sides = g_strsplit(value->text, "x", 3);
  if (!is_word_for_zero(value) &&
      (g_strv_length(sides) != 2 || !read_side(value, sides[0], &size.width) ||
       !read_side(value, sides[1], &size.height)))
    return refuse(value, "is not a size", error);
  *(IvSize *)value->at = size;
  return TRUE;
}

static gboolean replace_text(const Value *value, char *text) {
  g_free(*(char **)value->at);
  *(char **)value->at = text;
  return TRUE;
}

static gboolean read_text(const Value *value, GError **error) {
  gsize length = strlen(value->text);
  if (!g_utf8_validate(value->text, -1, NULL))
    return REFUSE("is not valid UTF-8; save the file as UTF-8");
  if ((double)length < value->key->min || (double)length > value->key->max)
    return refuse(value, length == 0 ? "is empty" : "is too long", error);
  return replace_text(value, g_strdup(value->text));
}

/* The error holds none of it. */
static gboolean read_secret(const Value *value, GError **error) {
  gsize length = strlen(value->text);
  if ((double)length < value->key->min || (double)length > value->key->max)
    return REFUSE("has %" G_GSIZE_FORMAT " bytes; %g to %g can be", length, value->key->min,
                  value->key->max);
  for (const char *p = value->text; *p; p++)
    if (!g_ascii_isgraph(*p))
      return REFUSE("has blanks in it, or other characters than ASCII letters, digits and marks");
  return replace_text(value, g_strdup(value->text));
}

static gboolean read_slug(const Value *value, GError **error) {
  if (!iv_slug_is_valid(value->text))
    return refuse(value, "is not an id", error);
  return iv_slug_set(value->at, value->text);
}

static char *resolve_path(const char *text, const char *folder) {
  if (g_str_has_prefix(text, "~/"))
    return g_build_filename(g_get_home_dir(), text + 2, NULL);
  if (!folder || g_path_is_absolute(text) || strcmp(folder, ".") == 0)
    return g_strdup(text);
  return g_build_filename(folder, text, NULL);
}

static gboolean read_path(const Value *value, GError **error) {
  if (!*value->text && value->key->fallback && !*value->key->fallback)
    return replace_text(value, NULL);
  if (!*value->text || strlen(value->text) >= PATH_MAX)
    return refuse(value, "is not a path", error);
  return replace_text(value, resolve_path(value->text, value->folder));
}

static gboolean read_source(const Value *value, GError **error) {
  if (iv_url_is_url(value->text))
    return iv_url_check(value->text, error) ? replace_text(value, g_strdup(value->text)) : FALSE;
  if (!*value->text || strlen(value->text) >= PATH_MAX)
    return REFUSE("is neither an address nor a path; use rtsp://host/path or the path of a video "
                  "file");
  return replace_text(value, resolve_path(value->text, value->folder));
}

/* Its text may hold a password, so the error holds none of it. */
static gboolean read_relay(const Value *value, GError **error) {
  g_autofree char *scheme = NULL, *host = NULL, *path = NULL;
  int port = -1;
  if (!g_uri_split(value->text, G_URI_FLAGS_NONE, &scheme, NULL, &host, &port, &path, NULL, NULL,
                   NULL) ||
      !scheme || !g_strv_contains(value->key->words, scheme) || !host || !*host || port == 0 ||
      (path && *path))
    return REFUSE("is not such an address; use %s://%sHOST:PORT", value->key->words[0],
                  value->key->words[1] ? "USER:PASSWORD@" : "");
  return replace_text(value, g_strdup(value->text));
}

static gboolean read_address(const Value *value, GError **error) {
  guint8 bytes[16];
  if (inet_pton(AF_INET, value->text, bytes) != 1 && inet_pton(AF_INET6, value->text, bytes) != 1)
    return refuse(value, "is not an address in digits (like 127.0.0.1)", error);
  return replace_text(value, g_strdup(value->text));
}

/* GTimeZone would read any file below (and above) the system's zone folder. */
static gboolean is_zone_name(const char *text) {
  if (!g_ascii_isalpha(*text) || strlen(text) > ZONE_NAME_MAX)
    return FALSE;
  for (const char *p = text; *p; p++)
    if (!g_ascii_isalnum(*p) && !strchr("_+-/", *p))
      return FALSE;
  return TRUE;
}

static gboolean read_time_zone(const Value *value, GError **error) {
  g_autoptr(GTimeZone) zone =
      is_zone_name(value->text) ? g_time_zone_new_identifier(value->text) : NULL;
  if (!zone) {
    g_autofree char *quoted = iv_quoted(value->text);
    return REFUSE("%s is not a time zone of this machine; use an IANA name such as Europe/Berlin "
                  "or UTC (Debian package tzdata)",
                  quoted);
  }
  return replace_text(value, g_strdup(value->text));
}

static gboolean (*const readers[])(const Value *value, GError **error) = {
    [IV_KEY_FLAG] = read_flag,           [IV_KEY_INTEGER] = read_integer,
    [IV_KEY_NUMBER] = read_number,       [IV_KEY_DURATION] = read_duration,
    [IV_KEY_TEXT] = read_text,           [IV_KEY_SLUG] = read_slug,
    [IV_KEY_CHOICE] = read_choice,       [IV_KEY_WORD] = read_choice,
    [IV_KEY_SIZE] = read_size,           [IV_KEY_PATH] = read_path,
    [IV_KEY_SOURCE] = read_source,       [IV_KEY_RELAY] = read_relay,
    [IV_KEY_SECRET] = read_secret,       [IV_KEY_ADDRESS] = read_address,
    [IV_KEY_TIME_ZONE] = read_time_zone,
};

gboolean iv_value_read(const IvKey *key, const char *text, const char *folder, gpointer base,
                       GError **error) {
  Value value = {.key = key, .text = text, .folder = folder, .at = (char *)base + key->offset};
  return readers[key->type](&value, error);
}

/* Numbers whose 0 has a name. */
static const char *word_for_zero(const IvKey *key, gboolean is_zero) {
  return is_zero && key->words ? key->words[0] : NULL;
}

static char *print_or_word(const IvKey *key, gboolean is_zero, char *text) {
  const char *word = word_for_zero(key, is_zero);
  if (!word)
    return text;
  g_free(text);
  return g_strdup(word);
}

char *iv_value_print(const IvKey *key, gconstpointer base) {
  const void *at = (const char *)base + key->offset;
  switch (key->type) {
  case IV_KEY_FLAG:
    return g_strdup(*(const gboolean *)at ? "true" : "false");
  case IV_KEY_INTEGER:
    return print_or_word(key, *(const int *)at == 0, g_strdup_printf("%d", *(const int *)at));
  case IV_KEY_NUMBER:
    return print_or_word(key, *(const double *)at == 0, print_number(*(const double *)at));
  case IV_KEY_DURATION:
    return print_or_word(key, *(const IvTime *)at == 0, print_duration(*(const IvTime *)at));
  case IV_KEY_CHOICE:
    return g_strdup(key->words[*(const int *)at]);
  case IV_KEY_WORD:
    return g_strdup(*(const char *const *)at);
  case IV_KEY_SLUG:
    return g_strdup(((const IvSlug *)at)->text);
  case IV_KEY_SIZE: {
    const IvSize *size = at;
    return print_or_word(key, size->width == 0,
                         g_strdup_printf("%dx%d", size->width, size->height));
  }
  case IV_KEY_SOURCE:
  case IV_KEY_RELAY:
    return iv_url_mask(*(const char *const *)at);
  case IV_KEY_SECRET:
    return g_strdup(*(const char *const *)at ? "***" : "");
  case IV_KEY_TEXT:
  case IV_KEY_PATH:
  case IV_KEY_ADDRESS:
  case IV_KEY_TIME_ZONE:
    return g_strdup(*(const char *const *)at ? *(const char *const *)at : "");
  }
  g_return_val_if_reached(g_strdup(""));
}

static gboolean owns_text(const IvKey *key) {
  switch (key->type) {
  case IV_KEY_TEXT:
  case IV_KEY_PATH:
  case IV_KEY_SOURCE:
  case IV_KEY_RELAY:
  case IV_KEY_SECRET:
  case IV_KEY_ADDRESS:
  case IV_KEY_TIME_ZONE:
    return TRUE;
  default:
    return FALSE;
  }
}

void iv_section_defaults(const IvSection *section, const char *folder, gpointer base) {
  for (guint i = 0; i < section->n_keys; i++) {
    g_autoptr(GError) error = NULL;
    const IvKey *key = &section->keys[i];
    if (!key->fallback || !*key->fallback)
      continue;
    if (!iv_value_read(key, key->fallback, folder, base, &error))
      g_error("default of %s.%s: %s", section->name, key->name, error->message);
  }
}

void iv_section_clear(const IvSection *section, gpointer base) {
  for (guint i = 0; i < section->n_keys; i++)
    if (owns_text(&section->keys[i]))
      g_clear_pointer((char **)((char *)base + section->keys[i].offset), g_free);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/node.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK(iv - scenario - error - quark, iv_scenario_error)

#define COORDINATE_MAX 1000.0 /* metres; no store is a kilometre wide */
#define CORNERS_MAX 64
#define SLUG_RULE "must be 1 to 40 of a-z, 0-9 and -"

static void append_path(const IvNode *node, GString *text) {
  if (!node->up)
    return;
  append_path(node->up, text);
  if (node->key)
    g_string_append_printf(text, "%s%s", text->len ? "." : "", node->key);
  else
    g_string_append_printf(text, "[%u]", node->index);
}

void iv_node_fault(const IvNode *node, const char *format, ...) {
  if (node->reading->error)
    return;
  va_list args;
  va_start(args, format);
  g_autofree char *message = g_strdup_vprintf(format, args);
  va_end(args);
  g_autoptr(GString) path = g_string_new(NULL);
  append_path(node, path);
  node->reading->error = g_error_new(IV_SCENARIO_ERROR, IV_SCENARIO_ERROR_VALUE, "%s: %s",
                                     path->len ? path->str : "the file", message);
}

gpointer iv_node_alloc(const IvNode *node, gsize n, gsize size) {
  gpointer block = g_malloc0_n(MAX(n, 1), size);
  g_ptr_array_add(node->reading->owned, block);
  return block;
}

IvNode iv_node_root(IvReading *reading, const json_t *json) {
  return (IvNode){reading, NULL, NULL, 0, json};
}

IvNode iv_node_optional(const IvNode *up, const char *key) {
  const json_t *json = up->json ? json_object_get(up->json, key) : NULL;
  return (IvNode){up->reading, up, key, 0, json && !json_is_null(json) ? json : NULL};
}

IvNode iv_node_member(const IvNode *up, const char *key) {
  IvNode node = iv_node_optional(up, key);
  if (!node.json)
    iv_node_fault(&node, "is missing");
  return node;
}

IvNode iv_node_item(const IvNode *up, guint index) {
  return (IvNode){up->reading, up, NULL, index, up->json ? json_array_get(up->json, index) : NULL};
}

guint iv_node_length(const IvNode *list, guint min, guint max) {
  gsize n = list->json ? json_array_size(list->json) : 0;
  if (!list->json || !json_is_array(list->json))
    iv_node_fault(list, "must be a list");
  else if (n < min || n > max)
    iv_node_fault(list, "must have %u to %u entries, has %zu", min, max, n);
  else
    return (guint)n;
  return 0;
}

static double checked_number(const IvNode *node, double min, double max) {
  if (!node->json || !json_is_number(node->json)) {
    iv_node_fault(node, "must be a number");
    return min;
  }
  double value = json_number_value(node->json);
  if (value >= min && value <= max)
    return value;
  iv_node_fault(node, "must be within %g and %g, is %g", min, max, value);
  return min;
}

double iv_node_number(const IvNode *up, const char *key, double min, double max) {
  IvNode node = iv_node_member(up, key);
  return checked_number(&node, min, max);
}

double iv_node_number_or(const IvNode *up, const char *key, double min, double max, double absent) {
  IvNode node = iv_node_optional(up, key);
  return node.json ? checked_number(&node, min, max) : absent;
}

double iv_node_item_number(const IvNode *list, guint index, double min, double max) {
  IvNode node = iv_node_item(list, index);
  return checked_number(&node, min, max);
}

int iv_node_whole(const IvNode *up, const char *key, int min, int max) {
  IvNode node = iv_node_member(up, key);
  double value = checked_number(&node, min, max);
  if (value != floor(value))
    iv_node_fault(&node, "must be a whole number, is %g", value);
  return (int)value;
}

gboolean iv_node_flag(const IvNode *up, const char *key, gboolean absent) {
  IvNode node = iv_node_optional(up, key);
  if (node.json && !json_is_boolean(node.json))
    iv_node_fault(&node, "must be true or false");
  return node.json ? json_is_true(node.json) : absent;
}

static const char *checked_text(const IvNode *node, gsize max) {
  const char *text = node->json ? json_string_value(node->json) : NULL;
  gsize length = text ? strlen(text) : 0;
  if (!text)
    iv_node_fault(node, "must be a text");
  else if (length == 0 || length > max)
    iv_node_fault(node, "must have 1 to %zu bytes, has %zu", max, length);
  else {
    for (const char *c = text; *c; c++)
      if ((guint8)*c < 0x20 || *c == 0x7f)
        iv_node_fault(node, "must not hold control characters");
    return text;
  }
  return "";
}

const char *iv_node_text(const IvNode *up, const char *key, gsize max) {
  IvNode node = iv_node_member(up, key);
  return checked_text(&node, max);
}

IvSlug iv_node_slug(const IvNode *up, const char *key) {
  IvSlug slug = {""};
  IvNode node = iv_node_member(up, key);
  if (!iv_slug_set(&slug, checked_text(&node, IV_SLUG_MAX)))
    iv_node_fault(&node, SLUG_RULE);
  return slug;
}

int iv_node_choice(const IvNode *up, const char *key, const char *const *names, guint n) {
  IvNode node = iv_node_member(up, key);
  const char *text = checked_text(&node, 100);
  for (guint i = 0; i < n; i++)
    if (strcmp(names[i], text) == 0)
      return (int)i;
  g_autoptr(GString) all = g_string_new(names[0]);
  for (guint i = 1; i < n; i++)
    g_string_append_printf(all, ", %s", names[i]);
  iv_node_fault(&node, "\"%s\" is none of %s", text, all->str);
  return 0;
}

int iv_node_clock(const IvNode *list, guint index) {
  IvNode node = iv_node_item(list, index);
  const char *text = checked_text(&node, 5);
  gboolean fits = strlen(text) == 5 && g_ascii_isdigit(text[0]) && g_ascii_isdigit(text[1]) &&
                  text[2] == ':' && g_ascii_isdigit(text[3]) && g_ascii_isdigit(text[4]);
  int minutes =
      fits ? ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0'
           : -1;
  if (minutes >= 0 && minutes <= 24 * 60 && text[3] < '6')
    return minutes;
  iv_node_fault(&node, "must be a time of day like 08:30");
  return 0;
}

static IvSpot checked_spot(const IvNode *node) {
  if (node->json && json_is_array(node->json) && json_array_size(node->json) == 2)
    return (IvSpot){iv_node_item_number(node, 0, -COORDINATE_MAX, COORDINATE_MAX),
                    iv_node_item_number(node, 1, -COORDINATE_MAX, COORDINATE_MAX)};
  iv_node_fault(node, "must be [x, y] in metres");
  return (IvSpot){0, 0};
}

IvSpot iv_node_spot(const IvNode *up, const char *key) {
  IvNode node = iv_node_member(up, key);
  return checked_spot(&node);
}

IvSpan iv_node_span(const IvNode *holder) {
  IvSpan span = {iv_node_spot(holder, "a"), iv_node_spot(holder, "b")};
  if (iv_span_length(&span) < 0.05) {
    iv_node_fault(holder, "its ends a and b are in one place");
    span.b.x = span.a.x + 1;
  }
  return span;
}

IvOutline iv_node_outline(const IvNode *up, const char *key, guint min) {
  IvNode node = iv_node_member(up, key);
  IvOutline outline = {.n = iv_node_length(&node, min, CORNERS_MAX)};
  outline.at = iv_node_alloc(up, MAX(outline.n, min), sizeof(IvSpot));
  for (guint i = 0; i < outline.n; i++) {
    IvNode corner = iv_node_item(&node, i);
    outline.at[i] = checked_spot(&corner);
  }
  outline.n = MAX(outline.n, min);
  if (min >= 3 && !iv_outline_is_simple(&outline))
    iv_node_fault(&node, "is no polygon that encloses an area without crossing itself");
  return outline;
}

IvRange iv_node_spread(const IvNode *up, const char *key, double max) {
  static const char *const shapes[] = {"normal", "lognormal", "poisson1"};
  IvNode node = iv_node_member(up, key);
  IvRange spread = {.shape = (IvSpreadShape)iv_node_choice(&node, "dist", shapes, 3),
                    .mean = iv_node_number(&node, "mean", 0, max),
                    .sd = iv_node_number(&node, "sd", 0, max)};
  return spread;
}

void iv_node_pair(const IvNode *up, const char *key, double min, double max, double ret_pair[2]) {
  IvNode node = iv_node_member(up, key);
  if (iv_node_length(&node, 2, 2) == 0) {
    ret_pair[0] = ret_pair[1] = min;
    return;
  }
  ret_pair[0] = iv_node_item_number(&node, 0, min, max);
  ret_pair[1] = iv_node_item_number(&node, 1, min, max);
  if (ret_pair[0] > ret_pair[1])
    iv_node_fault(&node, "its first number must not be over its second");
}

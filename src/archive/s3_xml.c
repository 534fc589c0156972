/* SPDX-License-Identifier: Apache-2.0 */
/* The short XML of S3's answers. GLib's reader knows no document types and no entities of its own,
 * so there is nothing to be done with one. */
#include <string.h>

#include "archive/s3_private.h"

#define DEPTH_MAX 16

typedef struct {
  IvS3XmlFunc func;
  gpointer user_data;
  GString *path;
  GString *text;
  gboolean is_leaf;
  guint depth;
} Reader;

static void start_element(GMarkupParseContext *context, const char *name, const char **names,
                          const char **values, gpointer user_data, GError **error) {
  Reader *reader = user_data;
  (void)context, (void)names, (void)values;
  if (reader->depth >= DEPTH_MAX) {
    g_set_error_literal(error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "too deep");
    return;
  }
  if (reader->depth > 0)
    g_string_append_printf(reader->path, "%s%s", reader->path->len ? "/" : "", name);
  reader->depth++;
  reader->is_leaf = TRUE;
  g_string_truncate(reader->text, 0);
}

static void end_element(GMarkupParseContext *context, const char *name, gpointer user_data,
                        GError **error) {
  Reader *reader = user_data;
  (void)context, (void)name, (void)error;
  reader->func(reader->path->str, reader->is_leaf ? reader->text->str : NULL, reader->user_data);
  const char *slash = strrchr(reader->path->str, '/');
  g_string_truncate(reader->path, slash ? (gsize)(slash - reader->path->str) : 0);
  reader->is_leaf = FALSE;
  reader->depth--;
}

static void add_text(GMarkupParseContext *context, const char *text, gsize n, gpointer user_data,
                     GError **error) {
  Reader *reader = user_data;
  (void)context, (void)error;
  g_string_append_len(reader->text, text, (gssize)n);
}

gboolean iv_s3_xml_read(const char *xml, gsize n, IvS3XmlFunc func, gpointer user_data) {
  static const GMarkupParser parser = {
      .start_element = start_element, .end_element = end_element, .text = add_text};
  g_autoptr(GString) path = g_string_new(NULL);
  g_autoptr(GString) text = g_string_new(NULL);
  Reader reader = {.func = func, .user_data = user_data, .path = path, .text = text};
  g_autoptr(GMarkupParseContext) context =
      g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reader, NULL);
  return n > 0 && n <= IV_S3_ANSWER_MAX &&
         g_markup_parse_context_parse(context, xml, (gssize)n, NULL) &&
         g_markup_parse_context_end_parse(context, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "config/yaml_tree.h"

#include <string.h>
#include <yaml.h>

#include "config/expand.h"
#include "config/load.h"
#include "config/wording.h"

typedef struct {
  yaml_parser_t parser;
  const char *text;
  gsize length;
  const char *folder;
  IvConfigReport *report;
  guint nodes;
} Reader;

void iv_yaml_node_free(IvYamlNode *node) {
  if (!node)
    return;
  g_clear_pointer(&node->children, g_ptr_array_unref);
  g_free(node->name);
  g_free(node->text);
  g_free(node->written);
  g_free(node);
}

static void free_child(gpointer node) {
  iv_yaml_node_free(node);
}

static IvFilePlace place_of(const yaml_mark_t *mark) {
  return (IvFilePlace){(int)mark->line + 1, (int)mark->column + 1};
}

static void G_GNUC_PRINTF(3, 4) refuse(Reader *reader, IvFilePlace place, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  iv_config_report_add(reader->report, IV_FINDING_ERROR, place, NULL, "%s", text);
}

/* A tab among the blanks that line `line` (from 0) begins with. */
static gboolean is_indented_by_tab(const Reader *reader, gsize line) {
  const char *p = reader->text, *end = reader->text + reader->length;
  for (; line > 0 && p; line--) {
    p = memchr(p, '\n', (gsize)(end - p));
    p = p ? p + 1 : NULL;
  }
  while (p && p < end && *p == ' ')
    p++;
  return p && p < end && *p == '\t';
}

/* libyaml's own words, with what mostly was meant. */
static void refuse_syntax(Reader *reader) {
  const yaml_parser_t *parser = &reader->parser;
  const char *problem = parser->problem ? parser->problem : "not YAML";
  if (parser->error == YAML_READER_ERROR) {
    refuse(reader, (IvFilePlace){0, 0}, "byte %lu: %s; save the file as UTF-8 text",
           (unsigned long)parser->problem_offset, problem);
    return;
  }
  if (is_indented_by_tab(reader, parser->problem_mark.line)) {
    refuse(reader, place_of(&parser->problem_mark),
           "the line begins with a tab; YAML is indented with spaces only");
    return;
  }
  refuse(reader, place_of(&parser->problem_mark),
         "%s; check the indentation, the colon with a space after each key, and quotes around text "
         "with : or #",
         problem);
}

static IvYamlNode *new_node(Reader *reader, IvYamlKind kind, const yaml_event_t *event) {
  IvYamlNode *node = g_new0(IvYamlNode, 1);
  node->kind = kind;
  node->place = place_of(&event->start_mark);
  reader->nodes++;
  return node;
}

static gboolean next(Reader *reader, yaml_event_t *ret_event) {
  if (yaml_parser_parse(&reader->parser, ret_event))
    return TRUE;
  refuse_syntax(reader);
  return FALSE;
}

static void refuse_extras(Reader *reader, IvYamlNode *node, const yaml_char_t *anchor,
                          const yaml_char_t *tag) {
  if (!anchor && !tag)
    return;
  refuse(reader, node->place,
         anchor ? "anchors (&name) are not used here; write the value out"
                : "tags (!name) are not used here; leave it out, or put the text in quotes");
  node->kind = IV_YAML_REFUSED;
}

static IvYamlNode *read_scalar(Reader *reader, const yaml_event_t *event) {
  IvYamlNode *node = new_node(reader, IV_YAML_SCALAR, event);
  const char *text = (const char *)event->data.scalar.value;
  node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  if (event->data.scalar.length > IV_CONFIG_TEXT_MAX || strlen(text) != event->data.scalar.length) {
    refuse(reader, node->place, "a value must be text of at most %d bytes without NUL",
           IV_CONFIG_TEXT_MAX);
    text = "";
    node->kind = IV_YAML_REFUSED;
  }
  node->written = g_strdup(text);
  refuse_extras(reader, node, event->data.scalar.anchor, event->data.scalar.tag);
  return node;
}

static void expand(Reader *reader, IvYamlNode *node) {
  g_autoptr(GError) error = NULL;
  IvExpansion expansion = {reader->folder, reader->report, node->place};
  if (node->kind != IV_YAML_SCALAR)
    return;
  node->text = iv_expand(&expansion, node->written, &node->has_secret, &error);
  if (!node->text) {
    refuse(reader, node->place, "%s", error->message);
    node->kind = IV_YAML_REFUSED;
  }
}

static IvYamlNode *read_node(Reader *reader, const yaml_event_t *event, guint depth);

/* The node that begins at `event`, which is used up; NULL when reading can't go on. */
static IvYamlNode *take_node(Reader *reader, yaml_event_t *event, guint depth) {
  IvYamlNode *node = NULL;
  if (reader->nodes >= IV_CONFIG_NODES_MAX)
    refuse(reader, place_of(&event->start_mark), "the file holds more than %d values",
           IV_CONFIG_NODES_MAX);
  else if (depth > IV_CONFIG_DEPTH_MAX)
    refuse(reader, place_of(&event->start_mark), "nested deeper than %d; nothing here is that deep",
           IV_CONFIG_DEPTH_MAX);
  else
    node = read_node(reader, event, depth);
  yaml_event_delete(event);
  return node;
}

static IvYamlNode *read_list(Reader *reader, const yaml_event_t *start, guint depth) {
  g_autoptr(IvYamlNode) list = new_node(reader, IV_YAML_LIST, start);
  list->children = g_ptr_array_new_with_free_func(free_child);
  refuse_extras(reader, list, start->data.sequence_start.anchor, start->data.sequence_start.tag);
  for (;;) {
    yaml_event_t event;
    if (!next(reader, &event))
      return NULL;
    if (event.type == YAML_SEQUENCE_END_EVENT) {
      yaml_event_delete(&event);
      return g_steal_pointer(&list);
    }
    IvYamlNode *item = take_node(reader, &event, depth + 1);
    if (!item)
      return NULL;
    expand(reader, item);
    g_ptr_array_add(list->children, item);
  }
}

/* Name and place of the key that begins at `event`; what is no key gets a name that none has. */
static gboolean read_key(Reader *reader, yaml_event_t *event, guint depth, char **ret_name,
                         IvFilePlace *ret_place) {
  g_autoptr(IvYamlNode) key = take_node(reader, event, depth + 1);
  if (!key)
    return FALSE;
  *ret_place = key->place;
  if (key->kind == IV_YAML_MAP || key->kind == IV_YAML_LIST)
    refuse(reader, key->place, "a key must be plain text, not %s", iv_yaml_kind_name(key->kind));
  *ret_name = key->kind == IV_YAML_SCALAR ? g_steal_pointer(&key->written) : NULL;
  return TRUE;
}

static void add_entry(Reader *reader, IvYamlNode *map, IvYamlNode *value) {
  const IvYamlNode *first = value->name ? iv_yaml_get(map, value->name) : NULL;
  if (first) {
    g_autofree char *quoted = iv_quoted(value->name);
    refuse(reader, value->name_place, "key %s is given twice, first in line %d; keep one", quoted,
           first->name_place.line);
  }
  if (first || !value->name) {
    iv_yaml_node_free(value);
    return;
  }
  expand(reader, value);
  g_ptr_array_add(map->children, value);
}

static IvYamlNode *read_map(Reader *reader, const yaml_event_t *start, guint depth) {
  g_autoptr(IvYamlNode) map = new_node(reader, IV_YAML_MAP, start);
  map->children = g_ptr_array_new_with_free_func(free_child);
  refuse_extras(reader, map, start->data.mapping_start.anchor, start->data.mapping_start.tag);
  for (;;) {
    yaml_event_t event;
    g_autofree char *name = NULL;
    IvFilePlace place;
    if (!next(reader, &event))
      return NULL;
    if (event.type == YAML_MAPPING_END_EVENT) {
      yaml_event_delete(&event);
      return g_steal_pointer(&map);
    }
    if (map->children->len >= IV_CONFIG_MAP_MAX) {
      refuse(reader, place_of(&event.start_mark), "a mapping with more than %d keys",
             IV_CONFIG_MAP_MAX);
      yaml_event_delete(&event);
      return NULL;
    }
    if (!read_key(reader, &event, depth, &name, &place) || !next(reader, &event))
      return NULL;
    IvYamlNode *value = take_node(reader, &event, depth + 1);
    if (!value)
      return NULL;
    value->name = g_steal_pointer(&name);
    value->name_place = place;
    add_entry(reader, map, value);
  }
}

static IvYamlNode *read_node(Reader *reader, const yaml_event_t *event, guint depth) {
  switch (event->type) {
  case YAML_SCALAR_EVENT:
    return read_scalar(reader, event);
  case YAML_SEQUENCE_START_EVENT:
    return read_list(reader, event, depth);
  case YAML_MAPPING_START_EVENT:
    return read_map(reader, event, depth);
  default: /* only an alias can stand here */
    refuse(reader, place_of(&event->start_mark),
           "aliases (*name) are not used here; write the value out");
    return new_node(reader, IV_YAML_REFUSED, event);
  }
}

/* Skips to the first event of the document; FALSE when there is none or no YAML (reported). */
static gboolean find_document(Reader *reader, yaml_event_t *ret_event) {
  for (;;) {
    if (!next(reader, ret_event))
      return FALSE;
    if (ret_event->type == YAML_STREAM_END_EVENT) {
      yaml_event_delete(ret_event);
      refuse(reader, (IvFilePlace){0, 0},
             "is empty; start from packaging/store.example.yaml or docs/configuration.md");
      return FALSE;
    }
    if (ret_event->type != YAML_STREAM_START_EVENT && ret_event->type != YAML_DOCUMENT_START_EVENT)
      return TRUE;
    yaml_event_delete(ret_event);
  }
}

static void refuse_more(Reader *reader) {
  yaml_event_t event;
  if (!next(reader, &event)) /* the document's end */
    return;
  yaml_event_delete(&event);
  if (!next(reader, &event))
    return;
  if (event.type != YAML_STREAM_END_EVENT)
    refuse(reader, place_of(&event.start_mark),
           "a second document begins here (---); put everything into one");
  yaml_event_delete(&event);
}

IvYamlNode *iv_yaml_read(const char *text, gsize length, const char *folder,
                         IvConfigReport *report) {
  Reader reader = {.text = text, .length = length, .folder = folder, .report = report};
  yaml_event_t event;
  IvYamlNode *root = NULL;
  if (length > IV_CONFIG_BYTES_MAX) {
    refuse(&reader, (IvFilePlace){0, 0}, "is longer than %d bytes", IV_CONFIG_BYTES_MAX);
    return NULL;
  }
  if (!yaml_parser_initialize(&reader.parser))
    g_error("libyaml: out of memory");
  yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&reader.parser, (const guint8 *)text, length);
  if (find_document(&reader, &event))
    root = take_node(&reader, &event, 0);
  if (root) {
    expand(&reader, root);
    refuse_more(&reader);
  }
  yaml_parser_delete(&reader.parser);
  return root;
}

const IvYamlNode *iv_yaml_get(const IvYamlNode *map, const char *name) {
  for (guint i = 0; map->children && i < map->children->len; i++) {
    const IvYamlNode *child = g_ptr_array_index(map->children, i);
    if (g_strcmp0(child->name, name) == 0)
      return child;
  }
  return NULL;
}

gboolean iv_yaml_is_empty(const IvYamlNode *node) {
  return node->kind == IV_YAML_SCALAR && node->plain &&
         (!*node->written || strcmp(node->written, "~") == 0 ||
          g_ascii_strcasecmp(node->written, "null") == 0);
}

const char *iv_yaml_kind_name(IvYamlKind kind) {
  static const char *const names[] = {"a value", "a mapping", "a list", "nothing usable"};
  return names[kind];
}

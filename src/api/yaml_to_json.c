/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* Build-time tool: reads a YAML file, writes it as JSON into a C file (api/openapi.h). Plain words
 * follow YAML's core schema: null, true, false, numbers; everything else is text. Anchors and tags
 * are not used in our document and refused. */

static void fail(const char *what) {
  fprintf(stderr, "yaml-to-json: %s\n", what);
  exit(1);
}

static json_t *plain_to_json(const char *text) {
  char *end;
  if (strcmp(text, "null") == 0 || strcmp(text, "~") == 0 || text[0] == '\0')
    return json_null();
  if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
    return json_boolean(text[0] == 't');
  if (strspn(text, "+-0123456789.eE") != strlen(text) || strpbrk(text, "0123456789") == NULL)
    return json_string(text);
  long long whole = strtoll(text, &end, 10);
  if (*end == '\0')
    return json_integer(whole);
  double real = strtod(text, &end);
  return *end == '\0' ? json_real(real) : json_string(text);
}

static json_t *node_to_json(yaml_document_t *document, int index);

static json_t *mapping_to_json(yaml_document_t *document, const yaml_node_t *node) {
  json_t *object = json_object();
  for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
       pair++) {
    const yaml_node_t *key = yaml_document_get_node(document, pair->key);
    if (key->type != YAML_SCALAR_NODE)
      fail("a key is not a word");
    const char *name = (const char *)key->data.scalar.value;
    if (json_object_get(object, name))
      fail(name);
    json_object_set_new(object, name, node_to_json(document, pair->value));
  }
  return object;
}

static json_t *node_to_json(yaml_document_t *document, int index) {
  const yaml_node_t *node = yaml_document_get_node(document, index);
  if (node->type == YAML_MAPPING_NODE)
    return mapping_to_json(document, node);
  if (node->type == YAML_SEQUENCE_NODE) {
    json_t *array = json_array();
    for (yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++)
      json_array_append_new(array, node_to_json(document, *item));
    return array;
  }
  if (node->type != YAML_SCALAR_NODE)
    fail("a node of an unknown kind");
  const char *text = (const char *)node->data.scalar.value;
  return node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? plain_to_json(text)
                                                            : json_string(text);
}

static json_t *read_yaml(const char *path) {
  yaml_parser_t parser;
  yaml_document_t document;
  FILE *file = fopen(path, "rb");
  if (!file || !yaml_parser_initialize(&parser))
    fail(path);
  yaml_parser_set_input_file(&parser, file);
  if (!yaml_parser_load(&parser, &document)) {
    fprintf(stderr, "%s:%zu: %s\n", path, parser.problem_mark.line + 1, parser.problem);
    exit(1);
  }
  json_t *json = node_to_json(&document, 1);
  yaml_document_delete(&document);
  yaml_parser_delete(&parser);
  fclose(file);
  return json;
}

static void write_c(FILE *file, const char *text) {
  fputs("/* Made by yaml_to_json.c. */\n#include \"api/openapi.h\"\n\n"
        "const char iv_openapi_json[] = {",
        file);
  for (size_t i = 0; text[i]; i++)
    fprintf(file, "%s%d,", i % 24 == 0 ? "\n" : "", text[i]);
  fprintf(file, "\n0};\nconst size_t iv_openapi_json_length = %zu;\n", strlen(text));
}

int main(int argc, char **argv) {
  if (argc != 3)
    fail("usage: yaml-to-json IN.yaml OUT.c");
  json_t *json = read_yaml(argv[1]);
  char *text = json_dumps(json, JSON_COMPACT);
  FILE *file = fopen(argv[2], "wb");
  if (!text || !file)
    fail(argv[2]);
  write_c(file, text);
  json_decref(json);
  free(text);
  return fclose(file) == 0 ? 0 : 1;
}

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/report.h"

/* A YAML document as a tree with the place of everything in it. Bounded (load.h); anchors, aliases,
 * tags, second documents and keys given twice are refused. */

typedef enum {
  IV_YAML_SCALAR,
  IV_YAML_MAP,
  IV_YAML_LIST,
  IV_YAML_REFUSED, /* something was wrong here and has been reported */
} IvYamlKind;

typedef struct IvYamlNode {
  IvYamlKind kind;
  IvFilePlace place;
  char *name; /* in a map; NULL elsewhere */
  IvFilePlace name_place;
  char *text;          /* scalars, after expansion */
  char *written;       /* scalars, as in the file */
  gboolean plain;      /* scalars: without quotes */
  gboolean has_secret; /* scalars: ${file:...} was put in */
  GPtrArray *children; /* maps and lists: IvYamlNode */
} IvYamlNode;

void iv_yaml_node_free(IvYamlNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvYamlNode, iv_yaml_node_free)

/* The document's tree, expanded; NULL when the text is no YAML at all or empty (reported). Parts
 * that are wrong are IV_YAML_REFUSED and reported, the rest is there. */
IvYamlNode *iv_yaml_read(const char *text, gsize length, const char *folder,
                         IvConfigReport *report);

/* Value of `name` in a map; NULL when it is not there. */
const IvYamlNode *iv_yaml_get(const IvYamlNode *map, const char *name);

/* TRUE for a scalar that says nothing: empty, ~ or null without quotes. */
gboolean iv_yaml_is_empty(const IvYamlNode *node);

/* "a mapping", "a list", "a value". */
const char *iv_yaml_kind_name(IvYamlKind kind);

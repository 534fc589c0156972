/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "config/config.h"
#include "config/yaml_tree.h"

/* The scene of a camera, or of the floor plan whose size `plan` tells (NULL = a camera's), from its
 * part of the file; NULL when something is wrong (reported with the place in the file). `key` is
 * the path of `node`, "cameras[0].scene". */
IvScene *iv_scene_from_yaml(const IvYamlNode *node, const char *key, const IvFloorPlanConfig *plan,
                            IvConfigReport *report);

/* Any part of a file that holds scenes as JSON: ids and names are texts, what looks like a number
 * is one. NULL when a part was refused or holds a secret (reported). New reference. */
json_t *iv_scene_yaml_to_json(const IvYamlNode *node, IvConfigReport *report);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "config/config.h"
#include "config/yaml_tree.h"

/* The scene of a camera, or of the floor plan whose size `plan` tells (NULL = a camera's), from its
 * part of the file; NULL when something is wrong (reported with the place in the file). `key` is
 * the path of `node`, "cameras[0].scene". */
IvScene *iv_scene_from_yaml(const IvYamlNode *node, const char *key, const IvFloorPlanConfig *plan,
                            IvConfigReport *report);

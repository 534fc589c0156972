/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/routes/call.h"
#include "config/scene_json.h"

typedef IvScene *(*IvSceneRead)(const json_t *json, IvSceneFault on_fault, gpointer user_data);

/* The request's body as a scene, by one of the readers of config/scene_json.h. NULL with the
 * problem, which tells everything that is wrong. */
IvScene *iv_scene_body(const IvCall *call, IvSceneRead read, IvResponse **ret_problem);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "config/config.h"

/* What `inveye replay` is to suppose: other drawings of cameras, other thresholds.
 *
 *   rules: {exit_grace: 1 s}            the keys of the configuration's section `rules`
 *   cameras:
 *     - {id: door, scene: {...}}        as in the configuration and the API
 *
 * Any of it may be missing. */
typedef struct {
  IvRulesConfig rules; /* those given, over those in force */
  GPtrArray *scenes;   /* IvScene, camera_id set */
} IvWhatIf;

void iv_what_if_free(IvWhatIf *what);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvWhatIf, iv_what_if_free)

/* NULL for a camera that is not changed. */
const IvScene *iv_what_if_scene(const IvWhatIf *what, const char *camera_id);

/* Tells everything that is wrong, as iv_scene_from_json_all; NULL if on_fault was called. */
typedef void (*IvWhatIfFault)(const char *pointer, const char *text, gpointer user_data);
IvWhatIf *iv_what_if_from_json(const json_t *json, const IvRulesConfig *rules,
                               IvWhatIfFault on_fault, gpointer user_data);

/* The same from a YAML file's text. Faults go into
 * `ret_faults` (caller frees), a line each. */
IvWhatIf *iv_what_if_from_yaml(const char *text, gsize length, const char *file,
                               const IvRulesConfig *rules, char **ret_faults);

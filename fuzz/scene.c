/* SPDX-License-Identifier: Apache-2.0 */
/* Scenes as the API takes them: read or refused with a reason; what is read survives a round. */
#include <stdlib.h>

#include "config/scene_json.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const guint8 *input, gsize length) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvScene) scene = iv_scene_from_text((const char *)input, length, &error);
  g_assert_true((scene == NULL) == (error != NULL));
  if (!scene) {
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
    return 0;
  }
  json_t *json = iv_scene_to_json(scene);
  g_autoptr(IvScene) again = iv_scene_from_json(json, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(again->hash, ==, scene->hash);
  json_decref(json);
  return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config.h"

#include <string.h>

#include "config/keys.h"

IvConfig *iv_config_new(void) {
  IvConfig *config = g_new0(IvConfig, 1);
  guint n;
  const IvSection *sections = iv_sections(&n);
  config->path = g_strdup("");
  for (guint i = 0; i < n; i++)
    if (!sections[i].list)
      iv_section_defaults(&sections[i], NULL, (char *)config + sections[i].offset);
  iv_slug_set(&config->store.id, "store");
  config->store.name = g_strdup(config->store.id.text);
  return config;
}

void iv_config_free(IvConfig *config) {
  if (!config)
    return;
  guint n;
  const IvSection *sections = iv_sections(&n);
  for (guint i = 0; i < n; i++)
    if (!sections[i].list)
      iv_section_clear(&sections[i], (char *)config + sections[i].offset);
  iv_scene_free(config->floor_plan.scene);
  for (guint i = 0; i < config->n_cameras; i++) {
    iv_section_clear(iv_section("cameras"), &config->cameras[i]);
    iv_scene_free(config->cameras[i].scene);
  }
  g_free(config->cameras);
  g_free(config->path);
  g_free(config);
}

const IvCameraConfig *iv_config_camera(const IvConfig *config, const char *camera_id) {
  for (guint i = 0; i < config->n_cameras; i++)
    if (strcmp(config->cameras[i].id.text, camera_id) == 0)
      return &config->cameras[i];
  return NULL;
}

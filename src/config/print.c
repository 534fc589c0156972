/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "config/keys.h"
#include "config/load.h"
#include "config/scene_json.h"

static gboolean is_text(const IvKey *key) {
  return key->type == IV_KEY_TEXT || key->type == IV_KEY_PATH || key->type == IV_KEY_SOURCE ||
         key->type == IV_KEY_RELAY || key->type == IV_KEY_SECRET;
}

/* JSON's quotes are YAML's too; what would be taken for a variable is escaped. */
static void add_quoted(GString *out, const char *text) {
  g_autoptr(GString) plain = g_string_new(text);
  g_string_replace(plain, "${", "$${", 0);
  json_t *json = json_string(plain->str);
  char *quoted = json ? json_dumps(json, JSON_ENCODE_ANY) : NULL;
  g_string_append(out, quoted ? quoted : "\"\"");
  free(quoted);
  json_decref(json);
}

static void add_keys(GString *out, const IvSection *section, gconstpointer base,
                     const char *indent) {
  for (guint i = 0; i < section->n_keys; i++) {
    const IvKey *key = &section->keys[i];
    g_autofree char *text = iv_value_print(key, base);
    if (!*text)
      continue;
    g_string_append_printf(out, "%s%s: ", section->list && i == 0 ? "  - " : indent, key->name);
    if (is_text(key))
      add_quoted(out, text);
    else
      g_string_append(out, text);
    g_string_append_c(out, '\n');
  }
}

static void add_scene(GString *out, const IvScene *scene, const char *indent) {
  json_t *json = iv_scene_to_json(scene);
  char *text = json_dumps(json, JSON_REAL_PRECISION(7));
  g_autoptr(GString) line = g_string_new(text);
  g_string_replace(line, "${", "$${", 0);
  g_string_append_printf(out, "%sscene: %s\n", indent, line->str);
  free(text);
  json_decref(json);
}

char *iv_config_print(const IvConfig *config) {
  GString *out = g_string_new(NULL);
  guint n;
  const IvSection *sections = iv_sections(&n);
  for (guint i = 0; i < n; i++) {
    const IvSection *section = &sections[i];
    if (!section->list) {
      g_string_append_printf(out, "%s:\n", section->name);
      add_keys(out, section, (const char *)config + section->offset, "  ");
      if (section->has_scene && config->floor_plan.scene)
        add_scene(out, config->floor_plan.scene, "  ");
      continue;
    }
    g_string_append_printf(out, "%s:%s\n", section->name, config->n_cameras ? "" : " []");
    for (guint c = 0; c < config->n_cameras; c++) {
      add_keys(out, section, &config->cameras[c], "    ");
      if (config->cameras[c].scene)
        add_scene(out, config->cameras[c].scene, "    ");
    }
  }
  return g_string_free(out, FALSE);
}

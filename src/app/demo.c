/* SPDX-License-Identifier: Apache-2.0 */
#include "app/demo.h"

#include <string.h>

#include "config/scene_json.h"

/* What is drawn on each camera's view, by camera id. The road crosses the whole view; people come
 * from the left and the upper right and stop where the ways meet. */
static const struct {
  const char *camera_id;
  IvCameraRole role;
  const char *drawing; /* zones and lines of scene.schema.json */
} drawings[] = {
    {"entrance", IV_ROLE_ENTRANCE,
     "\"full_view\":true,\"zones\":[],\"lines\":[{\"id\":\"door\",\"name\":\"Door\",\"kind\":"
     "\"entrance\",\"a\":[0.5,0.2],\"b\":[0.5,0.95]}]"},
    {"aisle", IV_ROLE_AISLE,
     "\"zones\":[{\"id\":\"main-aisle\",\"name\":\"Main aisle\",\"kind\":\"corridor\",\"polygon\":"
     "[[0.05,0.08],[0.95,0.12],[0.95,0.75],[0.05,0.45]]}],\"lines\":[{\"id\":\"aisle-half-way\","
     "\"name\":\"Aisle, half way\",\"kind\":\"internal\",\"a\":[0.5,0.02],\"b\":[0.5,0.8]}]"},
    {"promotion", IV_ROLE_AISLE,
     "\"zones\":[{\"id\":\"promotion-table\",\"name\":\"Promotion table\",\"kind\":\"promotion\","
     "\"polygon\":[[0.14,0.22],[0.62,0.22],[0.62,0.62],[0.14,0.62]]}],\"lines\":[]"},
    {"fashion", IV_ROLE_AISLE,
     "\"zones\":[{\"id\":\"fashion-new\",\"name\":\"Fashion, new in\",\"kind\":\"product\","
     "\"polygon\":[[0.48,0.2],[0.92,0.2],[0.92,0.52],[0.48,0.52]]},{\"id\":\"fashion-basics\","
     "\"name\":\"Fashion, basics\",\"kind\":\"product\",\"polygon\":[[0.05,0.54],[0.92,0.54],"
     "[0.92,0.95],[0.05,0.95]]}],\"lines\":[]"},
};

/* Nobody knows where people walk in another film. */
static const char own_entrance[] =
    "\"full_view\":true,\"zones\":[],\"lines\":[{\"id\":\"door\",\"name\":\"Door\",\"kind\":"
    "\"entrance\",\"a\":[0.5,0.02],\"b\":[0.5,0.98]}]";
static const char own_view[] =
    "\"zones\":[{\"id\":\"%s-middle\",\"name\":\"Middle\",\"kind\":\"general\",\"polygon\":"
    "[[0.25,0.25],[0.75,0.25],[0.75,0.95],[0.25,0.95]]}],\"lines\":[]";

static char *drawing_of(const IvDemoCamera *camera, guint index, gboolean own_film) {
  if (own_film)
    return strcmp(camera->id.text, "entrance") == 0 ? g_strdup(own_entrance)
                                                    : g_strdup_printf(own_view, camera->id.text);
  return g_strdup(drawings[index].drawing);
}

static IvScene *scene_of(const IvDemoCamera *camera, guint index, gboolean own_film,
                         GError **error) {
  g_autofree char *drawing = drawing_of(camera, index, own_film);
  g_autofree char *text = g_strdup_printf("{\"image\":{\"w\":%d,\"h\":%d},%s}", camera->size.width,
                                          camera->size.height, drawing);
  IvScene *scene = iv_scene_from_text(text, strlen(text), error);
  if (scene)
    scene->camera_id = camera->id;
  return scene;
}

static guint drawing_index(const IvDemoCamera *camera) {
  for (guint i = 0; i < G_N_ELEMENTS(drawings); i++)
    if (strcmp(drawings[i].camera_id, camera->id.text) == 0)
      return i;
  g_assert_not_reached(); /* media/demo_server.c names the same cameras */
}

IvConfig *iv_demo_config(const IvDemoServer *server, gboolean own_film, GError **error) {
  const IvDemoCamera *cameras = iv_demo_server_cameras(server);
  g_autoptr(IvConfig) config = iv_config_new();
  iv_slug_set(&config->store.id, "demo");
  g_free(config->store.name);
  config->store.name = g_strdup("Demo store");
  g_free(config->server.data_dir);
  config->server.data_dir = g_build_filename(g_get_user_data_dir(), "inveye", "demo", NULL);
  config->cameras = g_new0(IvCameraConfig, IV_DEMO_CAMERAS);
  config->n_cameras = IV_DEMO_CAMERAS;
  for (guint i = 0; i < IV_DEMO_CAMERAS; i++) {
    guint index = drawing_index(&cameras[i]);
    IvCameraConfig *camera = &config->cameras[i];
    camera->id = cameras[i].id;
    camera->name = g_strdup(cameras[i].name);
    camera->number = (int)i + 1;
    camera->role = drawings[index].role;
    camera->url = g_strdup(cameras[i].url);
    camera->fps = 5;
    camera->enabled = TRUE;
    camera->motion_gate = TRUE;
    camera->scene = scene_of(&cameras[i], index, own_film, error);
    if (!camera->scene)
      return NULL;
  }
  return g_steal_pointer(&config);
}

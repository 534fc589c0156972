/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/box_noise.h"

#include "sim/scenario_private.h"

#define SECONDS_MIN 1e-3
#define SECONDS_MAX 3600.0
#define BETA_MAX 1000.0

IvBoxNoise iv_box_noise_ideal(void) {
  IvBoxNoise noise = {
      .misses = {0, 0.6},
      .persistent = {0, 3},
      .random = {0, 0.2},
      .jitter_tau = 0.4,
      .width_px = 640,
      .walls = TRUE,
      .box_full = TRUE,
      .detect = {{0, 1}, {1, 1}},
      .n_detect = 2,
      .occluded_below = 0.6,
      .score_floor = 0.25,
      .score_tau = 0.5,
      .look = {.dimension = 64, .identity = 1, .staff_shared = 0.8},
      .drop_mean_frames = 2,
      .min_person_px = 40,
  };
  for (int i = 0; i < IV_SCORES; i++)
    noise.scores[i] = (IvScoreShape){.value = 0.95};
  return noise;
}

static void read_false(const IvNode *root, IvBoxNoise *n) {
  IvNode list = iv_node_member(root, "false_boxes");
  n->persistent = (IvBurst){
      iv_node_number(&list, "persistent_per_frame", 0, 0.9),
      iv_node_number(&list, "persistent_mean_burst_s", SECONDS_MIN, SECONDS_MAX),
  };
  n->random = (IvBurst){
      iv_node_number(&list, "random_per_frame", 0, 0.9),
      iv_node_number(&list, "random_mean_burst_s", SECONDS_MIN, SECONDS_MAX),
  };
  n->random_alone = iv_node_number(&list, "per_frame", 0, 0.9);
}

static void read_curve(const IvNode *occlusion, IvBoxNoise *n) {
  IvNode list = iv_node_member(occlusion, "detect_probability");
  n->n_detect = iv_node_length(&list, 2, IV_BOX_CURVE_MAX);
  for (guint i = 0; i < n->n_detect; i++) {
    IvNode pair = iv_node_item(&list, i);
    if (iv_node_length(&pair, 2, 2) == 0)
      return;
    n->detect[i].share = iv_node_item_number(&pair, 0, 0, 1);
    n->detect[i].probability = iv_node_item_number(&pair, 1, 0, 1);
    if (i > 0 && n->detect[i].share <= n->detect[i - 1].share)
      iv_node_fault(&pair, "its share must be over that of the entry before");
  }
  if (n->n_detect && (n->detect[0].share > 0 || n->detect[n->n_detect - 1].share < 1))
    iv_node_fault(&list, "must go from share 0 to share 1");
}

static void read_occlusion(const IvNode *root, IvBoxNoise *n) {
  static const char *const boxes[] = {"visible part", "full"};
  IvNode occlusion = iv_node_member(root, "occlusion");
  n->walls = iv_node_flag(&occlusion, "walls", TRUE);
  n->fixtures = iv_node_flag(&occlusion, "fixtures", TRUE);
  n->persons = iv_node_flag(&occlusion, "persons", TRUE);
  n->box_full = iv_node_choice(&occlusion, "box", boxes, 2) == 1;
  n->occluded_below = iv_node_number(&occlusion, "occluded_below", 0, 1);
  read_curve(&occlusion, n);
}

static void read_score(const IvNode *scores, const char *key, double least, IvScoreShape *shape) {
  static const char *const shapes[] = {"beta", "constant"};
  IvNode node = iv_node_member(scores, key);
  if (iv_node_choice(&node, "dist", shapes, 2) == 1)
    *shape = (IvScoreShape){.value = iv_node_number(&node, "value", least, 1)};
  else
    *shape = (IvScoreShape){.a = iv_node_number(&node, "a", 1, BETA_MAX),
                            .b = iv_node_number(&node, "b", 1, BETA_MAX)};
}

static void read_scores(const IvNode *root, IvBoxNoise *n) {
  static const char *const keys[IV_SCORES] = {"true", "occluded", "false_random",
                                              "false_persistent"};
  IvNode scores = iv_node_member(root, "scores");
  n->score_floor = iv_node_number(&scores, "floor", 0, 0.9);
  n->score_tau = iv_node_number(&scores, "tau_s", SECONDS_MIN, SECONDS_MAX);
  for (int i = 0; i < IV_SCORES; i++)
    read_score(&scores, keys[i], n->score_floor, &n->scores[i]);
}

static void read_look(const IvNode *root, IvBoxNoise *n) {
  IvNode look = iv_node_member(root, "appearance"), variance = iv_node_member(&look, "variance");
  n->look.dimension = (guint)iv_node_whole(&look, "dimension", 1, IV_BOX_LOOK_MAX);
  n->look.identity = iv_node_number(&variance, "identity", 0, 1);
  n->look.camera = iv_node_number(&variance, "camera", 0, 1);
  n->look.person_camera = iv_node_number(&variance, "person_camera", 0, 1);
  n->look.tracklet = iv_node_number(&variance, "tracklet", 0, 1);
  n->look.frame = iv_node_number(&variance, "frame", 0, 1);
  n->look.staff_shared = iv_node_number(&look, "staff_shared_identity", 0, 1);
  n->look.occluded_frame = iv_node_number(&look, "occluded_extra_frame_variance", 0, 1);
  if (n->look.identity + n->look.camera + n->look.person_camera + n->look.tracklet +
          n->look.frame <=
      0)
    iv_node_fault(&variance, "must not all be 0");
}

static void read_frames(const IvNode *root, IvBoxNoise *n) {
  IvNode frames = iv_node_member(root, "frames"), clock = iv_node_member(root, "clock");
  IvNode range = iv_node_member(root, "range");
  n->drop_share = iv_node_number(&frames, "drop_rate", 0, 0.9);
  n->drop_mean_frames = iv_node_number(&frames, "mean_burst_frames", 1, 1e6);
  n->offset_max_s = iv_node_number(&clock, "offset_max_s", 0, 60);
  n->drift_ppm = iv_node_number(&clock, "drift_ppm", -1000, 1000);
  n->stamp_jitter_s = iv_node_number(&clock, "timestamp_jitter_s", 0, 1);
  n->min_person_px = iv_node_number(&range, "min_person_px", 1, 10000);
}

static void read_all(const IvNode *root, IvBoxNoise *n) {
  IvNode misses = iv_node_member(root, "misses"), jitter = iv_node_member(root, "jitter");
  iv_node_whole(root, "version", 1, 1);
  n->width_px = iv_node_number(root, "reference_width_px", 16, 16384);
  n->misses = (IvBurst){iv_node_number(&misses, "rate", 0, 0.99),
                        iv_node_number(&misses, "mean_burst_s", SECONDS_MIN, SECONDS_MAX)};
  n->outages = n->misses.share > 0;
  n->jitter_px = iv_node_number(&jitter, "sigma_px", 0, 1000);
  n->jitter_tau = iv_node_number(&jitter, "tau_s", SECONDS_MIN, SECONDS_MAX);
  read_false(root, n);
  read_occlusion(root, n);
  read_scores(root, n);
  read_look(root, n);
  read_frames(root, n);
}

gboolean iv_box_noise_parse(const char *text, gsize length, IvBoxNoise *ret_noise, GError **error) {
  static const char *const formats[] = {"inveye-noise"};
  json_t *json = iv_scenario_load(text, length, error);
  if (!json)
    return FALSE;
  g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
  IvReading reading = {NULL, owned};
  IvNode root = iv_node_root(&reading, json_is_object(json) ? json : NULL);
  IvBoxNoise noise = {0};
  iv_node_choice(&root, "format", formats, 1);
  read_all(&root, &noise);
  json_decref(json);
  if (reading.error) {
    g_propagate_error(error, reading.error);
    return FALSE;
  }
  *ret_noise = noise;
  return TRUE;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/box_level.h"

#include <string.h>

#include "sim/box_private.h"

#define STEP_MIN IV_MS   /* between two time stamps of a camera */
#define THINNEST_PX 2.0f /* a box that jitter turns inside out is left so wide */

IvBoxActor *iv_box_actor_new(guint32 agent, guint64 person, gboolean staff, double height) {
  IvBoxActor *actor = g_new0(IvBoxActor, 1);
  actor->agent = agent, actor->person = person, actor->staff = staff;
  actor->height = (float)height;
  return actor;
}

void iv_box_actor_free(IvBoxActor *actor) {
  for (guint i = 0; actor && i < IV_CAMERAS_MAX; i++)
    g_free(actor->sights[i]);
  g_free(actor);
}

static IvTime time_of_frame(const IvBoxLevel *level, const IvBoxCamera *c) {
  double seconds = ((double)c->frame + c->phase) / c->pace.fps;
  return level->config.start + (IvTime)(seconds * (double)IV_SECOND);
}

static void init_camera(IvBoxLevel *level, guint camera) {
  IvBoxCamera *c = &level->cameras[camera];
  const IvBoxNoise *noise = &level->noise;
  c->draws = iv_draws_of(level->config.seed, "frames", camera, 0);
  c->pace = iv_box_pace(noise, level->s->cameras[camera].fps);
  c->phase = iv_draws_between(&c->draws, 0, 1);
  double offset = iv_draws_between(&c->draws, -noise->offset_max_s, noise->offset_max_s);
  c->offset = (IvTime)(offset * (double)IV_SECOND);
  c->last_ts = G_MININT64;
  c->drops = iv_chain(noise->drop_share, noise->drop_mean_frames);
  c->dropping = iv_chain_begin(&c->drops, &c->draws);
  c->near = g_array_new(FALSE, FALSE, sizeof(guint));
  iv_box_ghosts_init(level, camera);
  c->next = time_of_frame(level, c);
}

IvBoxLevel *iv_box_level_new(const IvScenario *s, const IvGrid *grid,
                             const IvBoxLevelConfig *config) {
  static const IvScoreShape even = {.a = 1, .b = 1};
  IvBoxLevel *level = g_new0(IvBoxLevel, 1);
  level->s = s, level->config = *config, level->noise = *config->noise;
  level->shade = iv_shade_new(s, grid, &level->noise);
  level->views = g_array_new(FALSE, FALSE, sizeof(IvBoxView));
  level->picks = g_array_new(FALSE, FALSE, sizeof(IvBoxPick));
  iv_normals_init(&level->normals);
  iv_score_table_init(&level->even, &even, 0);
  for (int i = 0; i < IV_SCORES; i++)
    iv_score_table_init(&level->scores[i], &level->noise.scores[i], level->noise.score_floor);
  for (guint c = 0; c < s->n_cameras; c++)
    init_camera(level, c);
  return level;
}

void iv_box_level_free(IvBoxLevel *level) {
  if (!level)
    return;
  for (guint c = 0; c < level->s->n_cameras; c++) {
    g_array_unref(level->cameras[c].ghosts);
    g_array_unref(level->cameras[c].near);
  }
  g_array_unref(level->views);
  g_array_unref(level->picks);
  iv_shade_free(level->shade);
  g_free(level);
}

static void keep_apart(float *low, float *high, float least) {
  float middle = (*low + *high) / 2;
  *low = MIN(*low, middle - least / 2);
  *high = MAX(*high, middle + least / 2);
}

void iv_box_pick(IvBoxLevel *level, guint camera, const IvBox *exact, IvBoxPick pick,
                 guint64 person) {
  static const IvBox picture = {0, 0, 1, 1};
  const IvLens *lens = &level->shade->lenses[camera];
  const IvBoxNoise *noise = &level->noise;
  float px = lens->width / (float)noise->width_px, jitter = px * (float)noise->jitter_px;
  float right = jitter / lens->width, down = jitter / lens->height;
  const float *edges = pick.sight->edges;
  if (exact->x1 <= exact->x0 || exact->y1 <= exact->y0)
    return;
  IvBox moved = {exact->x0 + right * edges[0], exact->y0 + down * edges[1],
                 exact->x1 + right * edges[2], exact->y1 + down * edges[3]};
  if (jitter > 0) {
    keep_apart(&moved.x0, &moved.x1, THINNEST_PX * px / lens->width);
    keep_apart(&moved.y0, &moved.y1, THINNEST_PX * px / lens->height);
  }
  pick.box = iv_box_clip(&moved, &picture);
  if (pick.box.x1 <= pick.box.x0 || pick.box.y1 <= pick.box.y0)
    return;
  if (iv_box_sight_take(pick.sight, &level->cameras[camera].pace))
    iv_look_base(noise, &level->normals, level->config.seed,
                 (IvLookOf){person, pick.truth.staff, camera, pick.sight->tracklet},
                 pick.sight->look);
  g_array_append_val(level->picks, pick);
}

/* Best score first; of equals, the one that came first. */
static void sort_picks(GArray *picks) {
  IvBoxPick *all = &g_array_index(picks, IvBoxPick, 0);
  for (guint i = 1; i < picks->len; i++) {
    IvBoxPick pick = all[i];
    guint at = i;
    for (; at > 0 && all[at - 1].score < pick.score; at--)
      all[at] = all[at - 1];
    all[at] = pick;
  }
}

static guint tell_picks(IvBoxLevel *level) {
  guint n = MIN(level->picks->len, IV_DETECTIONS_MAX);
  for (guint i = 0; i < n; i++) {
    const IvBoxPick *pick = &g_array_index(level->picks, IvBoxPick, i);
    level->detections[i] = (IvDetection){pick->box, pick->score, IV_CLASS_PERSON};
    level->agents[i] = pick->truth.agent;
    level->truths[i] = pick->truth;
    iv_look_frame(&level->noise, &level->normals, pick->sight->look, pick->occluded,
                  &pick->sight->draws, &level->looks[i]);
    level->tally.false_boxes += pick->truth.agent == 0;
  }
  level->tally.boxes += n;
  level->tally.left_out += level->picks->len - n;
  return n;
}

static IvTime stamp(IvBoxLevel *level, IvBoxCamera *c) {
  const IvBoxNoise *noise = &level->noise;
  double jitter = iv_draws_between(&c->draws, -noise->stamp_jitter_s, noise->stamp_jitter_s);
  double drift = (double)(level->taken - level->config.start) * noise->drift_ppm * 1e-6;
  IvTime ts = level->taken + c->offset + (IvTime)(drift + jitter * (double)IV_SECOND);
  return c->last_ts = MAX(ts, c->last_ts == G_MININT64 ? ts : c->last_ts + STEP_MIN);
}

/* Whether the frame comes at all; the chain of drops goes on in outages too. */
static gboolean comes(IvBoxLevel *level, IvBoxCamera *c, gboolean fails) {
  c->dropping = c->drops.share > 0 && iv_chain_after(&c->drops, c->dropping, 1, &c->draws);
  level->tally.failed += fails;
  level->tally.dropped += !fails && c->dropping;
  return !fails && !c->dropping;
}

static void film_frame(IvBoxLevel *level, guint camera, const IvBoxMove *moves, double share,
                       guint32 outages) {
  IvBoxCamera *c = &level->cameras[camera];
  gint64 frame = c->frame++;
  level->taken = c->next;
  c->next = time_of_frame(level, c);
  if (!comes(level, c, outages >> camera & 1))
    return;
  g_array_set_size(level->picks, 0);
  iv_box_people(level, camera, frame, moves, share);
  iv_box_ghosts(level, camera, frame);
  if (level->picks->len > 1)
    sort_picks(level->picks);
  guint n = tell_picks(level);
  level->tally.frames++;
  level->config.frame(camera, stamp(level, c), level->detections, level->looks, level->agents, n,
                      level->config.user_data);
}

/* Which moves each camera may see. */
static void deal_out(IvBoxLevel *level, const IvBoxMove *moves, guint n) {
  for (guint c = 0; c < level->s->n_cameras; c++)
    g_array_set_size(level->cameras[c].near, 0);
  for (guint i = 0; i < n; i++) {
    IvSpot middle = iv_spot_mix(moves[i].from, moves[i].to, 0.5);
    guint32 reach = iv_shade_reach(level->shade, moves[i].from) |
                    iv_shade_reach(level->shade, middle) |
                    iv_shade_reach(level->shade, moves[i].to);
    for (; reach; reach &= reach - 1)
      g_array_append_val(level->cameras[g_bit_nth_lsf(reach, -1)].near, i);
  }
}

void iv_box_level_film(IvBoxLevel *level, IvTime from, IvTime to, const IvBoxMove *moves, guint n,
                       guint32 outages) {
  deal_out(level, moves, n);
  for (;;) {
    guint first = 0;
    for (guint c = 1; c < level->s->n_cameras; c++)
      if (level->cameras[c].next < level->cameras[first].next)
        first = c;
    IvTime at = level->cameras[first].next;
    if (at > to)
      return;
    film_frame(level, first, moves, (double)(at - from) / (double)MAX(to - from, 1), outages);
  }
}

const IvBoxTruth *iv_box_level_truth(const IvBoxLevel *level, IvTime *ret_time) {
  *ret_time = level->taken;
  return level->truths;
}

IvBoxTally iv_box_level_tally(const IvBoxLevel *level) {
  return level->tally;
}

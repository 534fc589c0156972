/* SPDX-License-Identifier: Apache-2.0 */
/* Boxes where nobody is: posters and mannequins for some seconds at a time, and anything anywhere
 * for a moment. */
#include "sim/box_private.h"

#define RANDOM_SCALE_MIN 0.6
#define RANDOM_SCALE_MAX 1.3
#define RANDOM_ASPECT_MIN 0.3
#define RANDOM_ASPECT_MAX 0.6
#define TRIES 20
/* Looks of what is no person, apart from all persons. */
#define GHOST_PERSON (G_GUINT64_CONSTANT(3) << 62)

static guint64 ghost_person(guint camera, guint ghost, guint64 burst) {
  return GHOST_PERSON | (guint64)camera << 48 | (guint64)ghost << 36 | burst;
}

static void add_ghost(IvBoxLevel *level, guint camera, const IvFalseSource *source) {
  GArray *ghosts = level->cameras[camera].ghosts;
  IvBoxGhost ghost = {
      .source = source, .person = ghost_person(camera, ghosts->len, 0), .frame = -1};
  iv_box_sight_init(&ghost.sight, iv_draws_of(level->config.seed, "ghost", camera, ghosts->len));
  IvBody body;
  if (source) {
    if (!iv_body_project(&level->shade->lenses[camera], source->position, source->height,
                         source->width, &body))
      return;
    ghost.full = body.full;
  }
  g_array_append_val(ghosts, ghost);
}

void iv_box_ghosts_init(IvBoxLevel *level, guint camera) {
  IvBoxCamera *c = &level->cameras[camera];
  const IvBoxNoise *noise = &level->noise;
  double fps = c->pace.fps;
  c->ghosts = g_array_new(FALSE, FALSE, sizeof(IvBoxGhost));
  add_ghost(level, camera, NULL);
  for (guint i = 0; i < level->s->n_false_sources; i++)
    if (level->s->false_sources[i].camera == (int)camera)
      add_ghost(level, camera, &level->s->false_sources[i]);
  guint sources = c->ghosts->len - 1;
  c->random = iv_chain(sources ? noise->random.share : noise->random_alone,
                       noise->random.mean_seconds * fps);
  c->persistent = iv_chain(sources ? noise->persistent.share / sources : 0,
                           noise->persistent.mean_seconds * fps);
}

/* A standing box of its own size somewhere on the floor in view. FALSE: there is no such floor. */
static gboolean place_at_random(IvBoxLevel *level, guint camera, IvBoxGhost *ghost) {
  const GArray *floors = level->shade->floors[camera];
  const IvLens *lens = &level->shade->lenses[camera];
  IvDraws *draws = &ghost->sight.draws;
  IvBody body;
  gboolean placed = FALSE;
  for (int i = 0; i < TRIES && floors->len && !placed; i++) {
    double drawn = iv_draws_between(draws, 0, floors->len);
    guint cell = g_array_index(floors, guint, MIN((guint)drawn, floors->len - 1));
    IvSpot p = iv_grid_centre(level->shade->grid, cell);
    p.x += iv_draws_between(draws, -0.5, 0.5) * IV_GRID_CELL;
    p.y += iv_draws_between(draws, -0.5, 0.5) * IV_GRID_CELL;
    placed =
        iv_body_project(lens, p, (double)IV_BODY_STANDARD_M, level->s->shoulder_width, &body) &&
        iv_body_stands_in_picture(&body);
  }
  if (!placed)
    return FALSE;
  double scale = iv_draws_between(draws, RANDOM_SCALE_MIN, RANDOM_SCALE_MAX);
  double aspect = iv_draws_between(draws, RANDOM_ASPECT_MIN, RANDOM_ASPECT_MAX);
  float high = iv_box_height(&body.full) * (float)scale;
  float half = high * (float)aspect / 2 * lens->height / lens->width;
  float middle = (body.full.x0 + body.full.x1) / 2;
  ghost->full = (IvBox){middle - half, body.full.y1 - high, middle + half, body.full.y1};
  return TRUE;
}

/* Another thing, with looks, score and jitter of its own. */
static void begin_at_random(IvBoxLevel *level, guint camera, IvBoxGhost *ghost, gint64 frame) {
  ghost->person = ghost_person(camera, 0, (guint64)frame);
  iv_box_sight_init(&ghost->sight, ghost->sight.draws);
  ghost->on = place_at_random(level, camera, ghost);
}

static void show(IvBoxLevel *level, guint camera, IvBoxGhost *ghost, gint64 frame) {
  IvScoreKind kind = ghost->source ? IV_SCORE_FALSE_PERSISTENT : IV_SCORE_FALSE_RANDOM;
  iv_box_sight_step(&ghost->sight, &level->noise, &level->cameras[camera].pace, &level->normals,
                    frame);
  IvBoxPick pick = {.score = iv_score_of(&level->scores[kind], ghost->sight.score),
                    .sight = &ghost->sight,
                    .truth = {.visible = 1}};
  iv_box_pick(level, camera, &ghost->full, pick, ghost->person);
}

void iv_box_ghosts(IvBoxLevel *level, guint camera, gint64 frame) {
  IvBoxCamera *c = &level->cameras[camera];
  for (guint i = 0; i < c->ghosts->len; i++) {
    IvBoxGhost *ghost = &g_array_index(c->ghosts, IvBoxGhost, i);
    const IvChain *chain = ghost->source ? &c->persistent : &c->random;
    if (chain->share <= 0)
      continue;
    gboolean was_on = ghost->frame >= 0 && ghost->on;
    ghost->on = ghost->frame < 0
                    ? iv_chain_begin(chain, &ghost->sight.draws)
                    : iv_chain_after(chain, ghost->on, frame - ghost->frame, &ghost->sight.draws);
    ghost->frame = frame;
    if (ghost->on && !was_on && !ghost->source)
      begin_at_random(level, camera, ghost, frame);
    if (ghost->on)
      show(level, camera, ghost, frame);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Who is in the picture, what of them is to be seen, and whom the detector finds. */
#include "sim/box_private.h"

#define NEARER_WIDTH 0.9f /* share of a nearer person's box that hides */
#define IN_PICTURE 0.3f   /* share of a full box: of less, a detector makes nobody */
#define SIGHT_CM 90       /* of a full box, this height must be in sight */

static IvBoxSight *sight_of(const IvBoxLevel *level, guint camera, IvBoxActor *actor) {
  if (!actor->sights[camera]) {
    actor->sights[camera] = g_new(IvBoxSight, 1);
    iv_box_sight_init(actor->sights[camera],
                      iv_draws_of(level->config.seed, "sight", actor->agent, camera));
  }
  return actor->sights[camera];
}

/* Who walks is shaded as the middle of the cell is; who stands, as the very spot. */
static const IvShadeCell *shade_of(const IvBoxLevel *level, guint camera, const IvBoxMove *move,
                                   IvSpot at) {
  if (move->from.x != move->to.x || move->from.y != move->to.y)
    return &level->shade->cells[camera][iv_grid_index(level->shade->grid, at)];
  IvBoxSight *sight = sight_of(level, camera, move->actor);
  if (!sight->stood || sight->spot.x != at.x || sight->spot.y != at.y) {
    sight->stood = TRUE, sight->spot = at;
    sight->shade = iv_shade_at(level->shade, camera, at);
  }
  return &sight->shade;
}

/* Too small, or by an ideal camera not seen. */
static gboolean is_beyond(const IvBoxLevel *level, const IvLens *lens, const IvShadeCell *shade,
                          const IvBody *body) {
  if (body->standard_px * (float)level->noise.width_px <
      (float)level->noise.min_person_px * lens->width)
    return TRUE;
  return level->noise.box_full &&
         (shade->lowest[IV_SHADE_COLUMNS / 2] > SIGHT_CM || !iv_body_stands_in_picture(body));
}

/* FALSE: nothing of that person is to be seen, nor hides anybody. The picture's edge cuts a box,
 * but hides nobody as a shelf does: the file's shares are of what stands in the way. Whoever is
 * mostly out of the picture is not found, but still hides those behind. */
static gboolean view_of(const IvBoxLevel *level, guint camera, const IvBoxMove *move, double share,
                        IvBoxView *view) {
  static const IvBox picture = {0, 0, 1, 1};
  const IvLens *lens = &level->shade->lenses[camera];
  IvSpot at = {move->from.x + share * (move->to.x - move->from.x),
               move->from.y + share * (move->to.y - move->from.y)};
  float height = move->actor->height;
  double width = level->s->shoulder_width * MIN((double)(height / IV_BODY_STANDARD_M), 1);
  if (!(iv_shade_reach(level->shade, at) >> camera & 1) ||
      !iv_body_project(lens, at, (double)height, width, &view->body))
    return FALSE;
  const IvShadeCell *shade = shade_of(level, camera, move, at);
  if (is_beyond(level, lens, shade, &view->body))
    return FALSE;
  view->body.visible = iv_body_above(shade, height);
  if (view->body.visible == 0 && !level->noise.box_full)
    return FALSE;
  view->cut_off = iv_body_share(iv_body_within(&view->body.full, &picture)) < IN_PICTURE;
  const IvSimCamera *c = &level->s->cameras[camera];
  float dx = (float)(at.x - c->position.x), dy = (float)(at.y - c->position.y);
  view->metres2 = dx * dx + dy * dy;
  view->actor = move->actor;
  return TRUE;
}

/* Nearest first; few, and mostly in order already from move to move. */
static void add_view(GArray *views, const IvBoxView *view) {
  g_array_append_vals(views, view, 1);
  IvBoxView *at = &g_array_index(views, IvBoxView, views->len - 1);
  IvBoxView *first = &g_array_index(views, IvBoxView, 0);
  for (; at > first && at[-1].metres2 > view->metres2; at--)
    *at = at[-1];
  *at = *view;
}

static void hide_behind(GArray *views) {
  IvBoxView *view = &g_array_index(views, IvBoxView, 0);
  for (guint k = 0; k + 1 < views->len; k++) {
    IvBox nearer = view[k].body.full;
    float cut = iv_box_width(&nearer) * (1 - NEARER_WIDTH) / 2;
    nearer.x0 += cut, nearer.x1 -= cut;
    for (guint i = k + 1; i < views->len; i++) {
      const IvBox *full = &view[i].body.full;
      if (nearer.x0 < full->x1 && full->x0 < nearer.x1 && nearer.y0 < full->y1 &&
          full->y0 < nearer.y1)
        view[i].body.visible &= ~iv_body_within(full, &nearer);
    }
  }
}

static float find_chance(const IvBoxNoise *noise, float share) {
  guint i = 1;
  while (i < noise->n_detect - 1 && noise->detect[i].share < (double)share)
    i++;
  double from = noise->detect[i - 1].share, to = noise->detect[i].share;
  double at = ((double)share - from) / (to - from);
  double low = noise->detect[i - 1].probability, high = noise->detect[i].probability;
  return (float)(low + at * (high - low));
}

static void look_for(IvBoxLevel *level, guint camera, gint64 frame, const IvBoxView *view) {
  const IvBoxNoise *noise = &level->noise;
  float visible = iv_body_share(view->body.visible);
  float chance = visible >= 1 ? 1 : find_chance(noise, visible);
  if (visible >= 1)
    chance = (float)noise->detect[noise->n_detect - 1].probability;
  if (chance <= 0 || view->cut_off || (view->body.visible == 0 && !noise->box_full))
    return;
  IvBoxActor *actor = view->actor;
  IvBoxSight *sight = sight_of(level, camera, actor);
  iv_box_sight_step(sight, noise, &level->cameras[camera].pace, &level->normals, frame);
  if (sight->missed || (chance < 1 && iv_score_of(&level->even, sight->found) >= chance))
    return;
  static const IvBox picture = {0, 0, 1, 1};
  IvBox box =
      noise->box_full ? iv_box_clip(&view->body.full, &picture) : iv_body_visible_box(&view->body);
  gboolean occluded = visible < (float)noise->occluded_below;
  const IvScoreTable *table = &level->scores[occluded ? IV_SCORE_OCCLUDED : IV_SCORE_TRUE];
  IvBoxPick pick = {.score = iv_score_of(table, sight->score),
                    .sight = sight,
                    .truth = {actor->agent, actor->staff, visible},
                    .occluded = occluded};
  iv_box_pick(level, camera, &box, pick, actor->person);
}

void iv_box_people(IvBoxLevel *level, guint camera, gint64 frame, const IvBoxMove *moves,
                   double share) {
  const GArray *near = level->cameras[camera].near;
  g_array_set_size(level->views, 0);
  for (guint i = 0; i < near->len; i++) {
    IvBoxView view;
    if (view_of(level, camera, &moves[g_array_index(near, guint, i)], share, &view))
      add_view(level->views, &view);
  }
  if (level->noise.persons && level->views->len > 1)
    hide_behind(level->views);
  for (guint i = 0; i < level->views->len; i++)
    look_for(level, camera, frame, &g_array_index(level->views, IvBoxView, i));
}

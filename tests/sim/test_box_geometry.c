/* SPDX-License-Identifier: Apache-2.0 */
/* Where boxes are, and what of them is to be seen. */
#include "box_film.h"

static Film still(const IvBoxNoise *noise, IvScenario *s, const IvSpot *at, guint n,
                  double height) {
  Film film = {.s = s};
  film_start(&film, noise, 1);
  for (guint i = 0; i < n; i++)
    film_add(&film, i + 1, at[i], FALSE, height);
  film_run(&film, 0.5);
  return film;
}

static const Kept *box_of(const Film *film, guint camera, guint32 agent) {
  for (guint i = 0; i < film->boxes->len; i++)
    if (film_box(film, i)->camera == camera && film_box(film, i)->agent == agent)
      return film_box(film, i);
  return NULL;
}

/* The middle of the lower edge is the foot point, the upper edge the top of the head, and the width
 * that of the shoulders half way up. */
static void test_stands_on_its_foot(void) {
  const IvSpot spots[] = {{1.6, 4.5}, {2.0, 4.2}, {2.2, 4.8}};
  IvBoxNoise noise = iv_box_noise_ideal();
  Film film = still(&noise, read_store(KIOSK), spots, G_N_ELEMENTS(spots), 1.6);
  g_assert_cmpuint(film.boxes->len, ==, 2 * 5 * G_N_ELEMENTS(spots));
  for (guint i = 0; i < film.boxes->len; i++) {
    const Kept *kept = film_box(&film, i);
    const IvSimCamera *c = &film.s->cameras[kept->camera];
    IvSpot at = spots[kept->agent - 1];
    double u, v, head_u, head_v, left, right, unused;
    double half = film.s->shoulder_width * 1.6 / 1.7 / 2;
    project_at(c, at, 0, &u, &v);
    project_at(c, at, 1.6, &head_u, &head_v);
    project_at(c, (IvSpot){at.x + sin(c->yaw) * half, at.y - cos(c->yaw) * half}, 0.8, &left,
               &unused);
    project_at(c, (IvSpot){at.x - sin(c->yaw) * half, at.y + cos(c->yaw) * half}, 0.8, &right,
               &unused);
    IvPoint foot = iv_box_ground_point(&kept->detection.box);
    g_assert_cmpfloat_with_epsilon((double)foot.x, u, 1e-5);
    g_assert_cmpfloat_with_epsilon((double)foot.y, v, 1e-5);
    g_assert_cmpfloat_with_epsilon((double)kept->detection.box.y0, MAX(head_v, 0), 1e-5);
    g_assert_cmpfloat_with_epsilon((double)iv_box_width(&kept->detection.box), right - left, 1e-5);
    g_assert_cmpfloat_with_epsilon((double)kept->detection.score, 0.95, 1e-6);
  }
  film_stop(&film);
}

/* The middle of its cell, for which shadows are worked out. */
static IvSpot middle_of_cell(const IvScenario *s, IvSpot p) {
  g_autoptr(IvGrid) grid = iv_grid_new(s, NULL);
  return iv_grid_centre(grid, iv_grid_index(grid, p));
}

/* Behind a fixture the box ends where the sight line over its far upper edge meets the body, to a
 * row of the body. */
static void test_ends_at_the_edge(void) {
  IvBoxNoise noise = iv_box_noise_ideal();
  noise.fixtures = TRUE, noise.box_full = FALSE;
  const double heights[] = {0.3, 0.6, 0.9, 1.2};
  for (guint i = 0; i < G_N_ELEMENTS(heights); i++) {
    IvScenario *s = table_store(heights[i]);
    IvSpot at = middle_of_cell(s, (IvSpot){4.4, 2.6});
    Film film = still(&noise, s, &at, 1, 1.7);
    const Kept *kept = box_of(&film, 0, 1);
    g_assert_nonnull(kept);
    const IvSimCamera *c = &film.s->cameras[0];
    double lowest = 2.6 - (2.6 - heights[i]) * (at.x - 0.6) / (3.6 - 0.6), u, edge, head, foot;
    lowest = MAX(lowest, 0);
    project_at(c, at, lowest, &u, &edge);
    project_at(c, at, 0, &u, &foot);
    project_at(c, at, 1.7, &u, &head);
    double row = (foot - head) / 10, rows = floor(10 - lowest / 0.17 + 0.5);
    g_assert_cmpfloat_with_epsilon((double)kept->detection.box.y1, edge, 1.01 * row);
    g_assert_cmpfloat_with_epsilon((double)kept->detection.box.y1, head + rows * row, 1e-4);
    g_assert_cmpfloat_with_epsilon((double)kept->visible, rows / 10, 1e-6);
    film_stop(&film);
  }
}

/* Nobody is seen through a wall; through fixtures only when they do not hide. */
static void test_walls(void) {
  IvBoxNoise noise = iv_box_noise_ideal();
  IvSpot behind = {6.5, 0.5};
  Film film = still(&noise, read_store(KIOSK), &behind, 1, 1.7);
  g_assert_cmpuint(film.boxes->len, ==, 0);
  g_assert_cmpuint(film.frames->len, ==, 10);
  film_stop(&film);
  noise.box_full = FALSE, noise.fixtures = TRUE;
  IvSpot at = {4.375, 2.625};
  film = still(&noise, table_store(2.5), &at, 1, 1.7);
  g_assert_cmpuint(film.boxes->len, ==, 0);
  film_stop(&film);
}

/* Share of 5 x 10 points of `full` outside of `nearer` at 0.9 of its width. */
static double uncovered(IvBox full, IvBox nearer) {
  double middle = ((double)nearer.x0 + nearer.x1) / 2, half = 0.45 * iv_box_width(&nearer);
  int free = 0;
  for (int i = 0; i < 50; i++) {
    double u = full.x0 + (i % 5 + 0.5) / 5 * iv_box_width(&full);
    double v = full.y0 + (i / 5 + 0.5) / 10 * iv_box_height(&full);
    free +=
        u < middle - half || u > middle + half || v < (double)nearer.y0 || v > (double)nearer.y1;
  }
  return free / 50.0;
}

/* The nearer of two hides the other one, whichever comes first, and is itself whole. */
static void test_persons_hide(void) {
  IvBoxNoise exact = iv_box_noise_ideal(), hiding = exact;
  hiding.persons = TRUE, hiding.box_full = FALSE;
  double seen = 1;
  for (int i = 0; i < 8; i++) {
    IvSpot at[] = {{4.6, 2.6}, {3.4, 2.6 + 0.06 * i}};
    Film full = still(&exact, table_store(0.3), at, 2, 1.7);
    Film film = still(&hiding, table_store(0.3), at, 2, 1.7);
    IvBox far_box = box_of(&full, 0, 1)->detection.box,
          near_box = box_of(&full, 0, 2)->detection.box;
    double expected = uncovered(far_box, near_box);
    const Kept *far_kept = box_of(&film, 0, 1), *near_kept = box_of(&film, 0, 2);
    g_assert_cmpfloat((double)near_kept->visible, ==, 1);
    g_assert_cmpfloat_with_epsilon((double)far_kept->visible, expected, 1e-6);
    g_assert_cmpfloat((double)far_kept->detection.box.y0, ==, (double)far_box.y0);
    seen = MIN(seen, expected);
    film_stop(&film);
    film_stop(&full);
  }
  g_assert_cmpfloat(seen, <, 0.5);
}

/* Who stands at the edge of the picture has a box cut there, and is seen as before; of whom less
 * than 0.3 is in the picture, there is none. */
static void test_cut_at_the_edge(void) {
  IvBoxNoise noise = iv_box_noise_ideal();
  noise.box_full = FALSE;
  IvSpot at[] = {{2.1, 2.6}, {4, 5.4}, {4, 6.0}};
  Film film = still(&noise, table_store(0.3), at, 3, 1.7);
  double u, foot;
  project_at(&film.s->cameras[0], at[0], 0, &u, &foot);
  g_assert_cmpfloat(foot, >, 1);
  const Kept *below = box_of(&film, 0, 1), *right = box_of(&film, 0, 2);
  g_assert_cmpfloat((double)below->detection.box.y1, ==, 1);
  g_assert_cmpfloat((double)below->visible, ==, 1);
  g_assert_cmpfloat((double)right->detection.box.x1, ==, 1);
  g_assert_cmpfloat((double)right->visible, ==, 1);
  g_assert_null(box_of(&film, 0, 3));
  film_stop(&film);
  /* The ideal camera sees nobody whose foot point is outside of the picture. */
  IvBoxNoise ideal = iv_box_noise_ideal();
  film = still(&ideal, table_store(0.3), at, 1, 1.7);
  g_assert_cmpuint(film.boxes->len, ==, 0);
  film_stop(&film);
}

/* No box of people who would be smaller than the file allows. */
static void test_range(void) {
  IvBoxNoise noise = iv_box_noise_ideal();
  IvSpot at = {4.6, 2.6};
  double u, foot, head;
  IvScenario *s = table_store(0.3);
  project_at(&s->cameras[0], at, 0, &u, &foot);
  project_at(&s->cameras[0], at, 1.7, &u, &head);
  double px = (foot - head) * 360; /* in a picture 640 wide */
  noise.min_person_px = px + 0.1;
  Film film = still(&noise, s, &at, 1, 1.9);
  g_assert_cmpuint(film.boxes->len, ==, 0);
  film_stop(&film);
  noise.min_person_px = px - 0.1;
  film = still(&noise, table_store(0.3), &at, 1, 1.2);
  g_assert_cmpuint(film.boxes->len, ==, 5);
  film_stop(&film);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/boxes/stands-on-its-foot", test_stands_on_its_foot);
  g_test_add_func("/sim/boxes/ends-at-the-edge", test_ends_at_the_edge);
  g_test_add_func("/sim/boxes/walls", test_walls);
  g_test_add_func("/sim/boxes/persons-hide", test_persons_hide);
  g_test_add_func("/sim/boxes/cut-at-the-edge", test_cut_at_the_edge);
  g_test_add_func("/sim/boxes/range", test_range);
  return g_test_run();
}

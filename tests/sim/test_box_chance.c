/* SPDX-License-Identifier: Apache-2.0 */
/* Misses, false boxes, jitter, scores and looks against what the noise file says, with standard
 * errors worked out from the processes it names. */
#include <stdlib.h>
#include <string.h>

#include "box_film.h"
#include "sim/box_draw.h"

#define FPS 10.0

/* In both cameras of the kiosk, whole and far from the pictures' edges. */
static const IvSpot both = {1.6, 4.5};

/* One camera, nothing hides, nothing is lost; what a test is about it switches on. */
static IvBoxNoise plain(void) {
  IvBoxNoise noise = iv_box_noise_ideal();
  noise.box_full = FALSE;
  return noise;
}

static Film crowd(const IvBoxNoise *noise, guint people, double seconds) {
  Film film = {.s = read_store(KIOSK)};
  film_start(&film, noise, 5);
  for (guint i = 0; i < people; i++)
    film_add(&film, i + 1, both, FALSE, 1.7);
  film_run(&film, seconds);
  return film;
}

static void test_normals(void) {
  IvNormals normals;
  iv_normals_init(&normals);
  double sum = 0, squares = 0, fourth = 0;
  for (int i = 0; i < IV_NORMALS; i++) {
    double x = (double)normals.at[i];
    sum += x, squares += x * x, fourth += x * x * x * x;
    g_assert_true(i == 0 || normals.at[i] > normals.at[i - 1]);
  }
  g_assert_cmpfloat_with_epsilon(sum / IV_NORMALS, 0, 1e-6);
  g_assert_cmpfloat_with_epsilon(squares / IV_NORMALS, 1, 1e-5);
  g_assert_cmpfloat_with_epsilon(fourth / IV_NORMALS, 3, 0.05);
}

static void test_misses(void) {
  const guint people = 40, frames = 4000;
  IvBoxNoise noise = plain();
  noise.misses = (IvBurst){0.1, 0.6};
  Film film = crowd(&noise, people, frames / FPS);
  g_autofree guint8 *seen = g_new0(guint8, 2 * people * frames);
  for (guint i = 0; i < film.boxes->len; i++) {
    const Kept *kept = film_box(&film, i);
    g_assert_cmpint(kept->frame, <, frames);
    seen[(kept->camera * people + kept->agent - 1) * frames + (guint)kept->frame] = 1;
  }
  double missed = 0, bursts = 0, n = 2.0 * people * frames;
  for (guint i = 0; i < 2 * people * frames; i++) {
    missed += !seen[i];
    bursts += !seen[i] && (i % frames == 0 || seen[i - 1]);
  }
  double left = 1 - 1 / 6.0 - 0.1 / 0.9 / 6;
  assert_near(missed / n, 0.1, error_of_mean(0.3, left, n));
  assert_near(missed / bursts, 6, sqrt(30 / bursts));
  film_stop(&film);
}

/* What a burst of a camera's false boxes is told by: being without a break. */
typedef struct {
  double boxes, bursts;
} Ghosts;

static Ghosts count_ghosts(const Film *film, guint camera, double from, double to) {
  Ghosts ghosts = {0, 0};
  gint64 last = -2;
  for (guint i = 0; i < film->boxes->len; i++) {
    const Kept *kept = film_box(film, i);
    double middle = ((double)kept->detection.box.x0 + kept->detection.box.x1) / 2;
    if (kept->camera != camera || middle < from || middle >= to)
      continue;
    g_assert_cmpuint(kept->agent, ==, 0);
    ghosts.boxes++;
    ghosts.bursts += kept->frame != last + 1;
    last = kept->frame;
  }
  return ghosts;
}

static void test_false_alone(void) {
  IvBoxNoise noise = plain();
  noise.random = (IvBurst){0.5, 0.2}, noise.random_alone = 0.02;
  const double frames = 400000;
  Film film = crowd(&noise, 0, frames / FPS);
  for (guint c = 0; c < 2; c++) {
    Ghosts ghosts = count_ghosts(&film, c, -1, 2);
    /* Stays of two frames on the average: ends 1/2, begins 0.02 / 0.98 / 2. */
    double left = 1 - 0.5 - 0.02 / 0.98 / 2;
    assert_near(ghosts.boxes / frames, 0.02, error_of_mean(0.14, left, frames));
    assert_near(ghosts.boxes / ghosts.bursts, 2, sqrt(2 / ghosts.bursts));
  }
  film_stop(&film);
}

static void test_false_sources(void) {
  IvBoxNoise noise = plain();
  noise.persistent = (IvBurst){0.2, 3}, noise.random_alone = 0.02;
  IvFalseSource sources[2] = {{.camera = 0, .position = {1.2, 4.6}, .height = 1.7, .width = 0.5},
                              {.camera = 0, .position = {2.6, 5.4}, .height = 1.5, .width = 0.5}};
  Film film = {.s = read_store(KIOSK)};
  film.s->false_sources = sources, film.s->n_false_sources = 2;
  film_start(&film, &noise, 3);
  const double frames = 400000;
  film_run(&film, frames / FPS);
  for (guint k = 0; k < 2; k++) {
    double u, v, head;
    project_at(&film.s->cameras[0], sources[k].position, 0, &u, &v);
    project_at(&film.s->cameras[0], sources[k].position, sources[k].height, &head, &head);
    Ghosts ghosts = count_ghosts(&film, 0, u - 1e-4, u + 1e-4);
    double left = 1 - 1 / 30.0 - 0.1 / 0.9 / 30;
    assert_near(ghosts.boxes / frames, 0.1, error_of_mean(0.3, left, frames));
    assert_near(ghosts.boxes / ghosts.bursts, 30, sqrt(30.0 * 29 / ghosts.bursts));
  }
  g_assert_cmpfloat(count_ghosts(&film, 1, -1, 2).boxes, >, 0); /* its own, at random */
  film_stop(&film);
}

/* Deviation of an edge in units of the file: px in a picture 640 wide. */
static double deviation(const Kept *kept, const IvBox *exact, int edge) {
  const float *is = &kept->detection.box.x0, *should = &exact->x0;
  return ((double)is[edge] - (double)should[edge]) * (edge % 2 ? 360 : 640);
}

static IvBox exact_box(guint camera) {
  IvBoxNoise noise = plain();
  Film film = crowd(&noise, 1, 0.5);
  IvBox box = {0};
  for (guint i = 0; i < film.boxes->len; i++)
    if (film_box(&film, i)->camera == camera)
      box = film_box(&film, i)->detection.box;
  g_assert_cmpfloat((double)film_box(&film, 0)->visible, ==, 1);
  film_stop(&film);
  return box;
}

/* Of n values of a process of memory a: the correlation at `lag` (Bartlett). */
static double error_of_lag(double a, int lag, double n) {
  double far = pow(a, 2 * lag);
  return sqrt(((1 + a * a) * (1 - far) / (1 - a * a) - 2 * lag * far) / n);
}

static void check_edge(double (*moved)[4], guint n, guint frames, int e) {
  double sum = 0, squares = 0, next = 0, later = 0, beside = 0, across = 0, a = exp(-0.1 / 0.4);
  for (guint i = 0; i + 4 < n; i++) {
    sum += moved[i][e], squares += moved[i][e] * moved[i][e];
    next += moved[i][e] * moved[i + 1][e], later += moved[i][e] * moved[i + 4][e];
    beside += moved[i][e] * moved[i][(e + 1) % 4], across += moved[i][e] * moved[i][(e + 2) % 4];
  }
  double error = sqrt(2.0 / n * (1 + a * a) / (1 - a * a));
  assert_near(sum / n, 0, error_of_mean(1, a, n));
  assert_near(squares / n, 1, error);
  /* People follow each other in the list: at each seam the memory is gone. */
  assert_near(next / squares, a * (1 - 1.0 / frames), error_of_lag(a, 1, n));
  assert_near(later / squares, exp(-1) * (1 - 4.0 / frames), error_of_lag(a, 4, n));
  assert_near(beside / n, 0, error / G_SQRT2);
  assert_near(across / n, 0, error / G_SQRT2);
}

static void test_jitter(void) {
  const guint people = 40, frames = 4000;
  IvBoxNoise noise = plain();
  noise.jitter_px = 3;
  IvBox exact = exact_box(0);
  Film film = crowd(&noise, people, frames / FPS);
  double(*moved)[4] = g_malloc0_n(people * frames, sizeof *moved);
  for (guint i = 0; i < film.boxes->len; i++) {
    const Kept *kept = film_box(&film, i);
    for (int e = 0; e < 4 && kept->camera == 0; e++)
      moved[(kept->agent - 1) * frames + (guint)kept->frame][e] = deviation(kept, &exact, e) / 3;
  }
  for (int e = 0; e < 4; e++)
    check_edge(moved, people * frames, frames, e);
  g_free(moved);
  film_stop(&film);
}

/* Mean and deviation of a beta distribution cut off under 0.25, by summing it up. */
static void cut_beta(double a, double b, double *ret_mean, double *ret_sd) {
  double weight = 0, sum = 0, squares = 0;
  for (double x = 0.250005; x < 1; x += 1e-5) {
    double density = pow(x, a - 1) * pow(1 - x, b - 1);
    weight += density, sum += density * x, squares += density * x * x;
  }
  *ret_mean = sum / weight;
  *ret_sd = sqrt(squares / weight - *ret_mean * *ret_mean);
}

static void check_scores(const IvScoreShape *shape) {
  const guint people = 40, frames = 2000;
  IvBoxNoise noise = plain();
  noise.scores[IV_SCORE_TRUE] = *shape;
  Film film = crowd(&noise, people, frames / FPS);
  g_autofree double *scores = g_new0(double, people *frames);
  for (guint i = 0; i < film.boxes->len; i++) {
    const Kept *kept = film_box(&film, i);
    g_assert_true(kept->detection.score >= 0.25f && kept->detection.score <= 1);
    if (kept->camera == 0)
      scores[(kept->agent - 1) * frames + (guint)kept->frame] = (double)kept->detection.score;
  }
  double mean, sd, sum = 0, squares = 0, later = 0, n = people * frames, a = exp(-0.1 / 0.5);
  cut_beta(shape->a, shape->b, &mean, &sd);
  for (guint i = 0; i + 5 < people * frames; i++) {
    double x = (scores[i] - mean) / sd;
    sum += x, squares += x * x, later += x * (scores[i + 5] - mean) / sd;
  }
  double error = sqrt(2 / n * (1 + a * a) / (1 - a * a));
  assert_near(sum / n, 0, error_of_mean(1, a, n));
  assert_near(squares / n, 1, error);
  /* After tau the normal below is correlated by 1/e, the score by a little less. */
  g_assert_cmpfloat(later / n, <, exp(-1) + NEAR_SIGMAS * error);
  g_assert_cmpfloat(later / n, >, exp(-1) * 0.95 - NEAR_SIGMAS * error);
  film_stop(&film);
}

static void test_scores(void) {
  IvBoxNoise noise = standard_noise();
  for (int i = 0; i < IV_SCORES; i++)
    check_scores(&noise.scores[i]);
}

/* Partly hidden people are found as often as the curve says, and get the scores of those hidden. */
static void check_curve(double table_height, double visible, double chance) {
  const guint people = 60, frames = 1500;
  IvBoxNoise noise = plain();
  noise.fixtures = TRUE;
  noise.n_detect = 3;
  noise.detect[0].probability = 0;
  noise.detect[1].share = 0.6, noise.detect[1].probability = 0.3;
  noise.detect[2].share = 1, noise.detect[2].probability = 0.7;
  noise.scores[IV_SCORE_OCCLUDED] = (IvScoreShape){.value = 0.5};
  Film film = {.s = table_store(table_height)};
  film_start(&film, &noise, 5);
  for (guint i = 0; i < people; i++)
    film_add(&film, i + 1, (IvSpot){4.375, 2.625}, FALSE, 1.7);
  film_run(&film, frames / FPS);
  for (guint i = 0; i < film.boxes->len; i++) {
    g_assert_cmpfloat_with_epsilon((double)film_box(&film, i)->visible, visible, 1e-6);
    g_assert_cmpfloat_with_epsilon((double)film_box(&film, i)->detection.score,
                                   visible < 0.6 ? 0.5 : 0.95, 1e-6);
  }
  double n = people * frames;
  assert_near(film.boxes->len / n, chance, error_of_mean(0.5, exp(-0.2), n));
  film_stop(&film);
}

static void test_curve(void) {
  check_curve(0.3, 1, 0.7);
  check_curve(0.9, 0.7, 0.4);
  check_curve(1.2, 0.5, 0.25);
}

static double cosine(const IvAppearance *a, const IvAppearance *b) {
  double sum = 0;
  for (int i = 0; i < IV_APPEARANCE_BINS; i++)
    sum += (double)a->bins[i] * (double)b->bins[i];
  return sum;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* How often a pair of one person is nearer than a pair of two. */
static double area_under_curve(double *same, double *different, guint n) {
  qsort(same, n, sizeof *same, by_value);
  qsort(different, n, sizeof *different, by_value);
  double wins = 0;
  guint below = 0;
  for (guint i = 0; i < n; i++) {
    while (below < n && different[below] < same[i])
      below++;
    wins += below;
  }
  return wins / ((double)n * n);
}

#define PEOPLE 400
#define STRETCHES 6

/* Of each person, camera and stretch the look in one frame. */
static IvAppearance *gather_looks(Film *film, gboolean staff) {
  IvAppearance *looks = g_new0(IvAppearance, PEOPLE * 2 * STRETCHES);
  for (guint i = 0; i < PEOPLE; i++)
    film_add(film, i + 1, both, staff, 1.7);
  for (guint k = 0; k < STRETCHES; k++) {
    g_array_set_size(film->boxes, 0);
    film_run(film, 0.5);
    film_run_empty(film, 6);
    g_assert_cmpuint(film->boxes->len, ==, PEOPLE * 2 * 5);
    for (guint i = 0; i < film->boxes->len; i++) {
      const Kept *kept = film_box(film, i);
      g_assert_cmpfloat_with_epsilon(cosine(&kept->look, &kept->look), 1, 1e-5);
      for (int b = 64; b < IV_APPEARANCE_BINS; b++)
        g_assert_cmpfloat((double)kept->look.bins[b], ==, 0);
      looks[((kept->agent - 1) * 2 + kept->camera) * STRETCHES + k] = kept->look;
    }
  }
  return looks;
}

static double look_auc(const IvAppearance *looks, guint other_camera) {
  double same[PEOPLE * STRETCHES / 2], different[G_N_ELEMENTS(same)];
  guint n = 0;
  for (guint i = 0; i < PEOPLE; i++)
    for (guint k = 0; k + 1 < STRETCHES; k += 2, n++) {
      guint j = (i + 1 + k) % PEOPLE;
      const IvAppearance *a = &looks[i * 2 * STRETCHES + k];
      same[n] = cosine(a, &looks[(i * 2 + other_camera) * STRETCHES + k + 1]);
      different[n] = cosine(a, &looks[(j * 2 + other_camera) * STRETCHES + k + 1]);
    }
  return area_under_curve(same, different, n);
}

/* The README of the scenarios: .911 to .914 within a camera, .855 across, between single frames of
 * different tracklets. Of 1200 pairs the area has a standard error of sqrt(A (1 - A) / 1200) at
 * most, which is more than that of the two means. */
static void test_looks(void) {
  IvBoxNoise noise = plain();
  noise.look = standard_noise().look;
  Film film = {.s = read_store(KIOSK)};
  film_start(&film, &noise, 7);
  g_autofree IvAppearance *looks = gather_looks(&film, FALSE);
  g_assert_cmpfloat_with_epsilon(look_auc(looks, 0), 0.9125, 3 * sqrt(0.9125 * 0.0875 / 1200));
  g_assert_cmpfloat_with_epsilon(look_auc(looks, 1), 0.855, 3 * sqrt(0.855 * 0.145 / 1200));
  film_stop(&film);
}

static double mean_of_strangers(gboolean staff, double staff_shared) {
  IvBoxNoise noise = plain();
  noise.look.identity = 1, noise.look.staff_shared = staff_shared;
  Film film = {.s = read_store(KIOSK)};
  film_start(&film, &noise, 7);
  g_autofree IvAppearance *looks = gather_looks(&film, staff);
  double sum = 0;
  for (guint i = 0; i + 1 < PEOPLE; i++)
    sum += cosine(&looks[i * 2 * STRETCHES], &looks[(i + 1) * 2 * STRETCHES]);
  film_stop(&film);
  return sum / (PEOPLE - 1);
}

/* With identity alone the looks never change, and staff share what the file says. The cosine of two
 * strangers is 0 ± 1/8 in 64 dimensions, that of two of the staff about their share. */
static void test_staff_looks(void) {
  assert_near(mean_of_strangers(FALSE, 0.8), 0, 0.125 / sqrt(PEOPLE - 1));
  assert_near(mean_of_strangers(TRUE, 0.8), 0.8, 0.01);
}

/* Whoever else is filmed, and in whatever portions, a person's boxes are the same. */
static void test_streams_apart(void) {
  IvBoxNoise noise = standard_noise();
  noise.persons = FALSE;
  Film alone = {.s = read_store(KIOSK)}, among = {.s = read_store(KIOSK)};
  film_start(&alone, &noise, 9);
  film_start(&among, &noise, 9);
  film_add(&alone, 7, both, FALSE, 1.7);
  for (guint i = 1; i < 10; i++)
    film_add(&among, i, both, FALSE, 1.7);
  film_run(&alone, 60);
  film_run(&among, 60);
  guint k = 0;
  for (guint i = 0; i < among.boxes->len; i++) {
    const Kept *kept = film_box(&among, i);
    if (kept->agent != 7)
      continue;
    while (film_box(&alone, k)->agent != 7)
      k++;
    g_assert_cmpmem(&kept->detection, sizeof kept->detection, &film_box(&alone, k)->detection,
                    sizeof kept->detection);
    g_assert_cmpmem(&kept->look, sizeof kept->look, &film_box(&alone, k)->look, sizeof kept->look);
    k++;
  }
  g_assert_cmpuint(k, >, 1000);
  film_stop(&alone);
  film_stop(&among);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/boxes/normals", test_normals);
  g_test_add_func("/sim/boxes/misses", test_misses);
  g_test_add_func("/sim/boxes/false-alone", test_false_alone);
  g_test_add_func("/sim/boxes/false-sources", test_false_sources);
  g_test_add_func("/sim/boxes/jitter", test_jitter);
  g_test_add_func("/sim/boxes/scores", test_scores);
  g_test_add_func("/sim/boxes/curve", test_curve);
  g_test_add_func("/sim/boxes/looks", test_looks);
  g_test_add_func("/sim/boxes/staff-looks", test_staff_looks);
  g_test_add_func("/sim/boxes/streams-apart", test_streams_apart);
  return g_test_run();
}

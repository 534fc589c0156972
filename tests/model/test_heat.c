/* SPDX-License-Identifier: Apache-2.0 */
/* Heat samples: what is written is read again, and nothing that an edge may send does harm. */
#include "model/heat.h"

#include <math.h>
#include <string.h>

#define T0 (5000000 * IV_HEAT_BUCKET)

static IvEvent sample(void) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_HEAT_SAMPLE, T0);
  event.end_ts = T0 + IV_HEAT_BUCKET;
  return event;
}

static void put(GArray *cells, guint32 cell, guint32 tenths) {
  IvHeatCell row = {cell, tenths};
  g_array_append_val(cells, row);
}

static const char *wrong_with(const char *grid, const char *cells) {
  IvHeatGrid got;
  g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(IvHeatCell));
  IvEvent event = sample();
  if (grid)
    iv_event_set_text(&event, IV_ATTR_GRID, grid);
  if (cells)
    iv_event_set_text(&event, IV_ATTR_CELLS_1, cells);
  return iv_heat_sample_read(&event, &got, list);
}

static void assert_wrong(const char *grid, const char *cells, const char *part) {
  const char *wrong = wrong_with(grid, cells);
  if (!wrong || !strstr(wrong, part))
    g_error("%s %s: \"%s\" lacks \"%s\"", grid, cells, wrong ? wrong : "fine", part);
}

static void test_grids(void) {
  IvHeatGrid grid = iv_heat_grid_of_picture();
  g_assert_cmpuint(grid.columns * grid.rows, ==, 32 * 18);
  g_assert_true(iv_heat_grid_of_plan(40, 30.2, &grid));
  g_assert_cmpuint(grid.columns, ==, 80);
  g_assert_cmpuint(grid.rows, ==, 61);
  g_assert_cmpuint(grid.cell_mm, ==, 500);
  /* 0.1 * 3 is a little more than 0.3: no column for that. */
  g_assert_true(iv_heat_grid_of_plan(0.1 * 3 * 10, 1e-3, &grid));
  g_assert_cmpuint(grid.columns, ==, 6);
  g_assert_cmpuint(grid.rows, ==, 1);
  g_assert_true(iv_heat_grid_of_plan(200, 200, &grid));
  g_assert_cmpuint(grid.cell_mm, ==, 1000);
  g_assert_true(iv_heat_grid_of_plan(10000, 10000, &grid));
  g_assert_cmpuint(grid.columns * grid.rows, <=, IV_HEAT_CELLS_MAX);
  const double bad[] = {0, -1, 10001, HUGE_VAL, (double)NAN};
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    g_assert_false(iv_heat_grid_of_plan(bad[i], 10, &grid));
}

/* One pair by hand: cell 5, 3.3 s = 33 tenths. 5 is F; 32 is 0 and 1: the digit 32|0, then 1. */
static void test_known_text(void) {
  IvEvent event = sample();
  IvHeatGrid grid = {84, 66, 500};
  IvHeatCell cells[] = {{5, 33}, {6, 1}, {40, 32}};
  g_assert_cmpuint(iv_heat_sample_write(&event, &grid, cells, 3), ==, 3);
  g_assert_cmpstr(iv_event_attr(&event, IV_ATTR_GRID)->text, ==, "84x66@500");
  g_assert_cmpstr(iv_event_attr(&event, IV_ATTR_CELLS_1)->text, ==, "FgBAAhBf");
  g_assert_null(iv_event_attr(&event, IV_ATTR_CELLS_2));
}

/* As many events as it takes; each holds some 200 cells. */
static void test_round_trip(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(7);
  g_autoptr(GArray) cells = g_array_new(FALSE, FALSE, sizeof(IvHeatCell));
  g_autoptr(GArray) read = g_array_new(FALSE, FALSE, sizeof(IvHeatCell));
  IvHeatGrid grid = {256, 256, 500}, got;
  for (guint32 at = 0; at < 65536; at += (guint32)g_rand_int_range(dice, 1, 60))
    put(cells, at, (guint32)g_rand_int_range(dice, 1, 60));
  g_array_index(cells, IvHeatCell, 3).tenths = IV_HEAT_TENTHS_MAX;
  guint at = 0, events = 0;
  for (guint n; at < cells->len; at += n, events++) {
    IvEvent event = sample();
    const IvHeatCell *rest = &g_array_index(cells, IvHeatCell, at);
    n = iv_heat_sample_write(&event, &grid, rest, cells->len - at);
    g_assert_cmpuint(n, >=, MIN(200, cells->len - at));
    iv_event_set_number(&event, IV_ATTR_PART, events + 1);
    g_assert_cmpuint(event.n_attrs, <=, IV_EVENT_ATTRS_MAX);
    g_assert_null(iv_heat_sample_read(&event, &got, read));
    g_assert_true(iv_heat_grid_equal(&grid, &got));
    g_assert_cmpmem(read->data, (int)(read->len * sizeof(IvHeatCell)), rest,
                    (int)(n * sizeof(IvHeatCell)));
  }
  g_assert_cmpuint(events, >, 5);
}

static void test_bad_texts(void) {
  assert_wrong(NULL, "AA", "attrs.grid");
  assert_wrong("", "AA", "attrs.grid");
  const char *grids[] = {"32",         "32x",     "x18",     "032x18",           "32x0",
                         "32x18@",     "32x18@0", "32x18 ",  " 32x18",           "-2x18",
                         "32x18@500m", "65537x1", "300x300", "99999999999999x1", "32X18"};
  for (gsize i = 0; i < G_N_ELEMENTS(grids); i++)
    assert_wrong(grids[i], "AA", "attrs.grid");
  assert_wrong("32x18", NULL, "cells_1 is missing");
  assert_wrong("32x18", "A", "middle");
  assert_wrong("32x18", "AAA", "middle");
  assert_wrong("32x18", "Ag", "middle");
  assert_wrong("32x18", "A A", "character");
  assert_wrong("32x18", "A\xc3\xa4", "character");
  assert_wrong("32x18", "gAA", "needless");
  assert_wrong("32x18", "_____A", "too long");
  assert_wrong("32x18", "A____", "too long");
  assert_wrong("32x18", "A___f", "more seconds");
  assert_wrong("1x1", "BA", "outside");
  assert_wrong("2x1", "BAAA", "outside");
  assert_wrong("32x18", "___fA", "outside");
  g_assert_null(wrong_with("2x1", "AAAA"));
  IvEvent event = sample();
  IvHeatGrid grid = iv_heat_grid_of_picture();
  IvHeatCell cell = {0, 1};
  iv_heat_sample_write(&event, &grid, &cell, 1);
  event.end_ts++;
  g_assert_nonnull(strstr(iv_heat_sample_read(&event, &grid, NULL), "five minutes"));
}

/* Any text either says why it is wrong, or is what writing gives again. */
static void test_any_text(void) {
  static const char alphabet[] = "ABgh_-f9 \xff";
  g_autoptr(GRand) dice = g_rand_new_with_seed(3);
  g_autoptr(GArray) cells = g_array_new(FALSE, FALSE, sizeof(IvHeatCell));
  guint fine = 0;
  for (int round = 0; round < 20000; round++) {
    IvEvent event = sample(), again = sample();
    IvHeatGrid grid;
    char text[IV_ATTR_TEXT_MAX + 1] = {0};
    gint32 length = g_rand_int_range(dice, 1, round % 9 ? 12 : IV_ATTR_TEXT_MAX);
    gint32 letters = round % 3 ? 6 : (gint32)sizeof alphabet - 1;
    for (gint32 i = 0; i < length; i++)
      text[i] = alphabet[g_rand_int_range(dice, 0, letters)];
    iv_event_set_text(&event, IV_ATTR_GRID, "256x256@500");
    iv_event_set_text(&event, IV_ATTR_CELLS_1, text);
    if (iv_heat_sample_read(&event, &grid, cells))
      continue;
    fine++;
    g_assert_cmpuint(
        cells->len, ==,
        iv_heat_sample_write(&again, &grid, (IvHeatCell *)(gpointer)cells->data, cells->len));
    g_assert_cmpstr(iv_event_attr(&again, IV_ATTR_CELLS_1)->text, ==, text);
  }
  g_assert_cmpuint(fine, >, 500);
}

/* Parts of the same time are different events. */
static void test_ids(void) {
  IvEvent a = sample(), b = sample();
  iv_event_set_number(&a, IV_ATTR_PART, 1);
  iv_event_set_number(&b, IV_ATTR_PART, 2);
  iv_event_set_id(&a, "camera");
  iv_event_set_id(&b, "camera");
  g_assert_cmpint(memcmp(&a.id, &b.id, sizeof a.id), !=, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/heat/grids", test_grids);
  g_test_add_func("/heat/known-text", test_known_text);
  g_test_add_func("/heat/round-trip", test_round_trip);
  g_test_add_func("/heat/bad-texts", test_bad_texts);
  g_test_add_func("/heat/any-text", test_any_text);
  g_test_add_func("/heat/ids", test_ids);
  return g_test_run();
}

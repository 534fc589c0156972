/* SPDX-License-Identifier: Apache-2.0 */
#include "model/heat.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PLAN_SIDE_MAX 10000.0 /* metres */
#define DIGITS_MAX 4          /* of 5 bits: as many as IV_HEAT_TENTHS_MAX needs */
#define TEXTS 8
#define ROOM (TEXTS * IV_ATTR_TEXT_MAX)

G_STATIC_ASSERT(IV_HEAT_TENTHS_MAX == (1u << (5 * DIGITS_MAX)) - 1);
G_STATIC_ASSERT(IV_HEAT_CELLS_MAX <= IV_HEAT_TENTHS_MAX);

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static const IvAttrKey texts[TEXTS] = {
    IV_ATTR_CELLS_1, IV_ATTR_CELLS_2, IV_ATTR_CELLS_3, IV_ATTR_CELLS_4,
    IV_ATTR_CELLS_5, IV_ATTR_CELLS_6, IV_ATTR_CELLS_7, IV_ATTR_CELLS_8,
};

/* ---- grids ---- */

IvHeatGrid iv_heat_grid_of_picture(void) {
  return (IvHeatGrid){IV_HEAT_PICTURE_COLUMNS, IV_HEAT_PICTURE_ROWS, 0};
}

gboolean iv_heat_grid_of_plan(double width_m, double height_m, IvHeatGrid *ret_grid) {
  if (!(width_m > 0 && width_m <= PLAN_SIDE_MAX && height_m > 0 && height_m <= PLAN_SIDE_MAX))
    return FALSE;
  for (guint mm = IV_HEAT_CELL_MM;; mm *= 2) {
    /* A side of whole cells stays so whatever its last bits are. */
    guint columns = (guint)MAX(1, ceil(width_m * 1000 / mm - 1e-6));
    guint rows = (guint)MAX(1, ceil(height_m * 1000 / mm - 1e-6));
    if ((guint64)columns * rows > IV_HEAT_CELLS_MAX)
      continue;
    *ret_grid = (IvHeatGrid){columns, rows, mm};
    return TRUE;
  }
}

gboolean iv_heat_grid_equal(const IvHeatGrid *a, const IvHeatGrid *b) {
  return a->columns == b->columns && a->rows == b->rows && a->cell_mm == b->cell_mm;
}

static void write_grid(IvEvent *event, const IvHeatGrid *grid) {
  char text[48];
  if (grid->cell_mm)
    g_snprintf(text, sizeof text, "%ux%u@%u", grid->columns, grid->rows, grid->cell_mm);
  else
    g_snprintf(text, sizeof text, "%ux%u", grid->columns, grid->rows);
  iv_event_set_text(event, IV_ATTR_GRID, text);
}

/* A number from 1 to `max` without sign or leading zeros; moves `*at` behind it. */
static gboolean read_number(const char **at, guint max, guint *ret_number) {
  guint64 n = 0;
  const char *p = *at;
  if (*p == '0')
    return FALSE;
  for (; g_ascii_isdigit(*p) && n <= max; p++)
    n = n * 10 + (guint64)(*p - '0');
  if (p == *at || n > max)
    return FALSE;
  *at = p;
  *ret_number = (guint)n;
  return TRUE;
}

static gboolean read_grid(const char *text, IvHeatGrid *ret_grid) {
  IvHeatGrid grid = {0};
  const char *at = text;
  if (!read_number(&at, IV_HEAT_CELLS_MAX, &grid.columns) || *at++ != 'x' ||
      !read_number(&at, IV_HEAT_CELLS_MAX, &grid.rows) ||
      (guint64)grid.columns * grid.rows > IV_HEAT_CELLS_MAX)
    return FALSE;
  if (*at == '@' && (at++, !read_number(&at, (guint)PLAN_SIDE_MAX * 1000, &grid.cell_mm)))
    return FALSE;
  *ret_grid = grid;
  return *at == '\0';
}

/* ---- writing ---- */

static guint put_number(char *to, guint32 value) {
  guint n = 0;
  for (; value >= 32; value >>= 5)
    to[n++] = digits[32 | (value & 31)];
  to[n++] = digits[value];
  return n;
}

static void write_texts(IvEvent *event, const char *all, guint n) {
  char piece[IV_ATTR_TEXT_MAX + 1];
  for (guint i = 0; i * IV_ATTR_TEXT_MAX < n; i++) {
    g_strlcpy(piece, all + i * IV_ATTR_TEXT_MAX, sizeof piece);
    iv_event_set_text(event, texts[i], piece);
  }
}

guint iv_heat_sample_write(IvEvent *event, const IvHeatGrid *grid, const IvHeatCell *cells,
                           guint n) {
  char all[ROOM + 1];
  guint length = 0, i = 0;
  for (; i < n; i++) {
    char pair[2 * DIGITS_MAX];
    guint k = put_number(pair, i ? cells[i].cell - cells[i - 1].cell - 1 : cells[i].cell);
    k += put_number(pair + k, cells[i].tenths - 1);
    if (length + k > ROOM)
      break;
    memcpy(all + length, pair, k);
    length += k;
  }
  all[length] = '\0';
  write_grid(event, grid);
  write_texts(event, all, length);
  return i;
}

/* ---- reading ---- */

static guint gather(const IvEvent *event, char *all) {
  guint n = 0;
  for (guint i = 0; i < TEXTS; i++) {
    const IvAttr *attr = iv_event_attr(event, texts[i]);
    gsize length = attr ? strnlen(attr->text, IV_ATTR_TEXT_MAX) : 0;
    if (attr)
      memcpy(all + n, attr->text, length);
    n += (guint)length;
  }
  return n;
}

/* -1 for a character that is no digit. */
static int digit_of(char c) {
  const char *at = c ? strchr(digits, c) : NULL;
  return at ? (int)(at - digits) : -1;
}

static const char *read_value(const char *all, guint n, guint *at, guint32 *ret_value) {
  guint32 value = 0;
  guint k = 0;
  for (; k < DIGITS_MAX && *at < n; k++) {
    int digit = digit_of(all[(*at)++]);
    if (digit < 0)
      return "attrs.cells have a character that is none of A-Z a-z 0-9 - _";
    value |= (guint32)(digit & 31) << (5 * k);
    if (digit & 32)
      continue;
    if (k > 0 && digit == 0)
      return "attrs.cells have a number with a needless digit";
    *ret_value = value;
    return NULL;
  }
  return k == DIGITS_MAX ? "attrs.cells have a number that is too long"
                         : "attrs.cells end in the middle of a number";
}

const char *iv_heat_sample_read(const IvEvent *event, IvHeatGrid *ret_grid, GArray *ret_cells) {
  char all[ROOM];
  IvHeatGrid grid;
  const IvAttr *text = iv_event_attr(event, IV_ATTR_GRID);
  guint n = gather(event, all), at = 0;
  guint64 cell = 0;
  if (ret_cells)
    g_array_set_size(ret_cells, 0);
  if (!text || !read_grid(text->text, &grid))
    return "attrs.grid must be like 32x18, or 80x60@500 with cells of 500 mm, of at most 65536 "
           "cells";
  if (n == 0)
    return "attrs.cells_1 is missing";
  if (iv_time_floor(event->ts, IV_HEAT_BUCKET) !=
      iv_time_floor(MAX(event->ts, event->end_ts - 1), IV_HEAT_BUCKET))
    return "it lasts over the end of its five minutes";
  for (gboolean first = TRUE; at < n; first = FALSE) {
    guint32 gap, less;
    const char *wrong = read_value(all, n, &at, &gap);
    if (!wrong)
      wrong = read_value(all, n, &at, &less);
    if (wrong)
      return wrong;
    cell += gap + (first ? 0 : 1);
    if (cell >= (guint64)grid.columns * grid.rows)
      return "attrs.cells name a cell that lies outside of the grid";
    IvHeatCell row = {(guint32)cell, less + 1};
    if (row.tenths > IV_HEAT_TENTHS_MAX)
      return "attrs.cells have more seconds in a cell than an event can tell";
    if (ret_cells)
      g_array_append_val(ret_cells, row);
  }
  *ret_grid = grid;
  return NULL;
}

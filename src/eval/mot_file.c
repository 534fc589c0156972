/* SPDX-License-Identifier: Apache-2.0 */
#include "eval/mot_file.h"

#include <math.h>
#include <string.h>

#define COLUMNS_MIN 6
#define COLUMNS_KEPT 8
/* Ground truths of MOT16 and later have 9 columns with a class in the 8th; those of MOT15 have 10
 * with a world coordinate there. */
#define COLUMNS_WITH_CLASS 9

G_DEFINE_QUARK(iv - mot - error - quark, iv_mot_error)

typedef struct {
  const char *name;
  guint line;
  IvMotKind kind;
} Place;

static gboolean fail(const Place *place, GError **error, IvMotError code, const char *what) {
  g_set_error(error, IV_MOT_ERROR, code, "%s:%u: %s", place->name, place->line, what);
  return FALSE;
}

/* Reads the line's numbers; keeps the first COLUMNS_KEPT. Returns how many there are, 0 if any is
 * not a number. */
static guint read_columns(char *line, double *ret_values) {
  guint n = 0;
  for (char *at = line;; n++) {
    char *end = NULL;
    double value = g_ascii_strtod(at, &end);
    if (end == at || !isfinite(value))
      return 0;
    if (n < COLUMNS_KEPT)
      ret_values[n] = value;
    while (*end == ' ' || *end == '\t')
      end++;
    if (*end == '\0')
      return n + 1;
    if (*end != ',')
      return 0;
    at = end + 1;
  }
}

static gboolean is_whole(double v, double low, double high) {
  return v >= low && v <= high && v == floor(v);
}

static gboolean read_row(const Place *place, char *line, IvMotRow *ret_row, GError **error) {
  double v[COLUMNS_KEPT] = {0};
  v[6] = 1;
  guint n = read_columns(line, v);
  if (n < COLUMNS_MIN)
    return fail(place, error, IV_MOT_ERROR_SYNTAX,
                "expected frame,id,left,top,width,height,score,... as numbers");
  if (place->kind == IV_MOT_DETECTIONS && n <= COLUMNS_MIN)
    return fail(place, error, IV_MOT_ERROR_SYNTAX, "a detection needs a score in column 7");
  if (!is_whole(v[0], 1, IV_MOT_FRAME_MAX))
    return fail(place, error, IV_MOT_ERROR_LIMIT, "frame must be a whole number from 1 on");
  if (!is_whole(v[1], -1, IV_MOT_ID_MAX))
    return fail(place, error, IV_MOT_ERROR_LIMIT, "id must be a whole number from -1 on");
  for (guint i = 2; i < COLUMNS_MIN; i++)
    if (fabs(v[i]) > IV_MOT_PIXEL_MAX)
      return fail(place, error, IV_MOT_ERROR_LIMIT, "a coordinate is beyond 1000000 pixels");
  gboolean classed = place->kind == IV_MOT_GROUND_TRUTH && n == COLUMNS_WITH_CLASS;
  *ret_row = (IvMotRow){.frame = (int)v[0],
                        .class_id = classed && is_whole(v[7], 1, G_MAXINT) ? (int)v[7] : 1,
                        .id = (gint64)v[1],
                        .left = v[2],
                        .top = v[3],
                        .width = v[4],
                        .height = v[5],
                        .score = v[6]};
  return TRUE;
}

/* Copies one line (without its end) so that it can be read as a string. */
static gboolean take_line(const Place *place, const char *at, gsize length, char *ret_line,
                          GError **error) {
  while (length > 0 && g_ascii_isspace(at[length - 1]))
    length--;
  if (length >= IV_MOT_LINE_MAX)
    return fail(place, error, IV_MOT_ERROR_LIMIT, "the line is longer than 1023 bytes");
  memcpy(ret_line, at, length);
  ret_line[length] = '\0';
  if (strlen(ret_line) != length)
    return fail(place, error, IV_MOT_ERROR_SYNTAX, "the line holds a NUL byte");
  return TRUE;
}

static gboolean read_rows(Place *place, const char *text, gsize length, GArray *rows,
                          GError **error) {
  const char *end = text + length;
  for (const char *at = text; at < end;) {
    const char *eol = memchr(at, '\n', (gsize)(end - at));
    eol = eol ? eol : end;
    place->line++;
    char line[IV_MOT_LINE_MAX];
    IvMotRow row;
    if (!take_line(place, at, (gsize)(eol - at), line, error))
      return FALSE;
    at = eol < end ? eol + 1 : end;
    if (line[0] == '\0')
      continue;
    if (rows->len >= IV_MOT_ROWS_MAX)
      return fail(place, error, IV_MOT_ERROR_LIMIT, "more than 5000000 rows");
    if (!read_row(place, line, &row, error))
      return FALSE;
    g_array_append_val(rows, row);
  }
  return TRUE;
}

static gint by_frame(gconstpointer a, gconstpointer b) {
  const IvMotRow *ra = a, *rb = b;
  return (ra->frame > rb->frame) - (ra->frame < rb->frame);
}

static gint by_frame_and_id(gconstpointer a, gconstpointer b) {
  const IvMotRow *ra = a, *rb = b;
  gint frames = by_frame(a, b);
  return frames ? frames : (ra->id > rb->id) - (ra->id < rb->id);
}

static gboolean check_ids(const char *name, const GArray *rows, GError **error) {
  g_autoptr(GArray) sorted = g_array_sized_new(FALSE, FALSE, sizeof(IvMotRow), rows->len);
  g_array_append_vals(sorted, rows->data, rows->len);
  g_array_sort(sorted, by_frame_and_id);
  for (guint i = 1; i < sorted->len; i++) {
    const IvMotRow *row = &g_array_index(sorted, IvMotRow, i);
    if (by_frame_and_id(row - 1, row) != 0)
      continue;
    g_set_error(error, IV_MOT_ERROR, IV_MOT_ERROR_TWICE,
                "%s: id %" G_GINT64_FORMAT " stands twice in frame %d", name, row->id, row->frame);
    return FALSE;
  }
  return TRUE;
}

GArray *iv_mot_parse(const char *text, gsize length, const char *name, IvMotKind kind,
                     GError **error) {
  Place place = {.name = name, .kind = kind};
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(IvMotRow));
  if (!read_rows(&place, text, length, rows, error))
    return NULL;
  g_array_sort(rows, by_frame); /* stable since GLib 2.32 */
  if (kind != IV_MOT_DETECTIONS && !check_ids(name, rows, error))
    return NULL;
  return g_steal_pointer(&rows);
}

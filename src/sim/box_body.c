/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/box_body.h"

#include <math.h>

static inline float row_of(const float m[4], IvSpot p) {
  return m[0] * (float)p.x + m[1] * (float)p.y + m[3];
}

gboolean iv_body_project(const IvLens *lens, IvSpot foot, double height, double width,
                         IvBody *ret_body) {
  const float(*m)[4] = lens->m;
  float w = row_of(m[2], foot), h = (float)height;
  if (w <= IV_LENS_NEAR_M)
    return FALSE;
  float uw = row_of(m[0], foot), vw = row_of(m[1], foot);
  float u = uw / w, v = vw / w, head_w = w + h * m[2][2];
  float middle_w = MAX(w + h / 2 * m[2][2], IV_LENS_NEAR_M);
  float half = lens->focal * (float)width / 2 / middle_w;
  float flattest = v - 2 * half * lens->width / lens->height;
  float head = head_w > IV_LENS_NEAR_M ? (vw + h * m[1][2]) / head_w : flattest;
  float tall_w = w + IV_BODY_STANDARD_M * m[2][2];
  float px = G_MAXFLOAT;
  if (tall_w > IV_LENS_NEAR_M) {
    float du = ((uw + IV_BODY_STANDARD_M * m[0][2]) / tall_w - u) * lens->width;
    float dv = ((vw + IV_BODY_STANDARD_M * m[1][2]) / tall_w - v) * lens->height;
    px = sqrtf(du * du + dv * dv);
  }
  *ret_body = (IvBody){{u - half, MIN(head, flattest), u + half, v}, px, IV_BODY_ALL};
  return TRUE;
}

guint64 iv_body_above(const IvShadeCell *cell, float height) {
  guint64 visible = 0;
  float rows = (float)IV_BODY_ROWS / (height * 100);
  for (int c = 0; c < IV_BODY_COLUMNS; c++) {
    guint8 lowest = cell->lowest[c];
    if (lowest == IV_SHADE_NEVER)
      continue;
    /* Row r has its middle at height (1 - (r + 1/2) / 10); it is seen when that is over lowest. */
    int n = (int)((float)IV_BODY_ROWS - (float)lowest * rows + 0.5f);
    guint64 column = (G_GUINT64_CONSTANT(1) << CLAMP(n, 0, IV_BODY_ROWS)) - 1;
    visible |= column << (IV_BODY_ROWS * c);
  }
  return visible;
}

/* First and last of n parts of low..high whose middles lie in a..b. */
static gboolean parts_within(float low, float high, float a, float b, int n, int *ret_first,
                             int *ret_last) {
  float scale = (float)n / (high - low);
  float first = (a - low) * scale - 0.5f, last = (b - low) * scale - 0.5f;
  if (!(first <= (float)(n - 1)) || !(last >= 0))
    return FALSE;
  *ret_first = first <= 0 ? 0 : (int)(first + 0.9999f);
  *ret_last = last >= (float)(n - 1) ? n - 1 : (int)last;
  return *ret_first <= *ret_last;
}

guint64 iv_body_within(const IvBox *full, const IvBox *area) {
  int c0, c1, r0, r1;
  if (!parts_within(full->x0, full->x1, area->x0, area->x1, IV_BODY_COLUMNS, &c0, &c1) ||
      !parts_within(full->y0, full->y1, area->y0, area->y1, IV_BODY_ROWS, &r0, &r1))
    return 0;
  guint64 rows = ((G_GUINT64_CONSTANT(2) << (r1 - r0)) - 1) << r0, within = 0;
  for (int c = c0; c <= c1; c++)
    within |= rows << (IV_BODY_ROWS * c);
  return within;
}

IvBox iv_body_visible_box(const IvBody *body) {
  static const IvBox picture = {0, 0, 1, 1};
  const guint64 column = (1u << IV_BODY_ROWS) - 1;
  if (body->visible == IV_BODY_ALL || body->visible == 0)
    return iv_box_clip(&body->full, &picture);
  guint64 rows = 0;
  int c0 = -1, c1 = 0;
  for (int c = 0; c < IV_BODY_COLUMNS; c++) {
    guint64 here = body->visible >> (IV_BODY_ROWS * c) & column;
    rows |= here;
    if (here)
      c0 = c0 < 0 ? c : c0, c1 = c;
  }
  int r0 = __builtin_ctzll(rows), r1 = 63 - __builtin_clzll(rows);
  float w = iv_box_width(&body->full) / IV_BODY_COLUMNS;
  float h = iv_box_height(&body->full) / IV_BODY_ROWS;
  IvBox part = {body->full.x0 + w * (float)c0, body->full.y0 + h * (float)r0,
                c1 == IV_BODY_COLUMNS - 1 ? body->full.x1 : body->full.x0 + w * (float)(c1 + 1),
                r1 == IV_BODY_ROWS - 1 ? body->full.y1 : body->full.y0 + h * (float)(r1 + 1)};
  return iv_box_clip(&part, &picture);
}

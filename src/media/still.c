/* SPDX-License-Identifier: Apache-2.0 */
#include "media/still.h"

#include "media/picture.h"

#define QUALITY 88
#define THUMBNAIL_QUALITY 75

void iv_still_clear(IvStill *still) {
  g_clear_pointer(&still->clean, g_bytes_unref);
  g_clear_pointer(&still->marked, g_bytes_unref);
  g_clear_pointer(&still->thumbnail, g_bytes_unref);
}

/* Where what must not be seen is covered. Nothing is yet: cameras have no masks. */
static void cover(G_GNUC_UNUSED IvPicture *picture) {}

static void draw(IvPicture *picture, const IvStillMarks *marks) {
  for (guint i = 0; i < marks->n_paths; i++) {
    const IvStillPath *path = &marks->paths[i];
    for (guint k = 0; k + 1 < path->n; k++)
      iv_picture_draw_line(picture, path->points[k], path->points[k + 1], path->rgb);
    if (path->closed && path->n > 2)
      iv_picture_draw_line(picture, path->points[path->n - 1], path->points[0], path->rgb);
  }
  for (guint i = 0; i < MIN(marks->n_boxes, IV_JPEG_BOXES_MAX); i++)
    iv_picture_draw_box(picture, &marks->boxes[i]);
}

gboolean iv_still_make(const IvFrame *frame, const IvStillMarks *marks, IvStill *ret_still) {
  IvStill still = {.size = frame->size};
  IvPicture picture, small;
  if (frame->size.width > IV_JPEG_SIDE_MAX || frame->size.height > IV_JPEG_SIDE_MAX)
    return FALSE;
  iv_picture_init(&picture, frame, IV_JPEG_FULL);
  iv_picture_init(&small, frame, iv_jpeg_scale_for(frame->size, IV_STILL_THUMBNAIL_WIDTH));
  cover(&picture);
  cover(&small);
  still.clean = iv_picture_encode(&picture, QUALITY);
  still.thumbnail = iv_picture_encode(&small, THUMBNAIL_QUALITY);
  draw(&picture, marks);
  still.marked = iv_picture_encode(&picture, QUALITY);
  iv_picture_clear(&picture);
  iv_picture_clear(&small);
  if (still.clean && still.marked && still.thumbnail) {
    *ret_still = still;
    return TRUE;
  }
  iv_still_clear(&still);
  return FALSE;
}

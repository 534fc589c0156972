/* SPDX-License-Identifier: Apache-2.0 */
/* Single pictures out of recordings. Decoding takes a core for up to a second: few at once. */
#include <unistd.h>

#include "app/node_private.h"
#include "base/clock.h"
#include "media/jpeg.h"
#include "media/recorded_frame.h"

#define STILLS_MAX 2 /* decoded at once */
#define QUALITY 90
#define PATIENCE (8 * IV_SECOND)

static gboolean fail(GError **error, IvServerHostError code, const char *text) {
  g_set_error(error, IV_SERVER_HOST_ERROR, (gint)code, "The picture can't be shown: %s.", text);
  return FALSE;
}

/* Masked as the camera is now, and without people who can be recognised where that is wished. Takes
 * the frame; NULL = it is not shown. */
static IvFrame *as_may_be_seen(IvNode *node, const IvStillWish *wish, IvFrame *frame) {
  const IvNodeCamera *camera = iv_node_find_camera(node, wish->store_id, wish->camera_id);
  if (camera)
    frame = iv_masks_frame(camera->masks, frame);
  if (!frame || !wish->blur_people)
    return frame;
  IvFrame *blurred = iv_node_blur_any(node, frame);
  iv_frame_unref(frame);
  return blurred;
}

static IvFrame *decode(IvNode *node, const IvStillWish *wish, IvTime deadline, GError **error) {
  g_autoptr(GError) cause = NULL;
  int fd = iv_node_recording_file(node, wish->store_id, wish->path, error);
  if (fd < 0)
    return NULL;
  IvFrame *frame = iv_recorded_frame(fd, wish->at - wish->start, wish->slack, deadline, &cause);
  close(fd);
  if (frame)
    return frame;
  gboolean gone = g_error_matches(cause, IV_RECORDED_FRAME_ERROR, IV_RECORDED_FRAME_ERROR_BEYOND);
  fail(error, gone ? IV_SERVER_HOST_ERROR_NO_FILE : IV_SERVER_HOST_ERROR_NO_PICTURE,
       cause->message);
  return NULL;
}

static GBytes *take(IvNode *node, const IvStillWish *wish, IvTime deadline, IvTime *ret_ts,
                    GError **error) {
  IvFrame *frame = decode(node, wish, deadline, error);
  if (!frame)
    return NULL;
  IvTime ts = wish->start + frame->ts;
  g_autoptr(IvFrame) shown = as_may_be_seen(node, wish, frame);
  GBytes *jpeg =
      shown ? iv_jpeg_encode(shown, iv_jpeg_scale_for(shown->size, wish->width), QUALITY, NULL, 0)
            : NULL;
  if (jpeg)
    *ret_ts = ts;
  else
    fail(error, IV_SERVER_HOST_ERROR_NO_PICTURE, "it can't be covered as it must be");
  return jpeg;
}

GBytes *iv_node_still(gpointer host, const IvStillWish *wish, IvTime deadline, IvTime *ret_ts,
                      GError **error) {
  IvNode *node = host;
  GBytes *jpeg = NULL;
  if (g_atomic_int_add(&node->stills, 1) >= STILLS_MAX)
    fail(error, IV_SERVER_HOST_ERROR_NO_PICTURE, "others are asked for just now; try again");
  else
    jpeg = take(node, wish, MIN(deadline, iv_clock_monotonic() + PATIENCE), ret_ts, error);
  g_atomic_int_add(&node->stills, -1);
  return jpeg;
}

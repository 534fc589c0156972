/* SPDX-License-Identifier: Apache-2.0 */
/* A camera is tried before it is added or changed: what it sends, whether it will do, and a
 * picture. */
#include "app/node_private.h"
#include "app/probe_json.h"
#include "base/url.h"
#include "media/jpeg.h"
#include "media/probe.h"

/* Together less than an answer may take. */
#define PATIENCE_S 6.0
#define MEASURE_S 4.0
#define PICTURE_WIDTH 640
#define PICTURE_QUALITY 80

static json_t *picture_to_json(const IvFrame *frame) {
  g_autoptr(GBytes) jpeg =
      frame ? iv_jpeg_encode(frame, iv_jpeg_scale_for(frame->size, PICTURE_WIDTH), PICTURE_QUALITY,
                             NULL, 0)
            : NULL;
  gsize n = 0;
  if (!jpeg)
    return json_null();
  const guchar *data = g_bytes_get_data(jpeg, &n);
  g_autofree char *text = g_base64_encode(data, n);
  return json_string(text);
}

/* Masked as the camera's are, and without people who can be recognised where that is wished. NULL =
 * it is not shown. */
static IvFrame *as_may_be_seen(IvNode *node, const IvCameraWish *wish, IvFrame *frame) {
  const IvNodeCamera *camera =
      wish->camera_id ? iv_node_find_camera(node, wish->store_id, wish->camera_id) : NULL;
  if (frame && camera)
    frame = iv_masks_frame(camera->masks, frame);
  if (!frame || !wish->blur_people)
    return frame;
  IvFrame *blurred = iv_node_blur_any(node, frame);
  iv_frame_unref(frame);
  return blurred;
}

static json_t *probe(IvNode *node, const IvCameraWish *wish, const char *url, gboolean udp,
                     GError **error) {
  IvProbeConfig config = {.source = url,
                          .transport = udp ? IV_TRANSPORT_UDP : IV_TRANSPORT_TCP,
                          .seconds = MEASURE_S,
                          .patience = PATIENCE_S};
  IvProbeReport report;
  IvFrame *frame = NULL;
  g_autofree char *address = iv_url_mask(url);
  if (!iv_probe(&config, &report, &frame, error))
    return NULL;
  json_t *json = iv_probe_to_json(address, &report);
  frame = as_may_be_seen(node, wish, frame);
  json_object_set_new(json, "picture", picture_to_json(frame));
  g_clear_pointer(&frame, iv_frame_unref);
  return json;
}

json_t *iv_node_test_camera(gpointer host, const IvCameraWish *wish, GError **error) {
  const char *transport = json_string_value(json_object_get(wish->settings, "transport"));
  g_autofree char *url = iv_node_wished_address(host, wish, error);
  return url ? probe(host, wish, url, g_strcmp0(transport, "udp") == 0, error) : NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What of a camera may be seen: its masks, and people who must not be recognised. Whoever hands on
 * a camera's stream takes it from here, not from the ingest. */
#include "app/node_private.h"
#include "media/jpeg.h"
#include "media/still.h"

void iv_node_open_veils(IvNode *node) {
  if (!node->sim)
    node->veils = iv_veils_new();
  for (guint i = 0; i < node->n_cameras; i++) {
    node->cameras[i].people = iv_people_board_new();
    node->cameras[i].masks = iv_masks_new();
  }
}

/* Nobody reads them any more. */
void iv_node_close_veils(IvNode *node) {
  for (guint i = 0; node->cameras && i < node->n_cameras; i++)
    if (node->cameras[i].people)
      iv_people_board_close(node->cameras[i].people);
  g_clear_pointer(&node->veils, iv_veils_free);
  g_clear_pointer(&node->looker, iv_detector_free);
}

/* ---- masks ---- */

void iv_node_change_masks(IvNodeCamera *camera, const IvScene *scene) {
  IvNode *node = camera->node;
  gboolean had = iv_masks_any(camera->masks);
  if (!iv_masks_set(camera->masks, scene->masks, scene->n_masks))
    return;
  g_atomic_int_set(&camera->accept_view, 1); /* a mask is no hand before the lens */
  if (!had && node->config->privacy.mask_live && node->whep)
    iv_whep_end_camera(node->whep, scene->camera_id.text, "the camera has masks now");
  if (!had)
    iv_node_end_restream(node, scene->camera_id.text, "the camera has masks now");
}

/* ---- streams ---- */

static IvStreamHold *veiled(const IvNodeCamera *camera, IvStreamHold *hold, IvVeil veil,
                            GError **error) {
  static const char *const words[IV_VEILS] = {"converted", "masked", "blurred"};
  g_autoptr(GError) cause = NULL;
  IvVeilSource source = {hold, camera->masks, camera->people};
  IvStreamHold *shown = iv_veils_hold(camera->node->veils, &source, veil, &cause);
  if (!shown)
    g_set_error(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_PICTURE,
                "the camera's stream can't be %s, so it is not shown: %s", words[veil],
                cause->message);
  return shown;
}

/* H.265 or B-frames, as far as is known. */
static gboolean is_hard_to_play(IvUnitRing *ring) {
  g_autoptr(IvUnitReader) reader = iv_unit_reader_new(ring, IV_READER_LIVE, 1, TRUE);
  g_autoptr(IvEncodedUnit) unit = reader ? iv_unit_reader_pop(reader, 0, NULL) : NULL;
  return (unit && unit->codec != IV_CODEC_H264) || iv_unit_ring_is_reordered(ring);
}

IvStreamHold *iv_node_shown(const IvNodeCamera *camera, IvStreamHold *hold, gboolean blur_people,
                            GError **error) {
  g_rw_lock_reader_lock(&camera->node->places);
  gboolean transcodes = camera->config && camera->config->live_transcode;
  g_rw_lock_reader_unlock(&camera->node->places);
  if (blur_people)
    return veiled(camera, hold, IV_VEIL_PEOPLE, error);
  if (camera->node->config->privacy.mask_live && iv_masks_any(camera->masks))
    return veiled(camera, hold, IV_VEIL_MASKS, error);
  if (transcodes && is_hard_to_play(iv_stream_hold_ring(hold)))
    return veiled(camera, hold, IV_VEIL_PLAIN, error);
  return iv_stream_hold_ref(hold);
}

static gboolean blurs_restream(const IvConfig *config) {
  return config->privacy.blur_live == IV_BLUR_EVERYBODY ||
         (config->privacy.blur_live == IV_BLUR_BY_ROLE && !config->restream.see_people);
}

/* Masks hold here whatever privacy.mask_live says: it is not known who else sees it there. */
IvRestreamForm iv_node_restream_form(const IvNodeCamera *camera) {
  if (blurs_restream(camera->node->config))
    return IV_RESTREAM_BLURRED;
  return iv_masks_any(camera->masks) ? IV_RESTREAM_MASKED : IV_RESTREAM_AS_SENT;
}

IvStreamHold *iv_node_restreamed(const IvNodeCamera *camera, IvStreamHold *hold,
                                 IvRestreamForm form, GError **error) {
  if (form == IV_RESTREAM_AS_SENT)
    return iv_stream_hold_ref(hold);
  return veiled(camera, hold, form == IV_RESTREAM_BLURRED ? IV_VEIL_PEOPLE : IV_VEIL_MASKS, error);
}

gboolean iv_node_masks_recordings(const IvNodeCamera *camera) {
  return camera->node->config->privacy.mask_recordings && iv_masks_any(camera->masks);
}

IvStreamHold *iv_node_recorded(const IvNodeCamera *camera, IvStreamHold *hold, GError **error) {
  return iv_node_masks_recordings(camera) ? veiled(camera, hold, IV_VEIL_MASKS, error)
                                          : iv_stream_hold_ref(hold);
}

/* ---- single pictures ---- */

IvFrame *iv_node_blur_frame(const IvNodeCamera *camera, const IvFrame *frame) {
  IvBox boxes[IV_COVER_MAX];
  IvCanvas canvas;
  guint n = 0;
  IvFrame *copy = iv_canvas_frame(frame, &canvas);
  if (!copy)
    return NULL;
  gboolean known = iv_people_board_cover(camera->people, frame->ts, 0, boxes, &n);
  iv_veil_people(&canvas, known, boxes, n);
  return copy;
}

/* One at a time: it takes a core for some 30 ms. */
static gboolean look_for_people(IvNode *node, const IvFrame *frame, IvBox *boxes, guint *ret_n) {
  g_autoptr(GError) error = NULL;
  g_autofree IvDetection *found = g_new(IvDetection, IV_COVER_MAX);
  guint n = 0;
  if (!node->model)
    return FALSE;
  g_mutex_lock(&node->looking);
  if (!node->looker)
    node->looker = iv_onnx_detector_new(node->model);
  gboolean looked = iv_detector_detect(node->looker, frame, found, IV_COVER_MAX, &n, &error);
  g_mutex_unlock(&node->looking);
  if (!looked)
    g_warning("a picture is covered all over, as people can't be looked for: %s", error->message);
  for (guint i = 0; looked && i < n; i++)
    boxes[i] = iv_cover_box(&found[i].box);
  *ret_n = n;
  return looked && n < IV_COVER_MAX;
}

IvFrame *iv_node_blur_any(IvNode *node, const IvFrame *frame) {
  IvBox boxes[IV_COVER_MAX];
  IvCanvas canvas;
  guint n = 0;
  IvFrame *copy = iv_canvas_frame(frame, &canvas);
  if (!copy)
    return NULL;
  gboolean known = look_for_people(node, frame, boxes, &n);
  iv_veil_people(&canvas, known, boxes, n);
  return copy;
}

GBytes *iv_node_blurred(gpointer host, GBytes *jpeg, int width) {
  g_autoptr(IvFrame) frame = iv_still_decode(jpeg);
  g_autoptr(IvFrame) blurred = frame ? iv_node_blur_any(host, frame) : NULL;
  return blurred ? iv_jpeg_encode(blurred, iv_jpeg_scale_for(blurred->size, width), 80, NULL, 0)
                 : NULL;
}

/* ---- what is shown of it; with `places` locked ---- */

void iv_node_show_privacy(IvNode *node, const IvNodeCamera *camera, IvCameraView *view) {
  IvVeilStats stats = {0};
  if (!node->veils || !camera->ingest)
    return;
  iv_veils_stats(node->veils, camera->masks, &stats);
  g_autoptr(IvScene) scene = iv_node_scene(node, camera->index);
  view->masks = scene ? scene->n_masks : 0;
  view->masks_live = node->config->privacy.mask_live;
  view->masks_recordings = node->config->privacy.mask_recordings;
  view->reencoded = stats.n;
  view->reencode_cores = stats.cpu_share;
  view->reencode_dropped = stats.dropped;
  view->reencode_trouble = g_intern_string(stats.trouble);
}

void iv_node_privacy_metrics(IvNode *node, GString *text) {
  if (!node->veils)
    return;
  g_autoptr(GString) dropped =
      g_string_new("# TYPE inveye_camera_reencode_dropped_total counter\n");
  g_string_append(text, "# TYPE inveye_camera_reencode_cores gauge\n");
  g_rw_lock_reader_lock(&node->places);
  for (guint i = 0; i < node->n_cameras; i++) {
    IvVeilStats stats;
    char cores[G_ASCII_DTOSTR_BUF_SIZE];
    const IvNodeCamera *camera = &node->cameras[i];
    if (!iv_node_runs(camera) || !camera->ingest)
      continue;
    iv_veils_stats(node->veils, camera->masks, &stats);
    g_ascii_formatd(cores, sizeof cores, "%.4f", stats.cpu_share);
    g_string_append_printf(text, "inveye_camera_reencode_cores{camera=\"%s\"} %s\n",
                           camera->config->id.text, cores);
    g_string_append_printf(
        dropped, "inveye_camera_reencode_dropped_total{camera=\"%s\"} %" G_GUINT64_FORMAT "\n",
        camera->config->id.text, stats.dropped);
  }
  g_rw_lock_reader_unlock(&node->places);
  g_string_append(text, dropped->str);
}

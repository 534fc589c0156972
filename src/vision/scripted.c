/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/scripted.h"
#include "eval/mot_file.h"
#include <string.h>

typedef struct {
  IvDetector base;
  IvSize image_px;
  GArray *rows; /* IvMotRow, sorted by frame */
  char *version;
} ScriptedDetector;

static IvDetection detection_of(const ScriptedDetector *self, const IvMotRow *row) {
  double w = self->image_px.width, h = self->image_px.height;
  IvBox box = {(float)(row->left / w), (float)(row->top / h), (float)((row->left + row->width) / w),
               (float)((row->top + row->height) / h)};
  return (IvDetection){
      .box = box, .score = (float)CLAMP(row->score, 0, 1), .class_id = IV_CLASS_PERSON};
}

/* Index of the first row of `frame` or later. */
static guint first_of(const GArray *rows, guint64 frame) {
  guint from = 0, to = rows->len;
  while (from < to) {
    guint middle = from + (to - from) / 2;
    if ((guint64)g_array_index(rows, IvMotRow, middle).frame < frame)
      from = middle + 1;
    else
      to = middle;
  }
  return from;
}

static int by_score(gconstpointer a, gconstpointer b) {
  float x = ((const IvDetection *)a)->score, y = ((const IvDetection *)b)->score;
  return (x < y) - (x > y);
}

static gboolean detect(IvDetector *detector, const IvFrame *frame, IvDetection *ret_found,
                       guint max, guint *ret_n, GError **error) {
  (void)error; /* a script cannot fail once it is read */
  const ScriptedDetector *self = (ScriptedDetector *)detector;
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(IvDetection));
  for (guint i = first_of(self->rows, frame->seq + 1); i < self->rows->len; i++) {
    const IvMotRow *row = &g_array_index(self->rows, IvMotRow, i);
    if ((guint64)row->frame != frame->seq + 1)
      break;
    IvDetection d = detection_of(self, row);
    g_array_append_val(found, d);
  }
  g_array_sort(found, by_score); /* stable: equal scores keep the file's order */
  *ret_n = MIN(found->len, max);
  if (*ret_n > 0)
    memcpy(ret_found, found->data, *ret_n * sizeof(IvDetection));
  return TRUE;
}

static const char *version(const IvDetector *detector) {
  return ((const ScriptedDetector *)detector)->version;
}

static void scripted_free(IvDetector *detector) {
  ScriptedDetector *self = (ScriptedDetector *)detector;
  g_clear_pointer(&self->rows, g_array_unref);
  g_free(self->version);
  g_free(self);
}

static const IvDetectorType scripted_type = {detect, version, scripted_free};

static IvDetector *make(const char *text, gsize length, const char *name, IvSize image_px,
                        GError **error) {
  g_autoptr(GError) cause = NULL;
  GArray *rows = iv_mot_parse(text, length, name, IV_MOT_DETECTIONS, &cause);
  if (!rows) {
    g_set_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_MODEL, "detections %s", cause->message);
    return NULL;
  }
  ScriptedDetector *self = g_new0(ScriptedDetector, 1);
  g_autofree char *digest =
      g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, length);
  self->base.type = &scripted_type;
  self->image_px = image_px;
  self->rows = rows;
  self->version = g_strdup_printf("scripted-%.8s", digest);
  return &self->base;
}

IvDetector *iv_scripted_detector_parse(const char *text, IvSize image_px, GError **error) {
  return make(text, strlen(text), "text", image_px, error);
}

IvDetector *iv_scripted_detector_open(const char *path, IvSize image_px, GError **error) {
  g_autoptr(GError) cause = NULL;
  g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, &cause);
  if (!file) {
    g_set_error(error, IV_DETECTOR_ERROR, IV_DETECTOR_ERROR_MODEL,
                "detections cannot be read (%s): give the path of a MOTChallenge text file",
                cause->message);
    return NULL;
  }
  const char *text = g_mapped_file_get_contents(file);
  return make(text ? text : "", g_mapped_file_get_length(file), path, image_px, error);
}

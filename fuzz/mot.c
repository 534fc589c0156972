/* SPDX-License-Identifier: Apache-2.0 */
/* MOTChallenge files: any text is read within its limits or refused with its line. */
#include "eval/mot_file.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const guint8 *input, gsize length) {
  for (IvMotKind kind = IV_MOT_GROUND_TRUTH; kind <= IV_MOT_DETECTIONS; kind++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) rows = iv_mot_parse((const char *)input, length, "fuzz.txt", kind, &error);
    g_assert_true((rows == NULL) == (error != NULL));
    for (guint i = 0; rows && i < rows->len; i++) {
      const IvMotRow *row = &g_array_index(rows, IvMotRow, i);
      g_assert_true(row->frame >= 1 && row->frame <= IV_MOT_FRAME_MAX);
      g_assert_true(row->width >= -IV_MOT_PIXEL_MAX && row->width <= IV_MOT_PIXEL_MAX);
      g_assert_true(i == 0 || row->frame >= g_array_index(rows, IvMotRow, i - 1).frame);
    }
  }
  return 0;
}

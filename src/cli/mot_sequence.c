/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/mot_sequence.h"

#include <math.h>

#define FPS_DEFAULT 25
#define FPS_MAX 1000
#define SIDE_MAX 100000

static gboolean read_ini(const char *folder, IvMotSequence *sequence) {
  g_autofree char *path = g_build_filename(folder, "seqinfo.ini", NULL);
  g_autoptr(GKeyFile) ini = g_key_file_new();
  if (!g_key_file_load_from_file(ini, path, G_KEY_FILE_NONE, NULL))
    return FALSE;
  double fps = g_key_file_get_double(ini, "Sequence", "frameRate", NULL);
  int width = g_key_file_get_integer(ini, "Sequence", "imWidth", NULL);
  int height = g_key_file_get_integer(ini, "Sequence", "imHeight", NULL);
  if (fps > 0 && fps <= FPS_MAX)
    sequence->fps = fps;
  if (width > 0 && width <= SIDE_MAX && height > 0 && height <= SIDE_MAX)
    sequence->size = (IvSize){width, height};
  return TRUE;
}

static IvSize extent_of(const GArray *rows) {
  double right = 1, bottom = 1;
  for (guint i = 0; i < rows->len; i++) {
    const IvMotRow *row = &g_array_index(rows, IvMotRow, i);
    right = MAX(right, row->left + row->width);
    bottom = MAX(bottom, row->top + row->height);
  }
  return (IvSize){(int)ceil(MIN(right, SIDE_MAX)), (int)ceil(MIN(bottom, SIDE_MAX))};
}

IvMotSequence iv_mot_sequence_of(const char *detections_path, const GArray *detections) {
  IvMotSequence sequence = {FPS_DEFAULT, extent_of(detections), FALSE};
  g_autofree char *own = g_path_get_dirname(detections_path);
  g_autofree char *above = g_build_filename(own, "..", NULL);
  sequence.told = read_ini(above, &sequence) || read_ini(own, &sequence);
  return sequence;
}

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Rows of MOTChallenge's text files: "frame,id,left,top,width,height,score[,class[,...]]", pixels,
 * frames from 1. Pure: works on text in memory. */

#define IV_MOT_ROWS_MAX 5000000
#define IV_MOT_FRAME_MAX 10000000
#define IV_MOT_LINE_MAX 1024 /* bytes */
#define IV_MOT_PIXEL_MAX 1e6 /* magnitude of a coordinate */
#define IV_MOT_ID_MAX 1000000000000

typedef struct {
  int frame;    /* from 1 */
  int class_id; /* column 8 where a ground truth has it (MOT16 and later), else 1 */
  gint64 id;    /* -1 in files of detections */
  double left, top, width, height; /* pixels */
  double score;                    /* of a ground truth: 0 = not evaluated */
} IvMotRow;

/* What a file is for decides what is checked. */
typedef enum {
  IV_MOT_GROUND_TRUTH, /* ids unique per frame */
  IV_MOT_RESULT,       /* ids unique per frame */
  IV_MOT_DETECTIONS,   /* id ignored, score needed */
} IvMotKind;

#define IV_MOT_ERROR iv_mot_error_quark()
GQuark iv_mot_error_quark(void);
typedef enum {
  IV_MOT_ERROR_SYNTAX, /* a line is not such a row */
  IV_MOT_ERROR_LIMIT,  /* more than a limit allows */
  IV_MOT_ERROR_TWICE,  /* one id twice in one frame */
} IvMotError;

/* Sorted by frame, file order kept within one. The caller owns the array (element IvMotRow).
 * Errors name `name` and the line. Empty lines are skipped; an empty text gives no rows. */
GArray *iv_mot_parse(const char *text, gsize length, const char *name, IvMotKind kind,
                     GError **error);

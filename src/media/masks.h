/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/canvas.h"
#include "model/scene.h"

/* The privacy masks of one camera, over all of its streams and sizes. Reference counted; any
 * thread; one mutex, held while a picture is painted (some 0.1 ms). */
typedef struct IvMasks IvMasks;

IvMasks *iv_masks_new(void);
IvMasks *iv_masks_ref(IvMasks *masks);
void iv_masks_unref(IvMasks *masks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvMasks, iv_masks_unref)

/* From the next picture on. TRUE when they differ from those before. */
gboolean iv_masks_set(IvMasks *masks, const IvArea *areas, guint n);

gboolean iv_masks_any(IvMasks *masks);

/* Black, where a mask lies. */
void iv_masks_paint(IvMasks *masks, const IvCanvas *picture);

/* Takes the frame over and gives it back masked: itself where there is no mask, else a copy. NULL
 * when that can't be made: then it must not be shown. */
IvFrame *iv_masks_frame(IvMasks *masks, IvFrame *frame);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "media/moments.h"
#include "media/still.h"
#include "model/event.h"
#include "model/scene.h"

/* What is drawn on the picture of an event: whom and what it is about, strongly; everybody else
 * that was tracked, thinly. Pure. */
typedef struct IvEventMarks IvEventMarks;

/* `scene` (may be NULL) is the camera's; drawn only when it is the version the event was found by.
 * Nothing is borrowed but `scene`, which must outlive it. */
IvEventMarks *iv_event_marks_new(const IvEvent *event, const IvMoment *moment,
                                 const IvScene *scene);
void iv_event_marks_free(IvEventMarks *marks);
const IvStillMarks *iv_event_marks(const IvEventMarks *marks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvEventMarks, iv_event_marks_free)

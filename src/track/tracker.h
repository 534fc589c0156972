/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/track.h"
#include "track/tracker_config.h"

/* One camera's detections to tracks, online: nothing looks ahead, and what was given out is never
 * changed. Deterministic: the same calls give the same bytes on every machine of the same kind; no
 * clock, no randomness. Ages are seconds of the frames' own time, so 5 fps, 30 fps and gaps all
 * work. One thread at a time; no allocation once the buffers have grown to the crowd's size.
 * Method and figures: docs/tracking.md. */
typedef struct IvTracker IvTracker;

/* `image_px` is the size of the picture the shares refer to (only its aspect ratio and the scale of
 * the noise matter). `config` is copied; NULL = the defaults. */
IvTracker *iv_tracker_new(const IvTrackerConfig *config, IvSize image_px);
void iv_tracker_free(IvTracker *tracker);

/* The next analysed frame. `looks` holds the appearance of each detection in the same order, or is
 * NULL where there are no pixels; an all-zero entry means unknown. Detections that are not people,
 * have a NaN or infinite corner, no area, lie wholly outside the picture or score under `low_score`
 * are left out; of more than IV_DETECTIONS_MAX the rest is left out. A `ts` not later than the last
 * one counts as 1 ms after it: an order of frames is kept even if the camera's clock stumbles. For
 * a real seam call iv_tracker_end_all first. A gap longer than `seam_after` ends all tracks. */
void iv_tracker_update(IvTracker *tracker, IvTime ts, const IvDetection *detections,
                       const IvAppearance *looks, guint n);

/* A seam of the source (loop, reconnect, clock jump): every track ends at its last sight. The ENDED
 * points are in iv_tracker_points until the next call; time may start anew afterwards. Ids go on.
 */
void iv_tracker_end_all(IvTracker *tracker);

/* What the rules read: the points that the last update (or end_all) made, in this order of states
 * for each track:
 *  - on confirmation the tentative points first (older ts), all marked CONFIRMED;
 *  - one CONFIRMED point in every frame in which the track was seen;
 *  - one LOST point (ts, box of the last sight, score 0) once it has not been seen for
 *    `lost_after`; CONFIRMED points follow if it is found again, under the same id;
 *  - one ENDED point (likewise), exactly once for every track that ever had a CONFIRMED point.
 * So per track time never goes back, and nothing foretold is ever among the CONFIRMED points.
 * Tracks never confirmed do not appear. Borrowed, valid until the next call. */
const IvTrackPoint *iv_tracker_points(const IvTracker *tracker, guint *ret_n);

/* What a picture overlay shows: each living track now, at the last update's ts. TENTATIVE and
 * CONFIRMED tracks; a CONFIRMED one that was not seen in this frame but not yet lost has its
 * foretold box and score 0. LOST tracks are left out. In order of id. Borrowed, valid until the
 * next call. */
const IvTrackPoint *iv_tracker_live(const IvTracker *tracker, guint *ret_n);

/* Tracks seen or expected back: the app keeps analysing still pictures while there are any. */
guint iv_tracker_n_confirmed(const IvTracker *tracker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvTracker, iv_tracker_free)

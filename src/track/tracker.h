/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/track.h"
#include "track/tracker_config.h"

/* One camera's detections to tracks, online: nothing looks ahead, and what was given out is never
 * changed. Deterministic: the same calls give the same bytes; no clock, no randomness. Ages are
 * seconds of the frames' own time, so 5 fps, 30 fps and gaps all work. One thread at a time; no
 * allocation once the buffers have grown to the crowd's size. Method and figures:
 * docs/tracking.md. */
typedef struct IvTracker IvTracker;

#define IV_TRACKS_MAX 512 /* living at once, lost ones included; beyond it none begins */

/* `image_px` is the size of the picture that the shares refer to; distances and noise are reckoned
 * in its pixels. `config` is copied; NULL = the defaults. */
IvTracker *iv_tracker_new(const IvTrackerConfig *config, IvSize image_px);
void iv_tracker_free(IvTracker *tracker);

/* The next analysed frame. `looks` holds the appearance of each detection in the same order, or is
 * NULL where there are no pixels; an all-zero entry means unknown. Detections that are not people,
 * have a NaN or infinite value, are under a pixel wide or high, lie wholly outside the picture or
 * reach ten pictures out of it, or score under `low_score` are left out; so are those beyond the
 * first IV_DETECTIONS_MAX that are not. A `ts` not later than the last one counts as 1 ms after it:
 * the order of frames is kept even if a clock stumbles. For a real seam call iv_tracker_end_all
 * first. Tracks unseen for longer than `keep_lost` end, so a long gap ends them all; an unseen one
 * also ends as soon as it is foretold outside the picture. */
void iv_tracker_update(IvTracker *tracker, IvTime ts, const IvDetection *detections,
                       const IvAppearance *looks, guint n);

/* A seam of the source (loop, reconnect, clock jump): every track ends at its last sight. The ENDED
 * points are in iv_tracker_points until the next call; time may start anew afterwards. Ids go on.
 */
void iv_tracker_end_all(IvTracker *tracker);

/* What the rules read: the points that the last update (or end_all) made. Per track:
 *  - on confirmation the tentative points first (older ts), all marked CONFIRMED;
 *  - one CONFIRMED point in every frame in which the track was seen;
 *  - one LOST point (ts, box and ground point of the last sight, score 0) when it has not been seen
 *    for `lost_after` (none if it ends in that frame); CONFIRMED points follow if it is found
 *    again, under the same id;
 *  - one ENDED point (likewise), exactly once for every track that had a CONFIRMED point.
 * Per track time never goes back, and nothing foretold is ever among the CONFIRMED points. Tracks
 * never confirmed do not appear. Borrowed, valid until the next call. */
const IvTrackPoint *iv_tracker_points(const IvTracker *tracker, guint *ret_n);

/* What a picture overlay shows, at the last update's ts and in order of id: tracks seen in this
 * frame (TENTATIVE or CONFIRMED), and CONFIRMED ones missed for at most 0.2 s with their foretold
 * box and score 0, if they were seen six times or more and the box is wholly inside the picture. A
 * tentative track that turns out to be a lost one come back changes to that one's id when it is
 * confirmed. Borrowed, valid until the next call. */
const IvTrackPoint *iv_tracker_live(const IvTracker *tracker, guint *ret_n);

/* Confirmed tracks, seen or not, but not lost: the app keeps analysing still pictures while there
 * are any. */
guint iv_tracker_n_confirmed(const IvTracker *tracker);

/* Mean appearance of a living track (the latest sights count most); NULL when there is no such
 * track or nothing is known of it. Borrowed, valid until the next call. */
const IvAppearance *iv_tracker_look(const IvTracker *tracker, guint64 tracklet_id);

/* The highest id that was given to a track; for IvTrackerConfig.ids_after of a tracker that takes
 * over. */
guint64 iv_tracker_last_id(const IvTracker *tracker);

/* Tracks that did not begin because IV_TRACKS_MAX were alive; since creation. */
guint64 iv_tracker_n_refused(const IvTracker *tracker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvTracker, iv_tracker_free)

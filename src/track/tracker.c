/* SPDX-License-Identifier: Apache-2.0 */
#include "track/tracker.h"

#include <math.h>

#include "base/assignment.h"
#include "track/appearance.h"
#include "track/pricing.h"

/* States as a set, for choosing tracks. */
#define IN(state) (1u << (state))

#define LOOK_SIGHTS_MIN 10 /* until then an average is no average */

struct IvTracker {
  IvTrackerConfig config;
  IvTrackTuning tuning;
  IvSize image_px;
  gboolean started;
  IvTime ts; /* of the last update */
  guint64 last_id, refused;
  IvLivingTrack *tracks; /* in order of id; room for IV_TRACKS_MAX */
  guint n_tracks, n_sights;
  IvLookScale looks;
  IvPricing pricing;         /* of the present frame */
  const IvAppearance *alone; /* of whom a look was learned last in it; NULL = nobody yet */
  IvSight sights[IV_DETECTIONS_MAX];
  GArray *points, *live; /* IvTrackPoint */
  /* working memory of one matching step */
  IvAssignment *assignment;
  double *price;
  gsize price_room;
  guint of_track[IV_TRACKS_MAX], of_sight[IV_DETECTIONS_MAX];
  int match[IV_TRACKS_MAX];
};

IvTrackerConfig iv_tracker_config_default(void) {
  return (IvTrackerConfig){
      .high_score = 0.45f, .low_score = 0.25f, .lost_after = IV_SECOND, .keep_lost = 4 * IV_SECOND};
}

IvTracker *iv_tracker_new_tuned(const IvTrackerConfig *config, IvSize image_px,
                                const IvTrackTuning *tuning) {
  IvTracker *tracker = g_new0(IvTracker, 1);
  tracker->config = config ? *config : iv_tracker_config_default();
  tracker->tuning = *tuning;
  tracker->last_id = tracker->config.ids_after;
  tracker->image_px = image_px;
  tracker->tracks = g_new(IvLivingTrack, IV_TRACKS_MAX);
  tracker->points = g_array_new(FALSE, FALSE, sizeof(IvTrackPoint));
  tracker->live = g_array_new(FALSE, FALSE, sizeof(IvTrackPoint));
  tracker->assignment = iv_assignment_new();
  return tracker;
}

IvTracker *iv_tracker_new(const IvTrackerConfig *config, IvSize image_px) {
  return iv_tracker_new_tuned(config, image_px, &iv_track_tuning);
}

void iv_tracker_free(IvTracker *tracker) {
  if (!tracker)
    return;
  g_free(tracker->tracks);
  g_array_unref(tracker->points);
  g_array_unref(tracker->live);
  iv_assignment_free(tracker->assignment);
  g_free(tracker->price);
  g_free(tracker);
}

/* ---- what is given out ---- */

static void give_last_sight(IvTracker *tracker, const IvLivingTrack *track, IvTrackState state) {
  IvTrackPoint point =
      iv_living_point(track, state, track->last, &track->box, 0, tracker->image_px);
  g_array_append_val(tracker->points, point);
}

static void end_track(IvTracker *tracker, IvLivingTrack *track) {
  if (track->state != IV_TRACK_TENTATIVE)
    give_last_sight(tracker, track, IV_TRACK_ENDED);
  track->gone = TRUE;
}

static void give_early_points(IvTracker *tracker, const IvLivingTrack *track, guint64 id) {
  for (guint i = 0; i < track->n_early; i++) {
    IvTrackPoint point = track->early[i];
    point.tracklet_id = id;
    point.state = IV_TRACK_CONFIRMED;
    g_array_append_val(tracker->points, point);
  }
}

static void drop_gone(IvTracker *tracker) {
  guint kept = 0;
  for (guint i = 0; i < tracker->n_tracks; i++) {
    if (tracker->tracks[i].gone)
      continue;
    if (kept != i)
      tracker->tracks[kept] = tracker->tracks[i];
    kept++;
  }
  tracker->n_tracks = kept;
}

/* ---- looks ---- */

static gboolean is_alone(const IvTracker *tracker, const IvSight *sight) {
  float w = iv_box_width(&sight->box) / 2;
  IvBox around = {sight->box.x0 - w, sight->box.y0, sight->box.x1 + w, sight->box.y1};
  for (guint j = 0; j < tracker->n_sights; j++)
    if (&tracker->sights[j] != sight && iv_box_iou(&around, &tracker->sights[j].box) > 0)
      return FALSE;
  return TRUE;
}

/* Who stands alone, where he was foretold, is the same as before and nobody else: he shows how like
 * himself somebody is, and how like the one before him in the list, who stands alone too. */
static void learn_looks(IvTracker *tracker, const IvLivingTrack *track, const IvSight *sight) {
  if (!sight->look || !iv_appearance_is_known(&track->look) || track->sights < LOOK_SIGHTS_MIN ||
      !is_alone(tracker, sight))
    return;
  iv_look_scale_same(&tracker->looks, iv_appearance_correlation(&track->look, sight->look));
  if (tracker->alone)
    iv_look_scale_other(&tracker->looks, iv_appearance_correlation(&track->look, tracker->alone));
  tracker->alone = sight->look;
}

/* ---- matching ---- */

static guint choose_tracks(IvTracker *tracker, guint states) {
  guint n = 0;
  for (guint i = 0; i < tracker->n_tracks; i++)
    if (!tracker->tracks[i].seen && (states & IN(tracker->tracks[i].state)))
      tracker->of_track[n++] = i;
  return n;
}

static guint choose_sights(IvTracker *tracker, gboolean strong) {
  guint n = 0;
  for (guint j = 0; j < tracker->n_sights; j++) {
    const IvSight *sight = &tracker->sights[j];
    if (!sight->taken && (sight->score >= tracker->config.high_score) == strong)
      tracker->of_sight[n++] = j;
  }
  return n;
}

static void set_prices(IvTracker *tracker, const IvMatchTuning *step, guint rows, guint columns) {
  gsize cells = (gsize)rows * columns;
  if (cells > tracker->price_room) {
    tracker->price_room = 2 * cells;
    tracker->price = g_renew(double, tracker->price, tracker->price_room);
  }
  for (guint i = 0; i < rows; i++)
    for (guint j = 0; j < columns; j++)
      tracker->price[(gsize)i * columns + j] =
          iv_price_sight(&tracker->pricing, step, &tracker->tracks[tracker->of_track[i]],
                         &tracker->sights[tracker->of_sight[j]]);
}

/* One step: unseen tracks in one of `states` with free sights, strong or weak. */
static void match_step(IvTracker *tracker, const IvMatchTuning *step, guint states,
                       gboolean strong) {
  guint rows = choose_tracks(tracker, states), columns = choose_sights(tracker, strong);
  if (rows == 0 || columns == 0)
    return;
  set_prices(tracker, step, rows, columns);
  iv_assignment_solve(tracker->assignment, tracker->price, rows, columns, step->limit,
                      tracker->match);
  for (guint i = 0; i < rows; i++) {
    if (tracker->match[i] < 0)
      continue;
    IvSight *sight = &tracker->sights[tracker->of_sight[tracker->match[i]]];
    IvLivingTrack *track = &tracker->tracks[tracker->of_track[i]];
    sight->taken = TRUE;
    if (step == &tracker->tuning.seen)
      learn_looks(tracker, track, sight);
    iv_living_see(track, &tracker->tuning, sight, tracker->ts,
                  strong ? 1 : tracker->tuning.low_noise);
  }
}

static void match(IvTracker *tracker) {
  const IvTrackTuning *t = &tracker->tuning;
  tracker->pricing =
      (IvPricing){&tracker->tuning, iv_look_scale_weight(&tracker->looks, t), tracker->ts};
  tracker->alone = NULL;
  match_step(tracker, &t->seen, IN(IV_TRACK_CONFIRMED), TRUE);
  match_step(tracker, &t->weak, IN(IV_TRACK_CONFIRMED), FALSE);
  match_step(tracker, &t->back, IN(IV_TRACK_CONFIRMED) | IN(IV_TRACK_LOST), TRUE);
  match_step(tracker, &t->tentative, IN(IV_TRACK_TENTATIVE), TRUE);
}

/* ---- beginning ---- */

/* A second box on somebody who is tracked already, from a detector that suppresses too little. */
static gboolean is_double(const IvTracker *tracker, const IvSight *sight, guint n_before) {
  for (guint i = 0; i < n_before; i++) {
    const IvLivingTrack *track = &tracker->tracks[i];
    if (!track->seen)
      continue;
    IvBox box = iv_motion_box(&track->motion);
    if ((double)iv_box_iou(&box, &sight->box) > tracker->tuning.start_overlap)
      return TRUE;
  }
  return FALSE;
}

static void begin_tracks(IvTracker *tracker) {
  guint n_before = tracker->n_tracks;
  for (guint j = 0; j < tracker->n_sights; j++) {
    IvSight *sight = &tracker->sights[j];
    if (sight->taken || sight->score < tracker->config.high_score ||
        (double)sight->score < tracker->tuning.start_score || is_double(tracker, sight, n_before))
      continue;
    if (tracker->n_tracks == IV_TRACKS_MAX) {
      tracker->refused++;
      continue;
    }
    sight->taken = TRUE;
    iv_living_begin(&tracker->tracks[tracker->n_tracks++], &tracker->tuning, ++tracker->last_id,
                    sight, tracker->ts);
  }
}

/* ---- confirming ---- */

static IvLivingTrack *find_lost_self(IvTracker *tracker, const IvLivingTrack *found) {
  IvLivingTrack *best = NULL;
  double best_price = tracker->tuning.link_limit;
  for (guint i = 0; i < tracker->n_tracks; i++) {
    IvLivingTrack *lost = &tracker->tracks[i];
    if (lost->state == IV_TRACK_TENTATIVE || lost->gone || lost->seen || lost->last >= found->first)
      continue;
    double price = iv_price_link(&tracker->pricing, lost, found);
    if (price < best_price) {
      best_price = price;
      best = lost;
    }
  }
  return best;
}

static void confirm(IvTracker *tracker, IvLivingTrack *track) {
  IvLivingTrack *self = find_lost_self(tracker, track);
  give_early_points(tracker, track, self ? self->id : track->id);
  if (self) {
    iv_living_take_over(self, track);
    track->gone = TRUE;
  }
  track->state = IV_TRACK_CONFIRMED;
  track->n_early = 0;
}

static void try_tentative(IvTracker *tracker, IvLivingTrack *track) {
  if (track->doubt <= tracker->tuning.false_chance || track->sights > IV_LIVING_SIGHTS_MAX) {
    confirm(tracker, track);
    return;
  }
  track->early[track->n_early++] = iv_living_point(track, IV_TRACK_TENTATIVE, tracker->ts,
                                                   &track->box, track->score, tracker->image_px);
}

/* ---- one frame ---- */

static void predict(IvTracker *tracker, double dt) {
  for (guint i = 0; i < tracker->n_tracks; i++) {
    tracker->tracks[i].seen = FALSE;
    iv_motion_predict(&tracker->tracks[i].motion, &tracker->tuning, dt);
  }
}

static gboolean has_left(const IvTracker *tracker, const IvLivingTrack *track) {
  const IvMotion *m = &track->motion;
  IvBox box = iv_motion_box(m);
  return m->x.position < 0 || m->x.position > tracker->image_px.width || box.y1 < 0 ||
         box.y0 > (float)tracker->image_px.height;
}

static void end_old(IvTracker *tracker) {
  for (guint i = 0; i < tracker->n_tracks; i++) {
    IvLivingTrack *track = &tracker->tracks[i];
    IvTime unseen = tracker->ts - track->last;
    if (unseen > tracker->config.keep_lost)
      end_track(tracker, track);
  }
  drop_gone(tracker);
}

static void settle_unseen(IvTracker *tracker, IvLivingTrack *track) {
  IvTime unseen = tracker->ts - track->last;
  if (has_left(tracker, track) ||
      (track->state == IV_TRACK_TENTATIVE &&
       (double)unseen > tracker->tuning.tentative_keep * (double)IV_SECOND)) {
    end_track(tracker, track);
  } else if (track->state == IV_TRACK_CONFIRMED && unseen > tracker->config.lost_after) {
    track->state = IV_TRACK_LOST;
    give_last_sight(tracker, track, IV_TRACK_LOST);
  }
}

static void settle(IvTracker *tracker) {
  for (guint i = 0; i < tracker->n_tracks; i++) {
    IvLivingTrack *track = &tracker->tracks[i];
    if (track->seen && track->state == IV_TRACK_TENTATIVE)
      try_tentative(tracker, track);
  }
  for (guint i = 0; i < tracker->n_tracks; i++) {
    IvLivingTrack *track = &tracker->tracks[i];
    if (track->gone)
      continue;
    if (!track->seen) {
      settle_unseen(tracker, track);
    } else if (track->state != IV_TRACK_TENTATIVE) {
      track->state = IV_TRACK_CONFIRMED;
      IvTrackPoint point = iv_living_point(track, IV_TRACK_CONFIRMED, tracker->ts, &track->box,
                                           track->score, tracker->image_px);
      g_array_append_val(tracker->points, point);
    }
  }
  drop_gone(tracker);
}

/* A foretold box is shown only where it is likely to be right: shortly after the last sight, of
 * somebody known for a while and wholly inside the picture (else he has probably left). */
static gboolean is_foretold(const IvTracker *tracker, const IvLivingTrack *track,
                            const IvBox *box) {
  double unseen = (double)(tracker->ts - track->last) / (double)IV_SECOND;
  return track->state == IV_TRACK_CONFIRMED && unseen <= tracker->tuning.foretell &&
         track->sights >= (guint)tracker->tuning.foretell_sights && box->x0 > 0 && box->y0 > 0 &&
         box->x1 < (float)tracker->image_px.width && box->y1 < (float)tracker->image_px.height;
}

static void show(IvTracker *tracker) {
  for (guint i = 0; i < tracker->n_tracks; i++) {
    const IvLivingTrack *track = &tracker->tracks[i];
    IvBox box = track->seen ? track->box : iv_motion_box(&track->motion);
    if (!track->seen && !is_foretold(tracker, track, &box))
      continue;
    IvTrackPoint point = iv_living_point(track, track->state, tracker->ts, &box,
                                         track->seen ? track->score : 0, tracker->image_px);
    g_array_append_val(tracker->live, point);
  }
}

void iv_tracker_update(IvTracker *tracker, IvTime ts, const IvDetection *detections,
                       const IvAppearance *looks, guint n) {
  if (tracker->started && ts <= tracker->ts)
    ts = tracker->ts + IV_MS;
  double dt = tracker->started ? (double)(ts - tracker->ts) / (double)IV_SECOND : 0;
  tracker->started = TRUE;
  tracker->ts = ts;
  g_array_set_size(tracker->points, 0);
  g_array_set_size(tracker->live, 0);
  tracker->n_sights =
      iv_sights_from(&tracker->config, tracker->image_px, detections, looks, n, tracker->sights);
  end_old(tracker);
  predict(tracker, dt);
  match(tracker);
  begin_tracks(tracker);
  settle(tracker);
  show(tracker);
}

void iv_tracker_end_all(IvTracker *tracker) {
  g_array_set_size(tracker->points, 0);
  g_array_set_size(tracker->live, 0);
  for (guint i = 0; i < tracker->n_tracks; i++)
    end_track(tracker, &tracker->tracks[i]);
  drop_gone(tracker);
  tracker->started = FALSE;
}

static const IvTrackPoint *points_of(const GArray *array, guint *ret_n) {
  *ret_n = array->len;
  return (const IvTrackPoint *)(gconstpointer)array->data;
}

const IvTrackPoint *iv_tracker_points(const IvTracker *tracker, guint *ret_n) {
  return points_of(tracker->points, ret_n);
}

const IvTrackPoint *iv_tracker_live(const IvTracker *tracker, guint *ret_n) {
  return points_of(tracker->live, ret_n);
}

guint iv_tracker_n_confirmed(const IvTracker *tracker) {
  guint n = 0;
  for (guint i = 0; i < tracker->n_tracks; i++)
    n += tracker->tracks[i].state == IV_TRACK_CONFIRMED ? 1 : 0;
  return n;
}

const IvAppearance *iv_tracker_look(const IvTracker *tracker, guint64 tracklet_id) {
  for (guint i = 0; i < tracker->n_tracks; i++)
    if (tracker->tracks[i].id == tracklet_id)
      return iv_appearance_is_known(&tracker->tracks[i].look) ? &tracker->tracks[i].look : NULL;
  return NULL;
}

guint64 iv_tracker_last_id(const IvTracker *tracker) {
  return tracker->last_id;
}

guint64 iv_tracker_n_refused(const IvTracker *tracker) {
  return tracker->refused;
}

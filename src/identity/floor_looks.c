/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/floor_looks.h"

#include <math.h>

#define KEPT 1000.0     /* tracks that something is learned from; older ones fade */
#define TRACKS_MIN 6    /* of a camera, before its looks say anything */
#define GUESSED 20.0    /* the guesses count as so many */
#define DIRECTIONS 24.0 /* guessed; */
#define SAME 0.25       /* of the variance of looks, between people */
#define SAME_MIN 0.05
#define SAME_MAX 0.9
#define FRAMES 0.6 /* variance of a single look about its track's, against that of tracks */
#define TEMPER 0.8 /* nothing is quite as normal as that */
#define MOST 8.0

typedef struct {
  double sum, n;
} Mean;

typedef struct {
  double sum[IV_APPEARANCE_BINS], n;
} Common;

struct IvFloorLooks {
  Common *cameras;
  guint n_cameras;
  Mean size2;   /* squared length of what differs from the camera's common look */
  Mean across2; /* squared product of two people's, in units of size2 */
  Mean same;    /* product of one person's, in units of size2 */
};

/* ---- sums ---- */

void iv_floor_look_add(IvFloorLook *look, const IvAppearance *seen) {
  for (guint i = 0; i < IV_APPEARANCE_BINS; i++)
    look->sum[i] += (double)seen->bins[i];
  look->n++;
}

void iv_floor_evidence_add(IvFloorEvidence *evidence, const IvFloorEvidence *more) {
  for (guint i = 0; i < IV_APPEARANCE_BINS; i++)
    evidence->sum[i] += more->sum[i];
  evidence->weight += more->weight;
}

static double product(const double *a, const double *b) {
  double sum = 0;
  for (guint i = 0; i < IV_APPEARANCE_BINS; i++)
    sum += a[i] * b[i];
  return sum;
}

static void fade(Mean *mean, double value) {
  if (mean->n >= KEPT) {
    mean->sum *= 1 - 1 / KEPT;
    mean->n *= 1 - 1 / KEPT;
  }
  mean->sum += value;
  mean->n++;
}

static double guess(const Mean *mean, double guessed) {
  return (mean->sum + GUESSED * guessed) / (mean->n + GUESSED);
}

/* ---- life ---- */

IvFloorLooks *iv_floor_looks_new(guint n_cameras) {
  IvFloorLooks *looks = g_new0(IvFloorLooks, 1);
  looks->cameras = g_new0(Common, n_cameras);
  looks->n_cameras = n_cameras;
  return looks;
}

void iv_floor_looks_free(IvFloorLooks *looks) {
  if (!looks)
    return;
  g_free(looks->cameras);
  g_free(looks);
}

/* ---- learning ---- */

/* What is left without what all looks of the camera share. */
static gboolean centre(const IvFloorLooks *looks, guint camera, const IvFloorLook *track,
                       double ret_own[IV_APPEARANCE_BINS]) {
  const Common *common = &looks->cameras[camera];
  if (track->n == 0 || common->n < TRACKS_MIN)
    return FALSE;
  for (guint i = 0; i < IV_APPEARANCE_BINS; i++)
    ret_own[i] = track->sum[i] / track->n - common->sum[i] / common->n;
  return TRUE;
}

static double size2_of(const IvFloorLooks *looks) {
  return looks->size2.n > 0 ? looks->size2.sum / looks->size2.n : 0;
}

void iv_floor_looks_learn(IvFloorLooks *looks, guint camera, const IvFloorLook *track,
                          const IvFloorLook *beside) {
  Common *common = &looks->cameras[camera];
  double own[IV_APPEARANCE_BINS], other[IV_APPEARANCE_BINS];
  if (centre(looks, camera, track, own)) {
    fade(&looks->size2, product(own, own));
    if (beside && centre(looks, camera, beside, other) && size2_of(looks) > 0) {
      double along = product(own, other) / size2_of(looks);
      fade(&looks->across2, along * along);
    }
  }
  if (common->n >= KEPT) {
    for (guint i = 0; i < IV_APPEARANCE_BINS; i++)
      common->sum[i] *= 1 - 1 / KEPT;
    common->n *= 1 - 1 / KEPT;
  }
  for (guint i = 0; i < IV_APPEARANCE_BINS; i++)
    common->sum[i] += track->sum[i] / track->n;
  common->n++;
}

void iv_floor_looks_learn_same(IvFloorLooks *looks, guint camera_a, const IvFloorLook *a,
                               guint camera_b, const IvFloorLook *b) {
  double p[IV_APPEARANCE_BINS], q[IV_APPEARANCE_BINS];
  if (centre(looks, camera_a, a, p) && centre(looks, camera_b, b, q) && size2_of(looks) > 0)
    fade(&looks->same, product(p, q) / size2_of(looks));
}

/* ---- weighing ---- */

static double between(const IvFloorLooks *looks) {
  return CLAMP(guess(&looks->same, SAME), SAME_MIN, SAME_MAX);
}

/* Products of what is independent have a variance of one over the number of directions. */
static double directions(const IvFloorLooks *looks) {
  return 1 / guess(&looks->across2, 1 / DIRECTIONS);
}

void iv_floor_looks_evidence(const IvFloorLooks *looks, guint camera, const IvFloorLook *track,
                             IvFloorEvidence *ret_evidence) {
  *ret_evidence = (IvFloorEvidence){.weight = 0};
  if (!(size2_of(looks) > 0) || !centre(looks, camera, track, ret_evidence->sum))
    return;
  double weight = 1 / (1 - between(looks) + FRAMES / track->n);
  double scale = weight * sqrt(directions(looks) / size2_of(looks));
  for (guint i = 0; i < IV_APPEARANCE_BINS; i++)
    ret_evidence->sum[i] *= scale;
  ret_evidence->weight = weight;
}

/* Log of the density of what is known, but for a term that both sides of a comparison share. */
static double marginal(const double *sum, double weight, double same, double n) {
  double spread = 1 + same * weight;
  return (same * product(sum, sum) / spread - n * log(spread)) / 2;
}

double iv_floor_looks_gain(const IvFloorLooks *looks, const IvFloorEvidence *a,
                           const IvFloorEvidence *b) {
  if (!(a->weight > 0) || !(b->weight > 0))
    return 0;
  double same = between(looks), n = directions(looks);
  IvFloorEvidence both = *a;
  iv_floor_evidence_add(&both, b);
  double gain = marginal(both.sum, both.weight, same, n) - marginal(a->sum, a->weight, same, n) -
                marginal(b->sum, b->weight, same, n);
  return CLAMP(TEMPER * gain, -MOST, MOST);
}

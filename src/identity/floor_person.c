/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/floor_person.h"

#include <math.h>

#define STILL_IN (400 * IV_MS)
#define PROOF_MOVE 0.9       /* metres */
#define PROOF_TIME IV_SECOND /* for those who move, or are seen twice */
#define PROOF_TIME_STILL (2 * IV_SECOND)
#define PROOF_SCORE 0.66        /* mean of the scores of those who stand still */
#define WATCHED (8 * IV_SECOND) /* by then it has joined whose double it is */
#define OVER (4 * IV_SECOND)
#define SPAN (700 * IV_MS)

double iv_floor_likeness(const IvAppearance *a, const IvAppearance *b) {
  float ab = 0, aa = 0, bb = 0;
  for (guint i = 0; i < IV_APPEARANCE_BINS; i++) {
    ab += a->bins[i] * b->bins[i];
    aa += a->bins[i] * a->bins[i];
    bb += b->bins[i] * b->bins[i];
  }
  return aa > 0 && bb > 0 ? (double)ab / sqrt((double)aa * (double)bb) : (double)NAN;
}

IvFloorPerson *iv_floor_person_new(guint64 id) {
  IvFloorPerson *person = g_new0(IvFloorPerson, 1);
  person->id = id;
  person->told = IV_TIME_NONE;
  iv_floor_path_init(&person->path);
  return person;
}

void iv_floor_person_free(gpointer data) {
  IvFloorPerson *person = data;
  iv_floor_path_clear(&person->path);
  g_free(person);
}

void iv_floor_person_mark(IvFloorPerson *person, const IvFloorMark *mark) {
  if (person->n_marks == 0 || mark->ts < person->born) {
    person->born = mark->ts;
    person->born_x = mark->place.x;
    person->born_y = mark->place.y;
  }
  person->last = MAX(person->last, mark->ts);
  person->in_camera[mark->camera] = MAX(person->in_camera[mark->camera], mark->ts);
  person->score_sum += (double)mark->score;
  person->n_marks++;
  iv_floor_path_add(&person->path, mark);
}

void iv_floor_person_join(IvFloorPerson *person, IvFloorPerson *other) {
  iv_floor_path_take_all(&person->path, &other->path);
  iv_floor_evidence_add(&person->looks, &other->looks);
  iv_floor_evidence_add(&person->former, &other->former);
  iv_stature_join(&person->stature, &other->stature);
  for (guint i = 0; i < G_N_ELEMENTS(person->in_camera); i++)
    person->in_camera[i] = MAX(person->in_camera[i], other->in_camera[i]);
  for (guint i = 0; i < IV_FLOOR_CAMERAS_MAX; i++)
    if (other->glimpses[i].ts > person->glimpses[i].ts)
      person->glimpses[i] = other->glimpses[i];
  person->last = MAX(person->last, other->last);
  person->score_sum += other->score_sum;
  person->n_marks += other->n_marks;
  person->two_cameras = TRUE;
  other->gone = TRUE;
}

void iv_floor_person_judge(IvFloorPerson *person, IvTime ts) {
  IvFloorState now;
  if (person->confirmed || person->n_marks == 0)
    return;
  if (iv_floor_path_at(&person->path, person->last - SPAN / 2, SPAN, &now) && now.n >= 3)
    person->farthest = MAX(person->farthest, hypot(now.x - person->born_x, now.y - person->born_y) -
                                                 sqrt(MAX(now.xx, now.yy)));
  IvTime known = person->last - person->born, unseen = ts - person->last;
  double score = person->score_sum / person->n_marks;
  gboolean proven =
      (known >= PROOF_TIME && (person->farthest >= PROOF_MOVE || person->two_cameras)) ||
      (known >= PROOF_TIME_STILL && score >= PROOF_SCORE);
  person->confirmed = proven && (known >= WATCHED || unseen >= OVER);
}

gboolean iv_floor_person_is_in(const IvFloorPerson *person, guint camera, IvTime ts) {
  return person->in_camera[camera] != 0 && person->in_camera[camera] > ts - STILL_IN;
}

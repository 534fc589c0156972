/* SPDX-License-Identifier: Apache-2.0 */
#include "app/event_marks.h"

#include <string.h>

#define SUBJECT 0xf59e0b /* whom it is about */
#define OTHERS 0x3b82f6
#define PLACE 0x10b981 /* where it is about */

#define PATHS_MAX 4

struct IvEventMarks {
  IvStillMarks marks;
  IvJpegBox boxes[IV_MOMENTS_TRACKS_MAX];
  IvStillPath paths[PATHS_MAX];
  IvPoint ends[2]; /* of the line */
};

/* The subject is drawn last, over the others. */
static void add_boxes(IvEventMarks *m, const IvEvent *event, const IvMoment *moment) {
  const IvTrackPoint *subject = NULL;
  guint n = 0;
  for (guint i = 0; i < MIN(moment->n_tracks, IV_MOMENTS_TRACKS_MAX); i++) {
    const IvTrackPoint *track = &moment->tracks[i];
    if (event->tracklet_id != 0 && track->tracklet_id == event->tracklet_id)
      subject = track;
    else if (track->state == IV_TRACK_CONFIRMED)
      m->boxes[n++] = (IvJpegBox){.box = track->box, .rgb = OTHERS, .thin = TRUE};
  }
  if (subject)
    m->boxes[n++] =
        (IvJpegBox){.box = subject->box, .rgb = SUBJECT, .label = (guint32)subject->tracklet_id};
  m->marks.boxes = m->boxes;
  m->marks.n_boxes = n;
}

static void add_path(IvEventMarks *m, const IvPoint *points, guint n, gboolean closed) {
  if (n >= 2 && m->marks.n_paths < PATHS_MAX)
    m->paths[m->marks.n_paths++] =
        (IvStillPath){.points = points, .n = n, .closed = closed, .rgb = PLACE};
}

static gboolean is_same(const IvSlug *a, const IvSlug *b) {
  return a->text[0] != '\0' && strcmp(a->text, b->text) == 0;
}

static void add_places(IvEventMarks *m, const IvEvent *event, const IvScene *scene) {
  for (guint i = 0; i < scene->n_zones; i++)
    if (is_same(&event->zone_id, &scene->zones[i].id))
      add_path(m, scene->zones[i].polygon, scene->zones[i].n_points, TRUE);
  for (guint i = 0; i < scene->n_lines; i++)
    if (is_same(&event->line_id, &scene->lines[i].id)) {
      m->ends[0] = scene->lines[i].a;
      m->ends[1] = scene->lines[i].b;
      add_path(m, m->ends, 2, FALSE);
    }
  for (guint i = 0; i < scene->n_lanes; i++) {
    const IvLane *lane = &scene->lanes[i];
    if (!is_same(&event->lane_id, &lane->id) && !is_same(&event->lane_id, &lane->group))
      continue;
    add_path(m, lane->queue.polygon, lane->queue.n_points, TRUE);
    add_path(m, lane->service.polygon, lane->service.n_points, TRUE);
  }
}

IvEventMarks *iv_event_marks_new(const IvEvent *event, const IvMoment *moment,
                                 const IvScene *scene) {
  IvEventMarks *m = g_new0(IvEventMarks, 1);
  add_boxes(m, event, moment);
  m->marks.paths = m->paths;
  if (scene && scene->version == event->scene_version)
    add_places(m, event, scene);
  return m;
}

void iv_event_marks_free(IvEventMarks *m) {
  g_free(m);
}

const IvStillMarks *iv_event_marks(const IvEventMarks *m) {
  return &m->marks;
}

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"

/* How the rules write events. */

typedef struct {
  IvSlug store_id, edge_id, camera_id;
  char model_version[IV_SLUG_MAX + 1];
} IvRulesSource; /* goes into every event */

/* An event of this source under a scene version; `tracklet` 0 = none. */
void iv_report_begin(const IvRulesSource *source, int scene_version, IvEventKind kind, IvTime ts,
                     guint64 tracklet, IvEvent *ret_event);

/* Gives it its id and appends it to `ret_events` (GArray of IvEvent). */
void iv_report_finish(IvEvent *event, GArray *ret_events);

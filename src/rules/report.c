/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/report.h"

#include <string.h>

void iv_report_begin(const IvRulesSource *source, int scene_version, IvEventKind kind, IvTime ts,
                     guint64 tracklet, IvEvent *ret_event) {
  iv_event_init(ret_event, kind, ts);
  ret_event->store_id = source->store_id;
  ret_event->edge_id = source->edge_id;
  ret_event->camera_id = source->camera_id;
  memcpy(ret_event->model_version, source->model_version, sizeof ret_event->model_version);
  ret_event->scene_version = scene_version;
  ret_event->tracklet_id = tracklet;
}

void iv_report_finish(IvEvent *event, GArray *ret_events) {
  iv_event_set_id(event, "camera");
  g_array_append_val(ret_events, *event);
}

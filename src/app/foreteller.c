/* SPDX-License-Identifier: Apache-2.0 */
#include "app/foreteller.h"

#include <string.h>

#include "kpi/calendar.h"
#include "store/event_replay.h"

typedef struct {
  IvSlug camera, line;
} Entrance;

struct IvForeteller {
  const IvConfig *config;
  IvSlug edge;
  GTimeZone *zone;
  GMutex mutex; /* guards the rest */
  IvForetell *foretell;
  GArray *entrances; /* of Entrance */
  IvOutlook outlook;
};

IvForeteller *iv_foreteller_new(const IvConfig *config, const IvSlug *edge) {
  IvForeteller *f = g_new0(IvForeteller, 1);
  f->config = config;
  f->edge = *edge;
  f->zone = iv_calendar_zone(config->store.time_zone);
  if (!f->zone) /* as in the figures */
    f->zone = g_time_zone_new_utc();
  g_mutex_init(&f->mutex);
  f->foretell = iv_foretell_new(f->zone, config->rules.queue_long, config->rules.wait_target);
  f->entrances = g_array_new(FALSE, TRUE, sizeof(Entrance));
  f->outlook.ts = f->outlook.score.since = IV_TIME_NONE;
  return f;
}

void iv_foreteller_free(IvForeteller *f) {
  if (!f)
    return;
  iv_foretell_free(f->foretell);
  g_array_unref(f->entrances);
  g_mutex_clear(&f->mutex);
  g_time_zone_unref(f->zone);
  g_free(f);
}

static void note_entrances(IvForeteller *f, const IvScene *scene) {
  for (guint i = 0; i < scene->n_lines; i++) {
    Entrance entrance = {scene->camera_id, scene->lines[i].id};
    if (scene->lines[i].kind == IV_LINE_ENTRANCE)
      g_array_append_val(f->entrances, entrance);
  }
}

static void note_lanes(const IvScene *scene, GArray *lanes) {
  for (guint i = 0; i < scene->n_lanes; i++) {
    const IvLane *lane = &scene->lanes[i];
    IvForetellLane told = {lane->id, iv_slug_is_none(&lane->group) ? lane->id : lane->group,
                           lane->self_checkout};
    g_array_append_val(lanes, told);
  }
}

void iv_foreteller_set_scenes(IvForeteller *f, const GPtrArray *scenes) {
  g_autoptr(GArray) lanes = g_array_new(FALSE, TRUE, sizeof(IvForetellLane));
  g_mutex_lock(&f->mutex);
  g_array_set_size(f->entrances, 0);
  for (guint i = 0; i < scenes->len; i++) {
    const IvScene *scene = g_ptr_array_index(scenes, i);
    if (!scene)
      continue;
    note_entrances(f, scene);
    note_lanes(scene, lanes);
  }
  iv_foretell_set_lanes(f->foretell, (const IvForetellLane *)(gpointer)lanes->data, lanes->len);
  g_mutex_unlock(&f->mutex);
}

void iv_foreteller_set_seen(IvForeteller *f, const char *const *lanes, guint n) {
  g_mutex_lock(&f->mutex);
  iv_foretell_set_seen(f->foretell, lanes, n);
  g_mutex_unlock(&f->mutex);
}

static gboolean is_entrance(const IvForeteller *f, const IvEvent *event) {
  for (guint i = 0; i < f->entrances->len; i++) {
    const Entrance *entrance = &g_array_index(f->entrances, Entrance, i);
    if (strcmp(entrance->line.text, event->line_id.text) == 0 &&
        strcmp(entrance->camera.text, event->camera_id.text) == 0)
      return TRUE;
  }
  return FALSE;
}

static void on_past(const IvEvent *event, gpointer user_data) {
  IvForeteller *f = user_data;
  iv_foretell_take(f->foretell, event, is_entrance(f, event));
}

gboolean iv_foreteller_learn(IvForeteller *f, IvStore *store, IvTime now, GError **error) {
  static const IvEventKind kinds[] = {IV_EVENT_LINE_CROSSED,        IV_EVENT_QUEUE_JOINED,
                                      IV_EVENT_QUEUE_WAIT,          IV_EVENT_QUEUE_ABANDONED,
                                      IV_EVENT_QUEUE_LEFT,          IV_EVENT_QUEUE_SERVICE,
                                      IV_EVENT_QUEUE_LONG_STARTED,  IV_EVENT_QUEUE_LONG,
                                      IV_EVENT_QUEUE_LONG_FORETOLD, IV_EVENT_LANE_STATE};
  g_mutex_lock(&f->mutex);
  gboolean fine = iv_event_replay(store, f->config->store.id.text, kinds, G_N_ELEMENTS(kinds),
                                  now - IV_FORETELL_PAST, now + IV_MINUTE, on_past, f, error);
  g_mutex_unlock(&f->mutex);
  return fine;
}

void iv_foreteller_take(IvForeteller *f, const IvEvent *events, guint n) {
  g_mutex_lock(&f->mutex);
  for (guint i = 0; i < n; i++)
    iv_foretell_take(f->foretell, &events[i], is_entrance(f, &events[i]));
  g_mutex_unlock(&f->mutex);
}

static void sign(const IvForeteller *f, IvEvent *call, GArray *ret_calls) {
  call->store_id = f->config->store.id;
  call->edge_id = f->edge;
  iv_event_set_id(call, "store");
  g_array_append_val(ret_calls, *call);
}

void iv_foreteller_look(IvForeteller *f, IvTime now, GArray *ret_calls) {
  IvEvent call;
  g_mutex_lock(&f->mutex);
  IvOutlook *outlook = &f->outlook;
  outlook->ts = now;
  outlook->n_pools = iv_foretell_n_pools(f->foretell);
  for (guint i = 0; i < outlook->n_pools; i++) {
    iv_foretell_look(f->foretell, i, now, &outlook->pools[i], &call);
    if (call.kind != IV_EVENT_UNKNOWN)
      sign(f, &call, ret_calls);
  }
  outlook->score = iv_foretell_score(f->foretell, now);
  g_mutex_unlock(&f->mutex);
}

void iv_foreteller_get(IvForeteller *f, IvOutlook *ret_outlook) {
  g_mutex_lock(&f->mutex);
  *ret_outlook = f->outlook;
  g_mutex_unlock(&f->mutex);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Tells the dashboard what changed: figures as they change, at most five times a second, cameras
 * every two seconds and when their state changes. A thread of its own, so that neither the analyst
 * nor the delivery waits for a query. */
#include "app/node_private.h"
#include "base/clock.h"

#define KPI_SPAN (200 * IV_MS)
#define CAMERAS_SPAN (2 * IV_SECOND)
#define LOOK_SPAN (15 * IV_SECOND)   /* how often the waits to come are looked at */
#define KPI_REFRESH (10 * IV_SECOND) /* coverage moves on without an event */

typedef struct {
  IvDayToDate day;
  gboolean have_day;
  IvTime kpi_at, cameras_at, day_at; /* monotonic, of the last publication */
  IvTime look_at;                    /* and of the last look ahead */
} Publisher;

void iv_node_mark(IvNode *node, gboolean counts, gboolean cameras) {
  g_mutex_lock(&node->mutex);
  node->kpi_dirty = TRUE;
  node->counts_dirty |= counts;
  node->cameras_dirty |= cameras;
  g_cond_signal(&node->changed);
  g_mutex_unlock(&node->mutex);
}

static void publish(IvNode *node, const char *subject, json_t *data) {
  g_autofree char *topic = g_strdup_printf("store/%s/%s", node->config->store.id.text, subject);
  iv_server_publish(node->server, topic, data);
}

static void read_day(IvNode *node, Publisher *p) {
  IvDayToDate day = {0};
  g_autoptr(GError) error = NULL;
  IvTime deadline = iv_clock_monotonic() + IV_SECOND;
  if (!iv_kpis_day_to_date(node->store, node->config->store.id.text, iv_clock_now(), deadline, &day,
                           &error)) {
    g_warning("live figures: %s", error->message);
    return;
  }
  if (p->have_day)
    iv_day_to_date_clear(&p->day);
  p->day = day;
  p->have_day = TRUE;
  p->day_at = iv_clock_monotonic();
}

static void tell_seen(IvNode *node) {
  g_auto(IvNodeQueues) all;
  g_rw_lock_reader_lock(&node->places);
  iv_node_queues_init(&all, node);
  g_rw_lock_reader_unlock(&node->places);
  g_autoptr(GPtrArray) seen = g_ptr_array_new();
  for (guint i = 0; i < all.lanes->len; i++) {
    const IvLiveLaneView *lane = &g_array_index(all.lanes, IvLiveLaneView, i);
    if (lane->known)
      g_ptr_array_add(seen, (gpointer)lane->lane_id);
  }
  iv_foreteller_set_seen(node->foreteller, (const char *const *)seen->pdata, seen->len);
}

/* Calls go the way of all events: to disk, to the ledger, then to everybody. */
static void look_ahead(IvNode *node, Publisher *p, IvTime now) {
  g_autoptr(GArray) calls = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  if (p->look_at && now - p->look_at < LOOK_SPAN)
    return;
  p->look_at = now;
  tell_seen(node);
  iv_foreteller_look(node->foreteller, iv_clock_now(), calls);
  if (calls->len > 0)
    iv_outbox_append(node->outbox, (const IvEvent *)(gpointer)calls->data, calls->len);
}

static void publish_kpi(IvNode *node, Publisher *p, gboolean counts) {
  IvTime now = iv_clock_monotonic();
  if (counts || !p->have_day || now - p->day_at >= KPI_REFRESH)
    read_day(node, p);
  look_ahead(node, p, now);
  if (p->have_day) {
    g_rw_lock_reader_lock(&node->places);
    json_t *kpis = iv_node_live_kpis(node, &p->day);
    g_rw_lock_reader_unlock(&node->places);
    publish(node, "kpi", kpis);
  }
  p->kpi_at = now;
}

static void measure_rates(IvNode *node, IvTime span) {
  if (!node->pool)
    return;
  for (guint i = 0; i < node->n_cameras; i++) {
    IvNodeCamera *camera = &node->cameras[i];
    if (!camera->ingest)
      continue;
    guint64 analysed = iv_inference_pool_camera_counts(node->pool, camera->pool_camera).analysed;
    double fps = (double)(analysed - camera->analysed_then) * (double)IV_SECOND / (double)span;
    camera->analysed_then = analysed;
    g_mutex_lock(&node->mutex);
    camera->fps_analysed = fps;
    g_mutex_unlock(&node->mutex);
  }
}

static void publish_cameras(IvNode *node, Publisher *p) {
  IvTime now = iv_clock_monotonic();
  json_t *data = json_object();
  g_rw_lock_reader_lock(&node->places);
  if (now - p->cameras_at >= CAMERAS_SPAN / 2)
    measure_rates(node, now - p->cameras_at);
  json_object_set_new(data, "cameras", iv_node_cameras(node));
  g_rw_lock_reader_unlock(&node->places);
  publish(node, "cameras", data);
  p->cameras_at = now;
}

/* Waits until something is due. Returns FALSE when the node stops. */
static gboolean wait_for_work(IvNode *node, const Publisher *p, gboolean *ret_kpi,
                              gboolean *ret_counts, gboolean *ret_cameras) {
  g_mutex_lock(&node->mutex);
  for (;;) {
    IvTime now = iv_clock_monotonic();
    IvTime kpi_due = p->kpi_at + (node->kpi_dirty ? KPI_SPAN : KPI_REFRESH);
    IvTime cameras_due = p->cameras_at + (node->cameras_dirty ? KPI_SPAN : CAMERAS_SPAN);
    *ret_kpi = now >= kpi_due;
    *ret_cameras = now >= cameras_due;
    if (node->stopping || *ret_kpi || *ret_cameras)
      break;
    g_cond_wait_until(&node->changed, &node->mutex, MIN(kpi_due, cameras_due));
  }
  *ret_counts = *ret_kpi && node->counts_dirty;
  if (*ret_kpi)
    node->kpi_dirty = node->counts_dirty = FALSE;
  if (*ret_cameras)
    node->cameras_dirty = FALSE;
  gboolean go_on = !node->stopping;
  g_mutex_unlock(&node->mutex);
  return go_on;
}

gpointer iv_node_publish_loop(gpointer user_data) {
  IvNode *node = user_data;
  Publisher p = {.cameras_at = iv_clock_monotonic()};
  gboolean kpi, counts, cameras;
  while (wait_for_work(node, &p, &kpi, &counts, &cameras)) {
    if (kpi)
      publish_kpi(node, &p, counts);
    if (cameras)
      publish_cameras(node, &p);
  }
  if (p.have_day)
    iv_day_to_date_clear(&p.day);
  return NULL;
}

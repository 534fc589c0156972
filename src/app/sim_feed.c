/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sim_feed.h"

#include "app/sim_store_private.h"
#include "app/sim_till.h"
#include "kpi/calendar.h"

#define LOOK_ON (10 * IV_MINUTE) /* longer than anything takes to close or to be given up */

struct IvSimFeed {
  const IvSimStore *store;
  IvSim *sim; /* of the day */
  IvSimStage *stage;
  IvPeriod day;
  IvTime now, sampled; /* sampled: cameras have told until then */
  IvTime seen, looked; /* somebody was seen last, and looked for; IV_TIME_NONE = not yet today */
  guint visits;        /* of earlier days */
  IvSimYield *yield;   /* of the run in progress */
};

/* ---- what comes out ---- */

static void free_receipt(gpointer receipt) {
  iv_pos_receipt_free(receipt);
}

void iv_sim_yield_init(IvSimYield *ret_yield) {
  ret_yield->events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  ret_yield->receipts = g_ptr_array_new_with_free_func(free_receipt);
}

void iv_sim_yield_empty(IvSimYield *yield) {
  g_array_set_size(yield->events, 0);
  g_ptr_array_set_size(yield->receipts, 0);
}

void iv_sim_yield_clear(IvSimYield *yield) {
  g_clear_pointer(&yield->events, g_array_unref);
  g_clear_pointer(&yield->receipts, g_ptr_array_unref);
}

/* Time goes on after the last has left: a lane closes some minutes later, and whoever reads the
 * ledger at night finds it closed. Full minutes, so that it does not matter how a day is cut into
 * stretches; after LOOK_ON nothing changes any more until somebody comes. */
static void look_until(IvSimFeed *feed, IvTime until) {
  if (feed->seen == IV_TIME_NONE)
    return;
  IvTime end = MIN(until, feed->seen + LOOK_ON);
  for (IvTime t = iv_time_floor(feed->looked, IV_MINUTE) + IV_MINUTE; t < end; t += IV_MINUTE) {
    iv_sim_stage_take(feed->stage, t, NULL, 0, feed->yield->events);
    feed->looked = t;
  }
}

static void on_points(IvTime ts, const IvSimPoint *points, guint n, gpointer user_data) {
  IvSimFeed *feed = user_data;
  look_until(feed, ts);
  iv_sim_stage_take(feed->stage, ts, points, n, feed->yield->events);
  feed->seen = feed->looked = ts;
}

/* Numbers begin again each day, so the day is in them. */
static void on_receipt(const IvReceipt *receipt, gpointer user_data) {
  IvSimFeed *feed = user_data;
  char day[IV_DAY_TEXT_MAX];
  IvPosReceipt *out = iv_sim_till_receipt(feed->store->scenario, receipt);
  iv_calendar_day_text(feed->store->zone, feed->day.from, day);
  g_snprintf(out->number, sizeof out->number, "%s-%u", day, receipt->number);
  g_ptr_array_add(feed->yield->receipts, out);
}

static void sample_camera(const IvSimFeed *feed, const IvSlug *camera, IvTime ts) {
  IvEvent event;
  iv_event_init(&event, IV_EVENT_CAMERA_SAMPLE, ts);
  event.end_ts = ts + IV_SIM_SAMPLE_SPAN;
  event.store_id = feed->store->scenario->id;
  iv_slug_set(&event.edge_id, IV_SIM_EDGE);
  event.camera_id = *camera;
  event.scene_version = 1;
  iv_event_set_number(&event, IV_ATTR_ALIVE_S, (double)IV_SIM_SAMPLE_SPAN / (double)IV_SECOND);
  iv_event_set_number(&event, IV_ATTR_SPAN_S, (double)IV_SIM_SAMPLE_SPAN / (double)IV_SECOND);
  iv_event_set_id(&event, "camera");
  g_array_append_val(feed->yield->events, event);
}

/* Simulated cameras are alive all the time. */
static void sample_until(IvSimFeed *feed, IvTime until) {
  for (; feed->sampled + IV_SIM_SAMPLE_SPAN <= until; feed->sampled += IV_SIM_SAMPLE_SPAN)
    for (guint i = 0; i < iv_sim_stage_n_scenes(feed->stage); i++)
      sample_camera(feed, &iv_sim_stage_scene(feed->stage, i)->camera_id, feed->sampled);
}

/* ---- days ---- */

/* splitmix64 of seed and date: neighbours have nothing in common. */
static guint64 day_seed(const IvSimFeed *feed) {
  guint64 x = (guint64)feed->store->seed * 0x9e3779b97f4a7c15u +
              iv_calendar_day_number(feed->store->zone, feed->day.from);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static void end_day(IvSimFeed *feed) {
  if (feed->sim)
    feed->visits += iv_sim_tally(feed->sim).visits;
  g_clear_pointer(&feed->sim, iv_sim_free);
  g_clear_pointer(&feed->stage, iv_sim_stage_free);
}

static gboolean begin_day(IvSimFeed *feed, IvTime t, GError **error) {
  const IvSimStore *store = feed->store;
  const IvSimOutput output = {.receipt = on_receipt, .points = on_points, .user_data = feed};
  IvRuleLimits limits = iv_sim_store_limits();
  feed->day =
      (IvPeriod){iv_calendar_day_start(store->zone, t), iv_calendar_day_end(store->zone, t)};
  IvSimConfig config = {.seed = day_seed(feed), .start = feed->day.from, .until = feed->day.to};
  feed->sim = iv_sim_new(store->scenario, store->zone, &config, &output, error);
  if (!feed->sim)
    return FALSE;
  feed->stage = iv_sim_stage_new(store->scenario, &limits);
  feed->now = feed->sampled = feed->day.from;
  feed->seen = feed->looked = IV_TIME_NONE;
  return TRUE;
}

IvSimFeed *iv_sim_feed_new(const IvSimStore *store, IvTime from, GError **error) {
  g_autoptr(IvSimFeed) feed = g_new0(IvSimFeed, 1);
  feed->store = store;
  return begin_day(feed, from, error) ? g_steal_pointer(&feed) : NULL;
}

void iv_sim_feed_free(IvSimFeed *feed) {
  if (!feed)
    return;
  end_day(feed);
  g_free(feed);
}

gboolean iv_sim_feed_run(IvSimFeed *feed, IvTime until, IvSimYield *yield, GError **error) {
  feed->yield = yield;
  while (feed->now < until) {
    if (feed->now >= feed->day.to) {
      end_day(feed);
      if (!begin_day(feed, feed->day.to, error))
        return FALSE;
    }
    feed->now = MIN(until, feed->day.to);
    iv_sim_run(feed->sim, feed->now);
    look_until(feed, feed->now);
    sample_until(feed, feed->now);
    if (feed->now == feed->day.to)
      iv_sim_stage_end(feed->stage, yield->events);
  }
  return TRUE;
}

IvTime iv_sim_feed_now(const IvSimFeed *feed) {
  return feed->now;
}

guint iv_sim_feed_visits(const IvSimFeed *feed) {
  return feed->visits + iv_sim_tally(feed->sim).visits;
}

void iv_sim_feed_glance(const IvSimFeed *feed, guint i, IvGlance *ret_glance) {
  *ret_glance = (IvGlance){.ts = feed->now};
  if (i >= iv_sim_stage_n_scenes(feed->stage))
    return;
  ret_glance->n_tracks = iv_sim_stage_tracks(feed->stage, i, feed->now - IV_SECOND,
                                             IV_LIVE_TRACKS_MAX, ret_glance->tracks);
  ret_glance->people = ret_glance->n_tracks;
  iv_glance_take_rules(ret_glance, iv_sim_stage_rules(feed->stage, i));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye bench replay`: a day of a simulated store as its cameras' tracks would have told it, some
 * pictures a second with the unrest of real boxes: counted live, kept as trajectories, and replayed
 * under the same drawing. How long that takes, how many bytes a second of track takes, and how far
 * the figures are apart. */
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>

#include "app/replay.h"
#include "app/sim_books.h"
#include "base/clock.h"
#include "cli/bench_folder.h"
#include "cli/sim_setup.h"
#include "cli/verbs.h"
#include "rules/camera_rules.h"
#include "store/catalog.h"
#include "store/paths.h"
#include "track/path_piece.h"

#define CAMERAS 16
#define PICTURES 3 /* a tick of the simulator: 6 a second */
#define LOST_AFTER IV_SECOND
#define ENDED_AFTER (4 * IV_SECOND)
#define DRIFT 0.85 /* of the unrest that is left at the next picture: 1 s of it */
#define EVENTS_BATCH 2000
#define PIECES_BATCH 500
#define IMAGE ((IvSize){1280, 720})

typedef struct {
  guint64 id;
  IvPoint from, to; /* at the tick before, and at this one */
  IvTime seen;
  gboolean fresh, lost, here;
  float off_x, off_y; /* where its box is seen, share of the picture's height */
} Walker;

typedef struct {
  IvScene *scene;
  IvCameraRules *rules;
  IvPathWriter *paths;
  GArray *walkers; /* Walker, by id */
} Camera;

typedef struct {
  IvSimSetup setup;
  char *folder;
  IvStore *store;
  IvLedgerBook *book;
  Camera cameras[CAMERAS];
  double unrest; /* of ground points, share of the picture's height */
  GRand *dice;
  GArray *events;    /* IvEvent, not yet in the ledger */
  GPtrArray *pieces; /* IvPathRow, not yet stored */
  GArray *points;    /* IvTrackPoint of a picture */
  IvTime ticked;
  guint64 n_points, bytes, track_us, n_events;
  GError *error; /* the first */
} Bench;

static void row_free(gpointer p) {
  iv_path_row_clear(p);
  g_free(p);
}

static void bench_clear(Bench *bench) {
  for (guint i = 0; i < CAMERAS; i++) {
    iv_scene_free(bench->cameras[i].scene);
    iv_camera_rules_free(bench->cameras[i].rules);
    iv_path_writer_free(bench->cameras[i].paths);
    g_clear_pointer(&bench->cameras[i].walkers, g_array_unref);
  }
  g_clear_pointer(&bench->book, iv_ledger_book_free);
  g_clear_pointer(&bench->store, iv_store_close);
  if (bench->folder)
    iv_bench_folder_remove(bench->folder);
  g_clear_pointer(&bench->folder, g_free);
  g_clear_pointer(&bench->dice, g_rand_free);
  g_clear_pointer(&bench->events, g_array_unref);
  g_clear_pointer(&bench->pieces, g_ptr_array_unref);
  g_clear_pointer(&bench->points, g_array_unref);
  g_clear_error(&bench->error);
  iv_sim_setup_clear(&bench->setup);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Bench, bench_clear)

/* ---- the store ---- */

static void draw_zone(IvZone *zone, guint i) {
  float x = 0.1f + 0.4f * (float)(i % 2), y = 0.3f + 0.35f * (float)(i / 2);
  const IvPoint corners[] = {{x, y}, {x + 0.35f, y}, {x + 0.35f, y + 0.3f}, {x, y + 0.3f}};
  g_snprintf(zone->id.text, sizeof zone->id.text, "zone-%u", i + 1);
  g_strlcpy(zone->name, zone->id.text, sizeof zone->name);
  zone->n_points = G_N_ELEMENTS(corners);
  for (guint k = 0; k < G_N_ELEMENTS(corners); k++)
    zone->polygon[k] = corners[k];
}

/* Two lines and four zones in each picture. */
static IvScene *draw(guint i) {
  static const IvPoint ends[2][2] = {{{0.5f, 0.05f}, {0.5f, 0.98f}},
                                     {{0.02f, 0.6f}, {0.98f, 0.6f}}};
  IvScene *scene = g_new0(IvScene, 1);
  g_snprintf(scene->camera_id.text, sizeof scene->camera_id.text, "camera-%02u", i + 1);
  scene->version = 1;
  scene->image = IMAGE;
  scene->n_lines = 2;
  scene->lines = g_new0(IvLine, 2);
  for (guint k = 0; k < 2; k++) {
    g_snprintf(scene->lines[k].id.text, sizeof scene->lines[k].id.text, "line-%u", k + 1);
    g_strlcpy(scene->lines[k].name, scene->lines[k].id.text, sizeof scene->lines[k].name);
    scene->lines[k].kind = IV_LINE_INTERNAL;
    scene->lines[k].a = ends[k][0];
    scene->lines[k].b = ends[k][1];
  }
  scene->n_zones = 4;
  scene->zones = g_new0(IvZone, 4);
  for (guint k = 0; k < 4; k++)
    draw_zone(&scene->zones[k], k);
  return scene;
}

static IvConfig *make_config(const Bench *bench) {
  IvConfig *config = iv_config_new();
  config->store.id = bench->setup.scenario->id;
  config->n_cameras = CAMERAS;
  config->cameras = g_new0(IvCameraConfig, CAMERAS);
  for (guint i = 0; i < CAMERAS; i++) {
    IvCameraConfig *camera = &config->cameras[i];
    camera->scene = iv_scene_copy(bench->cameras[i].scene);
    camera->id = camera->scene->camera_id;
    camera->name = g_strdup(camera->id.text);
    camera->number = (int)i + 1;
    camera->enabled = TRUE;
  }
  return config;
}

static gboolean open_store(Bench *bench, GError **error) {
  g_autofree char *path = NULL;
  char **notes = NULL;
  bench->folder = g_dir_make_tmp("inveye-replay-XXXXXX", error);
  if (!bench->folder)
    return FALSE;
  path = g_build_filename(bench->folder, "inveye.db", NULL);
  bench->store = iv_store_open(path, error);
  if (!bench->store)
    return FALSE;
  IvKpiLimits limits = iv_kpi_limits_default();
  bench->book = iv_ledger_book_new(bench->store, &limits);
  g_autoptr(IvConfig) config = make_config(bench);
  gboolean fine = iv_catalog_import(bench->store, config, iv_clock_now(), &notes, error);
  g_strfreev(notes);
  return fine;
}

static void open_cameras(Bench *bench) {
  IvRuleLimits limits = iv_rule_limits_default();
  for (guint i = 0; i < CAMERAS; i++) {
    Camera *camera = &bench->cameras[i];
    camera->scene = draw(i);
    IvRulesSource source = {.store_id = bench->setup.scenario->id,
                            .camera_id = camera->scene->camera_id,
                            .model_version = "simulated"};
    iv_slug_set(&source.edge_id, "simulator");
    camera->rules = iv_camera_rules_new(&limits, &source, camera->scene);
    camera->paths = iv_path_writer_new();
    camera->walkers = g_array_new(FALSE, TRUE, sizeof(Walker));
  }
}

/* ---- storing ---- */

static gboolean put_pieces(IvSql *sql, gpointer arg, GError **error) {
  const Bench *bench = arg;
  for (guint i = 0; i < bench->pieces->len; i++)
    if (!iv_paths_put(sql, bench->setup.scenario->id.text, bench->pieces->pdata[i], error))
      return FALSE;
  return TRUE;
}

static void flush(Bench *bench) {
  IvSimLoss loss = {0};
  bench->n_events += bench->events->len;
  if (!bench->error && bench->pieces->len > 0)
    iv_store_write(bench->store, put_pieces, bench, &bench->error);
  if (!bench->error && bench->events->len > 0)
    iv_sim_books_put_events(bench->book, bench->events, iv_clock_now(), &loss, &bench->error);
  if (loss.refused > 0 && !bench->error)
    g_set_error(&bench->error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID, "%u events refused: %s",
                loss.refused, loss.reason);
  g_array_set_size(bench->events, 0);
  g_ptr_array_set_size(bench->pieces, 0);
}

static void cut(Bench *bench, Camera *camera) {
  IvPathPiece piece;
  if (!iv_path_writer_cut(camera->paths, &piece))
    return;
  IvPathRow *row = g_new0(IvPathRow, 1);
  *row = (IvPathRow){camera->scene->camera_id, piece.from,  piece.to,
                     piece.track_us,           piece.bytes, piece.n};
  bench->bytes += piece.n;
  bench->track_us += piece.track_us;
  g_ptr_array_add(bench->pieces, row);
  if (bench->pieces->len >= PIECES_BATCH || bench->events->len >= EVENTS_BATCH)
    flush(bench);
}

/* ---- pictures ---- */

/* The unrest of a track goes on for a while, as its motion is filtered. */
static float drift(Bench *bench, float before) {
  double fresh = bench->unrest * g_rand_double_range(bench->dice, -1.73, 1.73);
  return (float)(DRIFT * (double)before + sqrt(1 - DRIFT * DRIFT) * fresh);
}

static void tell(Bench *bench, Walker *walker, IvTrackState state, IvTime ts, float share) {
  walker->off_x = drift(bench, walker->off_x);
  walker->off_y = drift(bench, walker->off_y);
  float x = walker->from.x + share * (walker->to.x - walker->from.x) +
            walker->off_x * (float)IMAGE.height / (float)IMAGE.width;
  float y = walker->from.y + share * (walker->to.y - walker->from.y) + walker->off_y;
  float h = 0.12f + 0.25f * y;
  IvTrackPoint point = {.tracklet_id = walker->id,
                        .state = state,
                        .ts = ts,
                        .box = {x - h / 6, y - h, x + h / 6, y},
                        .ground = {x, y},
                        .score = state == IV_TRACK_CONFIRMED ? 0.8f : 0};
  g_array_append_val(bench->points, point);
}

static void look_at(Bench *bench, Walker *walker, IvTime ts, float share) {
  if (walker->here && (!walker->fresh || share >= 1)) {
    walker->seen = ts;
    walker->lost = FALSE;
    tell(bench, walker, IV_TRACK_CONFIRMED, ts, share);
  } else if (!walker->here && !walker->lost && ts - walker->seen >= LOST_AFTER) {
    walker->lost = TRUE;
    tell(bench, walker, IV_TRACK_LOST, walker->seen, 1);
  } else if (!walker->here && ts - walker->seen >= ENDED_AFTER) {
    tell(bench, walker, IV_TRACK_ENDED, walker->seen, 1);
    walker->id = 0;
  }
}

static void show_picture(Bench *bench, Camera *camera, IvTime ts, float share) {
  guint kept = 0;
  g_array_set_size(bench->points, 0);
  for (guint i = 0; i < camera->walkers->len; i++) {
    Walker *walker = &g_array_index(camera->walkers, Walker, i);
    look_at(bench, walker, ts, share);
    if (walker->id != 0)
      g_array_index(camera->walkers, Walker, kept++) = *walker;
  }
  g_array_set_size(camera->walkers, kept);
  const IvTrackPoint *points = (const IvTrackPoint *)(gconstpointer)bench->points->data;
  bench->n_points += bench->points->len;
  iv_camera_rules_update(camera->rules, points, bench->points->len, bench->events);
  iv_path_writer_frame(camera->paths, ts, IMAGE, points, bench->points->len);
  if (iv_path_writer_is_due(camera->paths))
    cut(bench, camera);
  iv_camera_rules_tick(camera->rules, ts, bench->events);
}

/* ---- from the simulator ---- */

static Walker *walker_of(Camera *camera, guint64 id) {
  for (guint i = camera->walkers->len; i-- > 0;)
    if (g_array_index(camera->walkers, Walker, i).id == id)
      return &g_array_index(camera->walkers, Walker, i);
  Walker walker = {.id = id, .fresh = TRUE};
  g_array_append_val(camera->walkers, walker);
  return &g_array_index(camera->walkers, Walker, camera->walkers->len - 1);
}

static int by_id(gconstpointer a, gconstpointer b) {
  const Walker *x = a, *y = b;
  return x->id < y->id ? -1 : x->id > y->id;
}

static void place(Bench *bench, guint index, const IvSimPoint *points, guint n) {
  Camera *camera = &bench->cameras[index];
  for (guint i = 0; i < camera->walkers->len; i++) {
    Walker *walker = &g_array_index(camera->walkers, Walker, i);
    walker->fresh = walker->here = FALSE;
    walker->from = walker->to;
  }
  for (guint i = 0; i < n; i++) {
    if (points[i].camera != index % bench->setup.scenario->n_cameras)
      continue;
    Walker *walker = walker_of(camera, points[i].tracklet);
    IvPoint at = {points[i].u, points[i].v};
    walker->fresh |= walker->seen == 0 || walker->lost;
    walker->from = walker->fresh ? at : walker->from;
    walker->to = at;
    walker->here = TRUE;
  }
  g_array_sort(camera->walkers, by_id);
}

static void take_points(IvTime ts, const IvSimPoint *points, guint n, gpointer user_data) {
  Bench *bench = user_data;
  /* Nobody was seen for a while: empty pictures until the last tick. */
  for (; bench->ticked && bench->ticked + IV_SIM_TICK < ts;) {
    bench->ticked += IV_SIM_TICK;
    for (guint i = 0; i < CAMERAS; i++) {
      place(bench, i, NULL, 0);
      show_picture(bench, &bench->cameras[i], bench->ticked, 1);
    }
  }
  for (guint i = 0; i < CAMERAS; i++) {
    place(bench, i, points, n);
    for (guint k = 1; k <= PICTURES; k++)
      show_picture(bench, &bench->cameras[i], ts - IV_SIM_TICK + (IvTime)k * IV_SIM_TICK / PICTURES,
                   (float)k / PICTURES);
  }
  bench->ticked = ts;
}

static gboolean act_out(Bench *bench, GError **error) {
  const IvSimOutput output = {.points = take_points, .user_data = bench};
  g_autoptr(IvSim) sim =
      iv_sim_new(bench->setup.scenario, bench->setup.zone, &bench->setup.config, &output, error);
  if (!sim)
    return FALSE;
  iv_sim_run(sim, bench->setup.config.until);
  for (guint i = 0; i < CAMERAS; i++) {
    for (guint k = 1; k <= 10; k++) { /* everybody has gone */
      place(bench, i, NULL, 0);
      show_picture(bench, &bench->cameras[i], bench->ticked + (IvTime)k * IV_SIM_TICK, 1);
    }
    iv_camera_rules_finish(bench->cameras[i].rules, bench->events);
    cut(bench, &bench->cameras[i]);
  }
  flush(bench);
  if (bench->error)
    g_propagate_error(error, g_steal_pointer(&bench->error));
  return *error == NULL;
}

/* ---- measuring ---- */

typedef struct {
  double lines_error, visitors_error, stays_error; /* shares of all crossings, visitors, stays */
  double dwell_error;                              /* s, mean of all zones */
  double dwell_worst; /* s, the worst zone's with 20 visitors or more */
} Difference;

typedef struct {
  gint64 off, all;
} Tally;

static void add(Tally *tally, const IvReplayRow *row, guint measure) {
  tally->off += ABS(row->recorded[measure] - row->replayed[measure]);
  tally->all += row->recorded[measure];
}

static double share_of(const Tally *tally) {
  return (double)tally->off / (double)MAX(tally->all, 1);
}

/* Of a zone's amounts, seconds. */
static double mean_dwell(const gint64 *amounts) {
  return (double)amounts[IV_ZONE_DWELL_MS] / 1000 / (double)MAX(amounts[IV_ZONE_VISITORS], 1);
}

static Difference compare(const IvReplayResult *result) {
  Difference difference = {0};
  Tally lines = {0}, visitors = {0}, stays = {0};
  gint64 recorded[IV_MEASURES_MAX] = {0}, replayed[IV_MEASURES_MAX] = {0};
  for (guint i = 0; i < result->rows->len; i++) {
    const IvReplayRow *row = &g_array_index(result->rows, IvReplayRow, i);
    if (row->subject == IV_SUBJECT_LINE) {
      add(&lines, row, IV_LINE_IN);
      add(&lines, row, IV_LINE_OUT);
      continue;
    }
    add(&visitors, row, IV_ZONE_VISITORS);
    add(&stays, row, IV_ZONE_VISITS);
    for (guint k = 0; k < IV_MEASURES_MAX; k++) {
      recorded[k] += row->recorded[k];
      replayed[k] += row->replayed[k];
    }
    double off = fabs(mean_dwell(row->recorded) - mean_dwell(row->replayed));
    if (row->recorded[IV_ZONE_VISITORS] >= 20)
      difference.dwell_worst = MAX(difference.dwell_worst, off);
  }
  difference.lines_error = share_of(&lines);
  difference.visitors_error = share_of(&visitors);
  difference.stays_error = share_of(&stays);
  difference.dwell_error = fabs(mean_dwell(recorded) - mean_dwell(replayed));
  return difference;
}

static char *replay_once(const Bench *bench, IvTime *ret_spent, Difference *ret_difference,
                         GError **error) {
  g_autoptr(IvConfig) config = iv_config_new();
  const IvReplayJob job = {.store = bench->store,
                           .store_id = bench->setup.scenario->id.text,
                           .rules = config->rules,
                           .from = bench->setup.config.start - IV_HOUR,
                           .to = bench->setup.config.until + IV_HOUR};
  IvTime start = iv_clock_process_cpu();
  g_autoptr(IvReplayResult) result = iv_replay_run(&job, error);
  *ret_spent = iv_clock_process_cpu() - start;
  if (!result)
    return NULL;
  *ret_difference = compare(result);
  json_t *json = iv_replay_to_json(result);
  char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(12));
  json_decref(json);
  return text;
}

static int measure(Bench *bench, gboolean as_json) {
  g_autoptr(GError) error = NULL;
  IvTime spent = 0, again = 0;
  Difference difference = {0};
  g_autofree char *first = replay_once(bench, &spent, &difference, &error);
  g_autofree char *second = first ? replay_once(bench, &again, &difference, &error) : NULL;
  if (!second)
    return iv_verb_fail(&iv_verb_bench_replay, "%s", error->message);
  gboolean same = g_str_equal(first, second);
  double seconds = (double)MIN(spent, again) / (double)IV_SECOND;
  double track_s = (double)bench->track_us / (double)IV_SECOND;
  double rate = (double)bench->bytes / MAX(track_s, 1);
  printf(as_json ? "{\"cpu_seconds\":%.2f,\"cameras\":%d,\"points\":%" G_GUINT64_FORMAT
                   ",\"events\":%" G_GUINT64_FORMAT ",\"track_seconds\":%.0f,"
                   "\"bytes_per_track_second\":%.2f,\"lines_error\":%.6f,"
                   "\"visitors_error\":%.6f,\"stays_error\":%.6f,\"dwell_error_s\":%.4f,"
                   "\"dwell_worst_s\":%.4f,\"same_bytes\":%s}\n"
                 : "replayed in %.2f s of one core: %d cameras, %" G_GUINT64_FORMAT
                   " points, %" G_GUINT64_FORMAT " events; %.0f s of track at %.2f bytes a second; "
                   "off by these shares: crossings %.6f, visitors %.6f, stays of any length %.6f; "
                   "mean dwell by %.4f s, of the worst zone by %.4f s; same bytes twice: %s\n",
         seconds, CAMERAS, bench->n_points, bench->n_events, track_s, rate, difference.lines_error,
         difference.visitors_error, difference.stays_error, difference.dwell_error,
         difference.dwell_worst, same ? "true" : "false");
  return same ? 0 : IV_EXIT_FAILED;
}

static int run(int argc, char **argv) {
  g_auto(IvSimOptions) sim = {.seed = 1};
  gboolean as_json = FALSE;
  double unrest = 0.003;
  const GOptionEntry options[] = {
      {"scenario", 0, 0, G_OPTION_ARG_FILENAME, &sim.scenario, "the store", "FILE"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &sim.seed, "seed of all chance (default: 1)", "K"},
      {"hours", 0, 0, G_OPTION_ARG_DOUBLE, &sim.hours, "instead of a day, from the opening on",
       "H"},
      {"unrest", 0, 0, G_OPTION_ARG_DOUBLE, &unrest,
       "of ground points, standard deviation, share of the picture's height (default: 0.003)", "X"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print one JSON object", NULL},
      G_OPTION_ENTRY_NULL,
  };
  if (!iv_verb_parse(&iv_verb_bench_replay, options, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!(unrest >= 0 && unrest <= 0.1)) {
    iv_verb_fail(&iv_verb_bench_replay, "--unrest is 0 to 0.1");
    return IV_EXIT_USAGE;
  }
  sim.days = sim.hours > 0 ? 0 : 1;
  g_autoptr(GError) error = NULL;
  g_auto(Bench) bench = {.unrest = unrest,
                         .dice = g_rand_new_with_seed((guint32)sim.seed),
                         .events = g_array_new(FALSE, FALSE, sizeof(IvEvent)),
                         .points = g_array_new(FALSE, FALSE, sizeof(IvTrackPoint)),
                         .pieces = g_ptr_array_new_with_free_func(row_free)};
  if (!iv_sim_setup_load(&bench.setup, &sim, &error))
    return iv_verb_fail(&iv_verb_bench_replay, "%s", error->message);
  open_cameras(&bench);
  if (!open_store(&bench, &error) || !act_out(&bench, &error))
    return iv_verb_fail(&iv_verb_bench_replay, "%s", error->message);
  return measure(&bench, as_json);
}

const IvVerb iv_verb_bench_replay = {"bench replay", "measure the replay of a day of 16 cameras",
                                     "--scenario FILE [--seed K] [--hours H] [--unrest X] [--json]",
                                     run};

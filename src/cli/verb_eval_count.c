/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye eval count`: counts on a film with the product's own detector, tracker and rules. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/camera_line.h"
#include "app/film.h"
#include "cli/detector_options.h"
#include "cli/mot_read.h"
#include "cli/verbs.h"
#include "eval/count_truth.h"
#include "track/appearance.h"

#define TRUTH_HALF_BAND 10.0 /* pixels */

typedef struct {
  IvCameraLine *line;
  IvScene *scene;
  GArray *events;
  IvAppearance looks[IV_DETECTIONS_MAX];
  guint peak[IV_SCENE_ZONES_MAX];
  guint64 frames;
  const GArray *truth; /* NULL = none given; borrowed */
} Count;

/* Distances are measured in pixels, so the line is made when the first frame tells the size. */
static void begin(Count *count, IvSize image) {
  IvCameraLineConfig config = {.tracker = iv_tracker_config_default(),
                               .limits = iv_rule_limits_default()};
  iv_slug_set(&config.source.store_id, "eval");
  iv_slug_set(&config.source.camera_id, "film");
  count->scene->image = image;
  count->line = iv_camera_line_new(&config, count->scene);
}

static gboolean see(const IvFrame *frame, const IvDetection *found, guint n, gpointer user_data) {
  Count *count = user_data;
  if (!count->line)
    begin(count, frame->size);
  for (guint i = 0; i < n; i++)
    count->looks[i] = iv_appearance_from_frame(frame, found[i].box);
  IvSighting sighting = {.ts = frame->ts,
                         .discontinuity = frame->discontinuity,
                         .image = frame->size,
                         .detections = found,
                         .looks = count->looks,
                         .n = n};
  iv_camera_line_take(count->line, &sighting, count->events);
  for (guint i = 0; i < count->scene->n_zones; i++)
    count->peak[i] =
        MAX(count->peak[i], iv_camera_rules_occupancy(iv_camera_line_rules(count->line), i));
  count->frames++;
  return TRUE;
}

static gboolean add_line(GArray *lines, const char *text) {
  double v[4];
  IvLine line = {.kind = IV_LINE_INTERNAL};
  if (!iv_verb_numbers(text, 4, v))
    return FALSE;
  g_snprintf(line.id.text, sizeof line.id.text, "line-%u", lines->len + 1);
  line.a = (IvPoint){(float)v[0], (float)v[1]};
  line.b = (IvPoint){(float)v[2], (float)v[3]};
  g_array_append_val(lines, line);
  return TRUE;
}

static gboolean add_zone(GArray *zones, const char *text) {
  double v[2 * IV_POLYGON_MAX];
  IvZone zone = {.kind = IV_ZONE_GENERAL};
  guint n = 1;
  for (const char *p = text; *p; p++)
    n += *p == ',';
  if (n % 2 || n < 6 || n > G_N_ELEMENTS(v) || !iv_verb_numbers(text, n, v))
    return FALSE;
  g_snprintf(zone.id.text, sizeof zone.id.text, "zone-%u", zones->len + 1);
  zone.n_points = n / 2;
  for (guint i = 0; i < zone.n_points; i++)
    zone.polygon[i] = (IvPoint){(float)v[2 * i], (float)v[2 * i + 1]};
  g_array_append_val(zones, zone);
  return TRUE;
}

typedef struct {
  char *video, *gt;
  char **lines, **zones;
  double fps;
  gboolean json;
} Options;

static IvScene *make_scene(const Options *options, GError **error) {
  g_autoptr(GArray) lines = g_array_new(FALSE, TRUE, sizeof(IvLine));
  g_autoptr(GArray) zones = g_array_new(FALSE, TRUE, sizeof(IvZone));
  for (char **text = options->lines; text && *text; text++)
    if (!add_line(lines, *text)) {
      g_set_error(error, IV_SCENE_ERROR, IV_SCENE_ERROR_INVALID,
                  "--line %s: write x1,y1,x2,y2 with numbers from 0 to 1", *text);
      return NULL;
    }
  for (char **text = options->zones; text && *text; text++)
    if (!add_zone(zones, *text)) {
      g_set_error(error, IV_SCENE_ERROR, IV_SCENE_ERROR_INVALID,
                  "--zone %s: write x,y,x,y,... with 3 to %d corners from 0 to 1", *text,
                  IV_POLYGON_MAX);
      return NULL;
    }
  g_autoptr(IvScene) scene = g_new0(IvScene, 1);
  scene->version = 1;
  scene->image = (IvSize){1, 1}; /* until the first frame */
  scene->n_lines = lines->len;
  scene->n_zones = zones->len;
  scene->lines = (IvLine *)g_array_free(g_steal_pointer(&lines), FALSE);
  scene->zones = (IvZone *)g_array_free(g_steal_pointer(&zones), FALSE);
  return iv_scene_check(scene, error) ? g_steal_pointer(&scene) : NULL;
}

static IvPoint in_pixels(const Count *count, IvPoint p) {
  return (IvPoint){p.x * (float)count->scene->image.width, p.y * (float)count->scene->image.height};
}

static void add_line_truth(const Count *count, const IvLine *line, json_t *figures) {
  IvTruthCrossings truth = iv_truth_crossings(count->truth, in_pixels(count, line->a),
                                              in_pixels(count, line->b), TRUTH_HALF_BAND);
  json_object_set_new(figures, "true_in", json_integer(truth.in));
  json_object_set_new(figures, "true_out", json_integer(truth.out));
}

static void add_zone_truth(const Count *count, const IvZone *zone, json_t *figures) {
  IvPoint polygon[IV_POLYGON_MAX];
  for (guint i = 0; i < zone->n_points; i++)
    polygon[i] = in_pixels(count, zone->polygon[i]);
  IvTruthZone truth = iv_truth_zone(count->truth, polygon, zone->n_points);
  json_object_set_new(figures, "true_entries", json_integer(truth.entries));
  json_object_set_new(figures, "true_people", json_integer(truth.people));
  json_object_set_new(figures, "true_peak", json_integer(truth.peak));
  json_object_set_new(figures, "true_person_frames", json_integer((json_int_t)truth.person_frames));
}

static json_t *line_figures(const Count *count, const IvLine *line) {
  int in = 0, out = 0;
  for (guint i = 0; i < count->events->len; i++) {
    const IvEvent *event = &g_array_index(count->events, IvEvent, i);
    if (event->kind != IV_EVENT_LINE_CROSSED || strcmp(event->line_id.text, line->id.text) != 0)
      continue;
    gboolean inward = strcmp(iv_event_attr(event, IV_ATTR_DIRECTION)->text, "in") == 0;
    in += inward;
    out += !inward;
  }
  json_t *figures = json_pack("{s:s, s:i, s:i}", "id", line->id.text, "in", in, "out", out);
  if (count->truth)
    add_line_truth(count, line, figures);
  return figures;
}

static json_t *zone_figures(const Count *count, guint index) {
  const char *id = count->scene->zones[index].id.text;
  int entries = 0;
  double dwell = 0;
  for (guint i = 0; i < count->events->len; i++) {
    const IvEvent *event = &g_array_index(count->events, IvEvent, i);
    if (event->kind != IV_EVENT_ZONE_VISIT || strcmp(event->zone_id.text, id) != 0)
      continue;
    entries++;
    dwell += iv_event_attr(event, IV_ATTR_DWELL_S)->number;
  }
  json_t *zone = json_pack("{s:s, s:i, s:i, s:f}", "id", id, "entries", entries, "peak",
                           (int)count->peak[index], "dwell_total_s", dwell);
  json_object_set_new(zone, "dwell_mean_s", entries ? json_real(dwell / entries) : json_null());
  if (count->truth)
    add_zone_truth(count, &count->scene->zones[index], zone);
  return zone;
}

static int whole(const json_t *row, const char *key) {
  return (int)json_integer_value(json_object_get(row, key));
}

/* Share of wrong crossings over all lines and both ways; NaN without a truth. */
static double lines_error(const json_t *lines) {
  gsize i;
  const json_t *row;
  int wrong = 0, all = 0;
  json_array_foreach(lines, i, row) {
    wrong += abs(whole(row, "in") - whole(row, "true_in")) +
             abs(whole(row, "out") - whole(row, "true_out"));
    all += whole(row, "true_in") + whole(row, "true_out");
  }
  return all ? (double)wrong / all : (double)NAN;
}

static json_t *figures(const Count *count) {
  json_t *lines = json_array(), *zones = json_array();
  for (guint i = 0; i < count->scene->n_lines; i++)
    json_array_append_new(lines, line_figures(count, &count->scene->lines[i]));
  for (guint i = 0; i < count->scene->n_zones; i++)
    json_array_append_new(zones, zone_figures(count, i));
  json_t *all = json_pack("{s:I, s:o, s:o}", "frames", (json_int_t)count->frames, "lines", lines,
                          "zones", zones);
  if (count->truth && !isnan(lines_error(lines)))
    json_object_set_new(all, "lines_error", json_real(lines_error(lines)));
  /* With one line its figures stand at the top too, for scripts. */
  if (json_array_size(lines) == 1) {
    json_object_set(all, "in", json_object_get(json_array_get(lines, 0), "in"));
    json_object_set(all, "out", json_object_get(json_array_get(lines, 0), "out"));
  }
  return all;
}

static void print_text(json_t *all) {
  gsize i;
  json_t *row;
  const json_t *error = json_object_get(all, "lines_error");
  json_array_foreach(json_object_get(all, "lines"), i, row) {
    printf("%s: %d in, %d out", json_string_value(json_object_get(row, "id")), whole(row, "in"),
           whole(row, "out"));
    if (json_object_get(row, "true_in"))
      printf(" (in truth %d in, %d out)", whole(row, "true_in"), whole(row, "true_out"));
    putchar('\n');
  }
  json_array_foreach(json_object_get(all, "zones"), i, row) {
    const json_t *mean = json_object_get(row, "dwell_mean_s");
    printf("%s: %d entries, peak %d people, ", json_string_value(json_object_get(row, "id")),
           whole(row, "entries"), whole(row, "peak"));
    if (json_is_null(mean))
      printf("dwell n/a");
    else
      printf("dwell %.1f s on average", json_real_value(mean));
    if (json_object_get(row, "true_entries"))
      printf(" (in truth %d entries of %d people, peak %d)", whole(row, "true_entries"),
             whole(row, "true_people"), whole(row, "true_peak"));
    putchar('\n');
  }
  if (error)
    printf("all lines: %.1f %% of the true crossings missed or too many\n",
           100 * json_real_value(error));
}

static gboolean count_film(const Options *options, IvDetector *detector, Count *count,
                           GError **error) {
  IvFilmConfig film = {.video = options->video, .fps = options->fps, .progress = TRUE};
  gboolean fine = iv_film_run(&film, detector, see, count, error);
  if (count->line)
    iv_camera_line_end(count->line, count->events);
  g_clear_pointer(&count->line, iv_camera_line_free);
  return fine;
}

static int report(const Options *options, const Count *count) {
  json_t *all = figures(count);
  if (options->json) {
    json_dumpf(all, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
    putchar('\n');
  } else {
    print_text(all);
  }
  json_decref(all);
  return 0;
}

static int run(int argc, char **argv) {
  Options options = {0};
  g_auto(IvDetectorOptions) detector_options = {0};
  const GOptionEntry own[] = {
      {"video", 0, 0, G_OPTION_ARG_FILENAME, &options.video, "film to count on", "F"},
      {"line", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.lines, "line, shares of the picture",
       "x1,y1,x2,y2"},
      {"zone", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.zones, "zone, shares of the picture",
       "x,y,x,y,..."},
      {"gt", 0, 0, G_OPTION_ARG_FILENAME, &options.gt,
       "ground truth of the film (MOTChallenge): says what there was to count", "F"},
      {"fps", 0, 0, G_OPTION_ARG_DOUBLE, &options.fps, "analysed frames a second (default: all)",
       "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "figures as JSON", NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_autofree GOptionEntry *entries = iv_detector_option_entries(&detector_options, own);
  if (!iv_verb_parse(&iv_verb_eval_count, entries, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!options.video || (!options.lines && !options.zones)) {
    iv_verb_fail(&iv_verb_eval_count, "needs --video and at least one --line or --zone");
    return IV_EXIT_USAGE;
  }
  if (detector_options.score < 0)
    detector_options.score = (double)iv_tracker_config_default().low_score;
  g_autoptr(GError) error = NULL;
  g_autofree Count *count = g_new0(Count, 1);
  g_autoptr(IvScene) scene = make_scene(&options, &error);
  g_autoptr(IvDetector) detector =
      scene ? iv_detector_options_open(&detector_options, &error) : NULL;
  g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  g_autoptr(GArray) truth = NULL;
  if (options.gt && !(truth = iv_mot_read(options.gt, IV_MOT_GROUND_TRUTH, &error)))
    return iv_verb_fail(&iv_verb_eval_count, "%s", error->message);
  count->truth = truth;
  count->scene = scene;
  count->events = events;
  if (!detector || !count_film(&options, detector, count, &error))
    return iv_verb_fail(&iv_verb_eval_count, "%s", error->message);
  int status = report(&options, count);
  g_free(options.video);
  g_free(options.gt);
  g_strfreev(options.lines);
  g_strfreev(options.zones);
  return status;
}

const IvVerb iv_verb_eval_count = {
    "eval count",
    "count line crossings and zone visits on a film",
    "--video F [--line x1,y1,x2,y2]... [--zone x,y,...]... [--fps N] [--gt F] [--json]",
    run,
};

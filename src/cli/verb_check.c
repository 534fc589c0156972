/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/verbs.h"
#include "config/load.h"
#include "config/placement.h"
#include "config/reference.h"
#include "kpi/reference.h"
#include "model/event_reference.h"
#include "vision/ort.h"

typedef struct {
  gboolean json, print, reference, events, figures, placement;
} Options;

/* What a good file amounts to. */
typedef struct {
  guint cameras, enabled, zones, lines, lanes;
  char *model;
  gboolean model_found;
} Summary;

static Summary sum_up(const IvConfig *config) {
  Summary sum = {.cameras = config->n_cameras};
  for (guint i = 0; i < config->n_cameras; i++) {
    const IvCameraConfig *camera = &config->cameras[i];
    sum.enabled += camera->enabled ? 1 : 0;
    sum.zones += camera->scene ? camera->scene->n_zones : 0;
    sum.lines += camera->scene ? camera->scene->n_lines : 0;
    sum.lanes += camera->scene ? camera->scene->n_lanes : 0;
  }
  sum.model = config->detector.model ? g_strdup(config->detector.model)
                                     : iv_cache_path("models/nanodet.onnx");
  sum.model_found = g_file_test(sum.model, G_FILE_TEST_IS_REGULAR);
  return sum;
}

static void print_line(const Summary *sum, const IvConfig *config) {
  printf("%s is good: %u camera%s", config->path, sum->cameras, sum->cameras == 1 ? "" : "s");
  if (sum->enabled < sum->cameras)
    printf(" (%u enabled)", sum->enabled);
  printf(", %u zone%s, %u line%s", sum->zones, sum->zones == 1 ? "" : "s", sum->lines,
         sum->lines == 1 ? "" : "s");
  if (sum->lanes > 0)
    printf(", %u lane%s", sum->lanes, sum->lanes == 1 ? "" : "s");
  printf("\n");
  if (sum->model_found)
    printf("model: %s\n", sum->model);
  else
    printf("model: %s is not there; %s\n", sum->model,
           config->detector.model ? "put it there or mend detector.model"
                                  : "`make setup` fetches and converts it");
}

static void print_json(const IvConfigReport *report, const Summary *sum) {
  json_t *json =
      json_pack("{sb si si so}", "good", sum ? 1 : 0, "errors", (int)report->n_errors, "warnings",
                (int)report->n_warnings, "findings", iv_config_report_json(report));
  if (sum)
    json_object_set_new(json, "summary",
                        json_pack("{si si si si si ss sb}", "cameras", (int)sum->cameras, "enabled",
                                  (int)sum->enabled, "zones", (int)sum->zones, "lines",
                                  (int)sum->lines, "lanes", (int)sum->lanes, "model", sum->model,
                                  "model_found", sum->model_found ? 1 : 0));
  char *text = json_dumps(json, JSON_INDENT(2));
  puts(text);
  free(text);
  json_decref(json);
}

static guint print_findings(const char *whose, const GArray *found) {
  guint warnings = 0;
  for (guint i = 0; i < found->len; i++) {
    const IvPlacementFinding *f = &g_array_index(found, IvPlacementFinding, i);
    gboolean grave = f->grade == IV_PLACEMENT_WARNING;
    printf("%s: %s: %s\n", whose, grave ? "warning" : "note", f->advice);
    warnings += grave;
  }
  return warnings;
}

/* Of what the file draws; what was drawn in the dashboard since is judged there. */
static void print_placement(const IvConfig *config) {
  guint warnings = 0, n = 0;
  IvScene empty = {.image = {16, 9}};
  g_autofree IvPlacedCamera *placed = g_new0(IvPlacedCamera, MAX(config->n_cameras, 1));
  for (guint i = 0; i < config->n_cameras; i++) {
    const IvCameraConfig *camera = &config->cameras[i];
    const IvScene *scene = camera->scene ? camera->scene : &empty;
    g_autoptr(GArray) found = iv_placement_check(scene, camera->role);
    warnings += print_findings(camera->id.text, found);
    if (camera->enabled)
      placed[n++] = (IvPlacedCamera){camera->role, scene};
  }
  g_autoptr(GArray) found = iv_placement_check_store(config->floor_plan.scene, placed, n);
  warnings += print_findings("store", found);
  printf("placement: %u camera%s, %u warning%s\n", config->n_cameras,
         config->n_cameras == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
}

static int check(const char *path, const Options *options) {
  g_autoptr(IvConfigReport) report = iv_config_report_new(path);
  g_autoptr(IvConfig) config = iv_config_load(path, report);
  g_autofree char *findings = iv_config_report_text(report);
  Summary sum = {0};
  if (config)
    sum = sum_up(config);
  if (options->json)
    print_json(report, config ? &sum : NULL);
  else
    fputs(findings, stderr);
  if (config && options->print) {
    g_autofree char *printed = iv_config_print(config);
    fputs(printed, stdout);
  } else if (config && !options->json) {
    print_line(&sum, config);
    if (options->placement)
      print_placement(config);
  }
  g_free(sum.model);
  return config ? 0 : IV_EXIT_FAILED;
}

static int run(int argc, char **argv) {
  Options options = {0};
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print findings and summary as JSON", NULL},
      {"print", 0, 0, G_OPTION_ARG_NONE, &options.print,
       "Print the effective configuration: defaults filled in, passwords hidden", NULL},
      {"placement", 0, 0, G_OPTION_ARG_NONE, &options.placement,
       "Say of each camera whether it hangs so that it can do what is drawn for it", NULL},
      {"reference", 0, 0, G_OPTION_ARG_NONE, &options.reference,
       "Print the reference of all keys (docs/configuration.md)", NULL},
      {"events", 0, 0, G_OPTION_ARG_NONE, &options.events,
       "Print the reference of all events (docs/events.md)", NULL},
      {"figures", 0, 0, G_OPTION_ARG_NONE, &options.figures,
       "Print the reference of all figures (docs/kpis.md)", NULL},
      G_OPTION_ENTRY_NULL};
  if (!iv_verb_parse(&iv_verb_check, entries, 1, &argc, &argv))
    return IV_EXIT_USAGE;
  if (options.reference || options.events || options.figures) {
    g_autofree char *page = options.reference ? iv_config_reference()
                            : options.events  ? iv_event_reference()
                                              : iv_kpi_reference();
    fputs(page, stdout);
    return 0;
  }
  if (argc < 2) {
    fprintf(stderr, "inveye check: which file? Start from packaging/store.example.yaml\n");
    return IV_EXIT_USAGE;
  }
  if (options.json && options.print) {
    fprintf(stderr, "inveye check: --json and --print exclude each other\n");
    return IV_EXIT_USAGE;
  }
  return check(argv[1], &options);
}

const IvVerb iv_verb_check = {
    .name = "check",
    .summary = "check a configuration file, print it, print the reference pages",
    .usage = "FILE [--print | --json | --placement] | --reference | --events | --figures",
    .run = run,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye camera test`: what a camera sends, and whether it will do. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/probe_json.h"
#include "base/url.h"
#include "cli/verbs.h"
#include "media/probe.h"

typedef struct {
  gboolean json, udp;
  double seconds;
} Options;

static void print_json(const char *address, const IvProbeReport *report) {
  json_t *json = iv_probe_to_json(address, report);
  char *text = json_dumps(json, JSON_INDENT(2));
  puts(text);
  free(text);
  json_decref(json);
}

static void print_figures(const IvProbeReport *report) {
  printf("  video        %s%s%s%s%s, %dx%d\n",
         report->codec == IV_CODEC_OTHER ? "other codec" : iv_codec_name(report->codec),
         report->profile[0] ? " " : "", report->profile, report->level[0] ? " level " : "",
         report->level, report->size.width, report->size.height);
  printf("  rate         %.1f frames/s", report->fps);
  if (report->fps_said > 0)
    printf(" (the stream says %.4g)", report->fps_said);
  printf(", %.0f kbit/s\n", report->bitrate / 1000);
  if (report->keyframe_interval > 0)
    printf("  keyframes    every %.1f s\n", report->keyframe_interval);
  else
    printf("  keyframes    fewer than two in %.1f s\n", report->span);
  printf("  B-frames     %s\n", report->reordered ? "yes" : "no");
  if (report->first_frame >= 0)
    printf("  first frame  after %.2f s\n", report->first_frame);
  printf("  clock        %s\n", report->camera_clock ? "the camera's (RTCP)" : "arrival");
}

static void print_text(const char *address, const IvProbeReport *report) {
  IvAdviceLevel verdict = iv_probe_verdict(report);
  if (!report->reached) {
    printf("%s: %s: %s\n", address, iv_probe_verdict_name(verdict), report->reason);
    return;
  }
  printf("%s: %s\n", address, iv_probe_verdict_name(verdict));
  print_figures(report);
  for (guint i = 0; i < report->n_advice; i++)
    printf("%s: %s\n", iv_probe_level_name(report->advice[i].level), report->advice[i].text);
}

static int test(const char *source, const Options *options) {
  IvProbeConfig config = {.source = source,
                          .transport = options->udp ? IV_TRANSPORT_UDP : IV_TRANSPORT_TCP,
                          .seconds = options->seconds};
  g_autoptr(GError) error = NULL;
  g_autofree char *address = iv_url_mask(source);
  IvProbeReport report;
  if (!iv_probe(&config, &report, NULL, &error))
    return iv_verb_fail(&iv_verb_camera_test, "%s", error->message);
  if (options->json)
    print_json(address, &report);
  else
    print_text(address, &report);
  return iv_probe_verdict(&report) == IV_ADVICE_FAILURE ? IV_EXIT_FAILED : 0;
}

static int run(int argc, char **argv) {
  Options options = {0};
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print JSON", NULL},
      {"udp", 0, 0, G_OPTION_ARG_NONE, &options.udp, "ask for RTP over UDP instead of TCP", NULL},
      {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &options.seconds,
       "how long to measure, 1 to 60 (default 6)", "S"},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
  };
  if (!iv_verb_parse(&iv_verb_camera_test, entries, G_MAXINT - 1, &argc, &argv))
    return IV_EXIT_USAGE;
  if (argc != 2 /* an argument too many may be a password: not repeated */ || options.seconds < 0 ||
      options.seconds > 60) {
    iv_verb_fail(&iv_verb_camera_test, "usage: inveye camera test URL [--json] [--udp] "
                                       "[--seconds S]; URL as in rtsp://user:password@host/path");
    return IV_EXIT_USAGE;
  }
  return test(argv[1], &options);
}

const IvVerb iv_verb_camera_test = {"camera test", "say what a camera sends and if it will do",
                                    "URL [--json] [--udp] [--seconds S]", run};

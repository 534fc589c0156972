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
  char *sub; /* NULL = one stream */
} Options;

/* Of what one address gave. */
typedef struct {
  char *address; /* masked */
  IvProbeReport report;
} Result;

static void result_clear(Result *result) {
  g_clear_pointer(&result->address, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Result, result_clear)

static void print_json(json_t *json) {
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

static gboolean probe(const char *source, const Options *options, Result *ret_result) {
  IvProbeConfig config = {.source = source,
                          .transport = options->udp ? IV_TRANSPORT_UDP : IV_TRANSPORT_TCP,
                          .seconds = options->seconds};
  g_autoptr(GError) error = NULL;
  ret_result->address = iv_url_mask(source);
  if (iv_probe(&config, &ret_result->report, NULL, &error))
    return TRUE;
  iv_verb_fail(&iv_verb_camera_test, "%s", error->message);
  return FALSE;
}

static int status_of(const Result *result) {
  return iv_probe_verdict(&result->report) == IV_ADVICE_FAILURE ? IV_EXIT_FAILED : 0;
}

static int test_one(const char *source, const Options *options) {
  g_auto(Result) result = {0};
  if (!probe(source, options, &result))
    return IV_EXIT_FAILED;
  if (options->json)
    print_json(iv_probe_to_json(result.address, &result.report));
  else
    print_text(result.address, &result.report);
  return status_of(&result);
}

/* The figures of a sub stream that is larger than its main stream were mixed up. */
static gboolean are_mixed_up(const IvSize *main_size, const IvSize *sub_size) {
  return main_size->width > 0 && sub_size->width > main_size->width;
}

static int test_both(const char *source, const Options *options) {
  g_auto(Result) main_stream = {0}, sub_stream = {0};
  if (!probe(source, options, &main_stream) || !probe(options->sub, options, &sub_stream))
    return IV_EXIT_FAILED;
  if (options->json) {
    print_json(json_pack("{so so}", "main",
                         iv_probe_to_json(main_stream.address, &main_stream.report), "sub",
                         iv_probe_to_json(sub_stream.address, &sub_stream.report)));
  } else {
    printf("main stream, ");
    print_text(main_stream.address, &main_stream.report);
    printf("sub stream, ");
    print_text(sub_stream.address, &sub_stream.report);
    if (are_mixed_up(&main_stream.report.size, &sub_stream.report.size))
      puts("warning: the sub stream is larger than the main stream: exchange the addresses");
  }
  return MAX(status_of(&main_stream), status_of(&sub_stream));
}

static int run(int argc, char **argv) {
  Options options = {0};
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print JSON", NULL},
      {"udp", 0, 0, G_OPTION_ARG_NONE, &options.udp, "ask for RTP over UDP instead of TCP", NULL},
      {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &options.seconds,
       "how long to measure, 1 to 60 (default 6)", "S"},
      {"sub", 0, 0, G_OPTION_ARG_STRING, &options.sub, "address of the sub stream: tested too",
       "URL"},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
  };
  if (!iv_verb_parse(&iv_verb_camera_test, entries, G_MAXINT - 1, &argc, &argv))
    return IV_EXIT_USAGE;
  if (argc != 2 /* an argument too many may be a password: not repeated */ || options.seconds < 0 ||
      options.seconds > 60) {
    iv_verb_fail(&iv_verb_camera_test, "usage: inveye camera test URL [--json] [--udp] "
                                       "[--seconds S] "
                                       "[--sub URL]; URL as in rtsp://user:password@host/path");
    return IV_EXIT_USAGE;
  }
  int status = options.sub ? test_both(argv[1], &options) : test_one(argv[1], &options);
  g_free(options.sub);
  return status;
}

const IvVerb iv_verb_camera_test = {"camera test", "say what a camera sends and if it will do",
                                    "URL [--sub URL] [--json] [--udp] [--seconds S]", run};

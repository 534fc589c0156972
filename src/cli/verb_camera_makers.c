/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye camera makers`: how common makers form the addresses of their streams. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/verbs.h"
#include "onvif/makers.h"
#include "onvif/onvif_json.h"

static void print_json(const char *host, guint channel) {
  json_t *json = iv_onvif_makers_to_json(host, channel);
  char *text = json_dumps(json, JSON_INDENT(2));
  puts(text);
  free(text);
  json_decref(json);
}

static void print_text(const char *host, guint channel) {
  for (guint i = 0; i < iv_n_makers; i++) {
    const IvMaker *maker = &iv_makers[i];
    g_autofree char *main_stream = iv_maker_url(maker->main_stream, host, channel);
    printf("%s\n  main  %s\n", maker->name, main_stream);
    if (maker->sub_stream) {
      g_autofree char *sub_stream = iv_maker_url(maker->sub_stream, host, channel);
      printf("  sub   %s\n", sub_stream);
    }
    if (*maker->note)
      printf("  note  %s\n", maker->note);
  }
}

static int run(int argc, char **argv) {
  int channel = 0;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
      {"channel", 0, 0, G_OPTION_ARG_INT, &channel, "channel of a recorder, from 1 on", "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "print JSON", NULL},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
  };
  if (!iv_verb_parse(&iv_verb_camera_makers, entries, 1, &argc, &argv))
    return IV_EXIT_USAGE;
  if (channel < 0 || channel > IV_MAKER_CHANNEL_MAX) {
    iv_verb_fail(&iv_verb_camera_makers, "--channel must be 1 to %d", IV_MAKER_CHANNEL_MAX);
    return IV_EXIT_USAGE;
  }
  const char *host = argc > 1 ? argv[1] : NULL;
  guint filled = host && channel == 0 ? 1 : (guint)channel;
  if (json)
    print_json(host, filled);
  else
    print_text(host, filled);
  return 0;
}

const IvVerb iv_verb_camera_makers = {"camera makers",
                                      "show how common makers form the addresses of their streams",
                                      "[HOST] [--channel N] [--json]", run};

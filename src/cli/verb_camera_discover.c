/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye camera discover`: which cameras and recorders are in this machine's networks. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/verbs.h"
#include "onvif/onvif_json.h"

static void print_json(const GPtrArray *found) {
  json_t *json = iv_onvif_found_to_json(found);
  char *text = json_dumps(json, JSON_INDENT(2));
  puts(text);
  free(text);
  json_decref(json);
}

static void print_text(const GPtrArray *found) {
  for (guint i = 0; i < found->len; i++) {
    const IvOnvifFound *one = found->pdata[i];
    gboolean more = *one->hardware && !g_str_equal(one->hardware, one->name);
    printf("%-22s %s%s%s%s%s\n", one->host, *one->name ? one->name : "(no name)", more ? ", " : "",
           more ? one->hardware : "", *one->location ? ", " : "", one->location);
  }
  if (found->len > 0)
    printf("%u found; `inveye camera streams HOST --user USER` tells their streams\n", found->len);
  else
    puts("none found: ONVIF discovery may be switched off in the cameras, or they are in another "
         "network; `inveye camera streams HOST` asks one directly");
}

static int run(int argc, char **argv) {
  IvDiscoveryConfig config = {0};
  g_autofree char *interface = NULL, *target = NULL;
  gboolean json = FALSE;
  g_autoptr(GError) error = NULL;
  const GOptionEntry entries[] = {
      {"interface", 'i', 0, G_OPTION_ARG_STRING, &interface,
       "ask by this network interface only (default: all)", "NAME|ADDRESS"},
      {"target", 0, 0, G_OPTION_ARG_STRING, &target,
       "ask this address in place of the whole network", "ADDRESS[:PORT]"},
      {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &config.seconds,
       "how long to collect answers, up to 30 (default 3)", "S"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "print JSON", NULL},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
  };
  if (!iv_verb_parse(&iv_verb_camera_discover, entries, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!(config.seconds >= 0 && config.seconds <= IV_DISCOVERY_SECONDS_MAX)) {
    iv_verb_fail(&iv_verb_camera_discover, "--seconds must be 0 to 30");
    return IV_EXIT_USAGE;
  }
  config.interface = interface;
  config.target = target;
  g_autoptr(GPtrArray) found = iv_onvif_discover(&config, &error);
  if (!found)
    return iv_verb_fail(&iv_verb_camera_discover, "%s", error->message);
  if (json)
    print_json(found);
  else
    print_text(found);
  return 0;
}

const IvVerb iv_verb_camera_discover = {
    "camera discover", "find the cameras and recorders in the network (ONVIF)",
    "[--interface NAME|ADDRESS] [--target ADDRESS[:PORT]] [--seconds S] [--json]", run};

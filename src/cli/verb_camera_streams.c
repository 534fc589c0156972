/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye camera streams`: which streams a camera, or each channel of a recorder, has. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/auth/password.h"
#include "cli/ask.h"
#include "cli/verbs.h"
#include "onvif/onvif_json.h"

#define VARIABLE "INVEYE_CAMERA_PASSWORD"

static void print_json(const IvOnvifDevice *device, const GError *error) {
  json_t *json = iv_onvif_device_to_json(device, error);
  char *text = json_dumps(json, JSON_INDENT(2));
  puts(text);
  free(text);
  json_decref(json);
}

static void print_stream(const char *which, const IvOnvifStream *stream) {
  if (!stream)
    return;
  printf("  %-5s %s", which, *stream->codec ? stream->codec : "codec not told");
  if (stream->width > 0 && stream->height > 0)
    printf(", %dx%d", stream->width, stream->height);
  if (stream->fps > 0)
    printf(", %.4g frames/s", stream->fps);
  if (stream->bitrate > 0)
    printf(", up to %.0f kbit/s", stream->bitrate / 1000);
  if (stream->keyframe_interval > 0)
    printf(", keyframe every %.3g s", stream->keyframe_interval);
  printf("\n        %s\n", stream->url);
}

static void print_text(const IvOnvifDevice *device) {
  g_auto(GStrv) advice = iv_onvif_device_advice(device);
  printf("%s: %s %s, firmware %s, serial number %s\n", device->host,
         *device->manufacturer ? device->manufacturer : "maker not told",
         *device->model ? device->model : "(model not told)",
         *device->firmware ? device->firmware : "not told",
         *device->serial ? device->serial : "not told");
  for (guint i = 0; i < device->channels->len; i++) {
    const IvOnvifChannel *channel = device->channels->pdata[i];
    printf("channel %u\n", channel->number);
    print_stream("main", channel->main_stream);
    print_stream("sub", channel->sub_stream);
  }
  for (char **line = advice; *line; line++)
    printf("note: %s\n", *line);
}

/* From the environment, else from the terminal or the first line of standard input. */
static char *get_password(const char *user) {
  const char *known = g_getenv(VARIABLE);
  if (known)
    return g_strdup(known);
  g_autofree char *prompt = g_strdup_printf("Password of %s: ", user);
  return isatty(STDIN_FILENO) ? iv_ask_secret(prompt) : iv_ask_line();
}

static int look_up(const char *host, const char *user, gboolean json) {
  g_autoptr(GError) error = NULL;
  char *password = user ? get_password(user) : NULL;
  if (user && !password)
    return iv_verb_fail(&iv_verb_camera_streams,
                        "no password: set " VARIABLE ", or give it on standard input");
  IvOnvifQuery query = {.host = host, .user = user, .password = password};
  g_autoptr(IvOnvifDevice) device = iv_onvif_look_up(&query, &error);
  iv_password_free(password);
  if (json)
    print_json(device, error);
  else if (device)
    print_text(device);
  if (device)
    return 0;
  return json ? IV_EXIT_FAILED
              : iv_verb_fail(&iv_verb_camera_streams, "%s%s%s",
                             error->code == IV_ONVIF_ERROR_INVALID ? "" : host,
                             error->code == IV_ONVIF_ERROR_INVALID ? "" : ": ", error->message);
}

static int run(int argc, char **argv) {
  g_autofree char *user = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
      {"user", 'u', 0, G_OPTION_ARG_STRING, &user,
       "user of the camera; the password is asked for, or taken from " VARIABLE, "USER"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "print JSON", NULL},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
  };
  if (!iv_verb_parse(&iv_verb_camera_streams, entries, G_MAXINT - 1, &argc, &argv))
    return IV_EXIT_USAGE;
  if (argc != 2) { /* an argument too many may be a password: not repeated */
    iv_verb_fail(&iv_verb_camera_streams, "usage: inveye camera streams HOST [--user USER] "
                                          "[--json]; the password is asked for");
    return IV_EXIT_USAGE;
  }
  return look_up(argv[1], user, json);
}

const IvVerb iv_verb_camera_streams = {"camera streams",
                                       "ask a camera or recorder which streams it has (ONVIF)",
                                       "HOST [--user USER] [--json]", run};

/* SPDX-License-Identifier: Apache-2.0 */
/* One viewer, a process of its own so that it can be killed like a browser. Prints "offer BASE64",
 * reads "answer BASE64", and says at each line "stats": "units N rtp-time N connected N". */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "cli/whep_client.h"

static void take_answer(IvWhepClient *client, const char *coded) {
  g_autoptr(GError) error = NULL;
  gsize size = 0;
  g_autofree char *bytes = (char *)g_base64_decode(coded, &size);
  g_autofree char *answer = g_strndup(bytes, size);
  if (!iv_whep_client_answer(client, answer, &error))
    g_error("%s", error->message);
  printf("ok\n");
}

static void tell_stats(IvWhepClient *client) {
  IvWhepClientStats stats;
  iv_whep_client_stats(client, &stats);
  printf("units %" G_GUINT64_FORMAT " rtp-time %u connected %d\n", stats.units, stats.rtp_time,
         stats.connected);
}

int main(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  g_autoptr(GError) error = NULL;
  g_autofree char *offer = NULL;
  g_autoptr(IvWhepClient) client = iv_whep_client_new(&offer, &error);
  if (!client)
    g_error("%s", error->message);
  g_autofree char *coded = g_base64_encode((const guchar *)offer, strlen(offer));
  printf("offer %s\n", coded);
  fflush(stdout);
  static char line[128 * 1024];
  while (fgets(line, sizeof line, stdin)) {
    g_strchomp(line);
    if (g_str_has_prefix(line, "answer "))
      take_answer(client, line + strlen("answer "));
    else
      tell_stats(client);
    fflush(stdout);
  }
  return 0;
}

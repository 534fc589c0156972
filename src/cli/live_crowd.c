/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/live_crowd.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/clock.h"
#include "cli/bench_http.h"
#include "cli/whep_client.h"

#define COOKIE "INVEYE_CROWD_COOKIE" /* environment: command lines are seen by everybody */
#define FIRST_TIME (30 * IV_SECOND)
#define LOOK_EVERY (5 * IV_MS)

/* ---- here ---- */

struct IvLiveCrowd {
  GSubprocess *process;
  GDataInputStream *out;
  guint n;
  double *posts, *firsts;
};

static char *ask(IvLiveCrowd *crowd, const char *word, GError **error) {
  GOutputStream *in = g_subprocess_get_stdin_pipe(crowd->process);
  if (word && !g_output_stream_write_all(in, word, strlen(word), NULL, NULL, error))
    return NULL;
  char *line = g_data_input_stream_read_line(crowd->out, NULL, NULL, error);
  if (!line && error && !*error)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                        "the viewers gave up; what they said stands above");
  return line;
}

static gboolean read_starts(IvLiveCrowd *crowd, GError **error) {
  for (guint i = 0; i < crowd->n; i++) {
    char *rest = NULL;
    g_autofree char *line = ask(crowd, NULL, error);
    if (!line)
      return FALSE;
    crowd->posts[i] = g_ascii_strtod(line, &rest);
    crowd->firsts[i] = g_ascii_strtod(rest, NULL);
  }
  return TRUE;
}

static GSubprocess *spawn(guint16 port, const char *cookie, const char *path, guint n,
                          GError **error) {
  g_autofree char *port_text = g_strdup_printf("%u", port), *n_text = g_strdup_printf("%u", n);
  g_autoptr(GSubprocessLauncher) launcher =
      g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_subprocess_launcher_setenv(launcher, COOKIE, cookie, TRUE);
  return g_subprocess_launcher_spawn(launcher, error, "/proc/self/exe", "bench", "live", "--crowd",
                                     n_text, "--port", port_text, "--path", path, NULL);
}

IvLiveCrowd *iv_live_crowd_start(guint16 port, const char *cookie, const char *path, guint n,
                                 GError **error) {
  GSubprocess *process = spawn(port, cookie, path, n, error);
  if (!process)
    return NULL;
  g_autoptr(IvLiveCrowd) crowd = g_new0(IvLiveCrowd, 1);
  crowd->process = process;
  crowd->out = g_data_input_stream_new(g_subprocess_get_stdout_pipe(process));
  crowd->n = n;
  crowd->posts = g_new0(double, n);
  crowd->firsts = g_new0(double, n);
  return read_starts(crowd, error) ? g_steal_pointer(&crowd) : NULL;
}

guint iv_live_crowd_size(const IvLiveCrowd *crowd) {
  return crowd->n;
}

const double *iv_live_crowd_posts(const IvLiveCrowd *crowd) {
  return crowd->posts;
}

const double *iv_live_crowd_firsts(const IvLiveCrowd *crowd) {
  return crowd->firsts;
}

gboolean iv_live_crowd_count(IvLiveCrowd *crowd, guint64 *ret_units, GError **error) {
  g_autofree char *line = ask(crowd, "count\n", error);
  char *rest = line;
  for (guint i = 0; line && i < crowd->n; i++)
    ret_units[i] = g_ascii_strtoull(rest, &rest, 10);
  return line != NULL;
}

void iv_live_crowd_kill(IvLiveCrowd *crowd) {
  if (!crowd)
    return;
  g_subprocess_force_exit(crowd->process);
  g_subprocess_wait(crowd->process, NULL, NULL);
  g_object_unref(crowd->out);
  g_object_unref(crowd->process);
  g_free(crowd->posts);
  g_free(crowd->firsts);
  g_free(crowd);
}

/* ---- there ---- */

typedef struct {
  IvWhepClient *client;
  IvTime posted, answered;
} Viewer;

static gboolean open_view(guint16 port, const char *path, Viewer *viewer, GError **error) {
  g_autofree char *offer = NULL;
  g_auto(IvBenchAnswer) answer = {0};
  viewer->client = iv_whep_client_new(&offer, error);
  if (!viewer->client)
    return FALSE;
  IvBenchRequest request = {.method = "POST",
                            .path = path,
                            .cookie = g_getenv(COOKIE),
                            .content_type = "application/sdp",
                            .body = offer};
  viewer->posted = iv_clock_monotonic();
  if (!iv_bench_http_call(port, &request, &answer, error))
    return FALSE;
  viewer->answered = iv_clock_monotonic();
  if (answer.status != 201) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the server answered %d: %s", answer.status,
                answer.body);
    return FALSE;
  }
  return iv_whep_client_answer(viewer->client, answer.body, error);
}

/* Polls: a bench may. */
static gboolean tell_first(Viewer *viewer) {
  IvWhepClientStats stats = {0};
  IvTime until = iv_clock_monotonic() + FIRST_TIME;
  for (; stats.first == 0 && iv_clock_monotonic() < until; g_usleep(LOOK_EVERY))
    iv_whep_client_stats(viewer->client, &stats);
  if (stats.first == 0)
    return FALSE;
  printf("%.1f %.1f\n", (double)(viewer->answered - viewer->posted) / (double)IV_MS,
         (double)(stats.first - viewer->posted) / (double)IV_MS);
  fflush(stdout);
  return TRUE;
}

static void tell_counts(const Viewer *viewers, guint n) {
  for (guint i = 0; i < n; i++) {
    IvWhepClientStats stats;
    iv_whep_client_stats(viewers[i].client, &stats);
    printf("%" G_GUINT64_FORMAT " ", stats.units);
  }
  printf("\n");
  fflush(stdout);
}

int iv_live_crowd_run(guint16 port, const char *path, guint n) {
  char line[64];
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  g_autofree Viewer *viewers = g_new0(Viewer, n);
  for (guint i = 0; i < n; i++) {
    g_autoptr(GError) error = NULL;
    if (!open_view(port, path, &viewers[i], &error)) {
      g_printerr("viewer %u: %s\n", i + 1, error->message);
      return EXIT_FAILURE;
    }
  }
  for (guint i = 0; i < n; i++)
    if (!tell_first(&viewers[i])) {
      g_printerr("viewer %u sees nothing\n", i + 1);
      return EXIT_FAILURE;
    }
  while (fgets(line, sizeof line, stdin))
    tell_counts(viewers, n);
  return EXIT_SUCCESS; /* the system takes back what they hold */
}

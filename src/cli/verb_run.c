/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye run`: edge and server in one process. */
#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "app/demo.h"
#include "app/node.h"
#include "cli/verbs.h"
#include "config/load.h"

#define PORT_CONFIGURED G_MININT

typedef struct {
  char *file, *simulate, *demo_video, *data_dir, *web_dir, *listen;
  gboolean demo;
  int port; /* PORT_CONFIGURED = not given */
} Options;

static void options_clear(Options *options) {
  g_free(options->file);
  g_free(options->simulate);
  g_free(options->demo_video);
  g_free(options->data_dir);
  g_free(options->web_dir);
  g_free(options->listen);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean quit(gpointer loop) {
  g_main_loop_quit(loop);
  return G_SOURCE_CONTINUE;
}

static void tell_progress(double share, gpointer user_data) {
  int *told = user_data;
  int percent = (int)(share * 100);
  if (percent < *told + 10)
    return;
  *told = percent;
  fprintf(stderr, "preparing the demo film (once): %d %%\n", percent);
}

static void replace(char **text, const char *by) {
  if (!by)
    return;
  g_free(*text);
  *text = g_strdup(by);
}

static void override(IvConfig *config, const Options *options) {
  replace(&config->server.data_dir, options->data_dir);
  replace(&config->server.web_dir, options->web_dir);
  replace(&config->server.listen, options->listen);
  if (options->port != PORT_CONFIGURED)
    config->server.port = options->port;
}

static IvConfig *load_file(const Options *options) {
  g_autoptr(IvConfigReport) report = iv_config_report_new(options->file);
  IvConfig *config = iv_config_load(options->file, report);
  g_autofree char *text = iv_config_report_text(report);
  fputs(text, stderr);
  return config;
}

/* The dashboard beside the program's sources, where `make run` builds it. */
static char *built_dashboard(void) {
  g_autofree char *path = g_build_filename(INVEYE_SOURCE_ROOT, "web", "dist", NULL);
  g_autofree char *page = g_build_filename(path, "index.html", NULL);
  return g_file_test(page, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer(&path) : NULL;
}

/* As it stands in an address that a browser on this machine opens. */
static char *host_of(const char *listen) {
  if (strcmp(listen, "0.0.0.0") == 0 || strcmp(listen, "::") == 0)
    return g_strdup("localhost");
  return strchr(listen, ':') ? g_strdup_printf("[%s]", listen) : g_strdup(listen);
}

static void tell_started(const IvConfig *config, const IvNodeStarted *started) {
  g_autofree char *host = host_of(config->server.listen);
  for (char **note = started->notes; note && *note; note++)
    printf("%s\n", *note);
  printf("\nInvEye is running: http://%s:%u\n", host, started->port);
  if (started->first_password)
    printf("Log in as admin with the password %s\n"
           "(shown only this once; change it in the dashboard)\n",
           started->first_password);
  else
    printf("Log in with your password (forgotten: inveye user passwd admin)\n");
  printf("Stop with Ctrl-C.\n");
  fflush(stdout);
}

static int run_until_signal(const IvConfig *config, const IvSimStore *sim, const Options *options) {
  g_autoptr(GError) error = NULL;
  iv_log_start(config->server.log_level);
  /* Before anything is opened: a signal during the start is kept for the loop, and everything is
   * closed in order. */
  g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
  g_unix_signal_add(SIGINT, quit, loop);
  g_unix_signal_add(SIGTERM, quit, loop);
  g_autofree char *dashboard = config->server.web_dir ? NULL : built_dashboard();
  IvNodeOptions node_options = {
      .config = config, .web_dir = dashboard, .demo = options->demo, .sim = sim};
  IvNodeStarted started = {0};
  g_autoptr(IvNode) node = iv_node_start(&node_options, &started, &error);
  if (!node)
    return iv_verb_fail(&iv_verb_run, "%s", error->message);
  if (!dashboard && !config->server.web_dir)
    fprintf(stderr,
            "inveye run: no dashboard is built (`make build` does it); the API is served\n");
  tell_started(config, &started);
  iv_node_started_clear(&started);
  g_main_loop_run(loop);
  printf("stopping\n");
  return 0;
}

static int run_demo(const Options *options) {
  g_autoptr(GError) error = NULL;
  int told = -10;
  IvDemoConfig demo = {
      .video = options->demo_video, .on_progress = tell_progress, .user_data = &told};
  g_autoptr(IvDemoServer) server = iv_demo_server_new(&demo, &error);
  g_autoptr(IvConfig) config =
      server ? iv_demo_config(server, options->demo_video != NULL, &error) : NULL;
  if (!config)
    return iv_verb_fail(&iv_verb_run, "%s", error->message);
  override(config, options);
  return run_until_signal(config, NULL, options);
}

static int run_simulated(IvConfig *config, const Options *options) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvSimStore) store =
      iv_sim_store_new(config->simulate.scenario, config->simulate.seed, &error);
  if (!store)
    return iv_verb_fail(&iv_verb_run, "%s", error->message);
  iv_sim_store_configure(store, config);
  printf("Simulated store \"%s\": none of its figures are real.\n", config->store.name);
  return run_until_signal(config, store, options);
}

/* The scenario's store without a configuration file. */
static IvConfig *simulated_config(const Options *options) {
  IvConfig *config = iv_config_new();
  replace(&config->simulate.scenario, options->simulate);
  g_free(config->server.data_dir);
  config->server.data_dir = g_build_filename(g_get_user_data_dir(), "inveye", "simulated", NULL);
  return config;
}

static int run(int argc, char **argv) {
  g_auto(Options) options = {.port = PORT_CONFIGURED};
  const GOptionEntry entries[] = {
      {"config", 'c', 0, G_OPTION_ARG_FILENAME, &options.file, "configuration file", "FILE"},
      {"simulate", 0, 0, G_OPTION_ARG_FILENAME, &options.simulate,
       "a store that is acted out instead of cameras", "SCENARIO"},
      {"demo", 0, 0, G_OPTION_ARG_NONE, &options.demo, "four cameras made of one film", NULL},
      {"demo-video", 0, 0, G_OPTION_ARG_FILENAME, &options.demo_video, "another film for the demo",
       "F"},
      {"port", 0, 0, G_OPTION_ARG_INT, &options.port, "port of the dashboard, 0 = any free one",
       "N"},
      {"listen", 0, 0, G_OPTION_ARG_STRING, &options.listen, "address of the dashboard", "IP"},
      {"data-dir", 0, 0, G_OPTION_ARG_FILENAME, &options.data_dir, "folder for the database", "D"},
      {"web-dir", 0, 0, G_OPTION_ARG_FILENAME, &options.web_dir, "folder of the dashboard", "D"},
      G_OPTION_ENTRY_NULL,
  };
  if (!iv_verb_parse(&iv_verb_run, entries, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (options.port != PORT_CONFIGURED && (options.port < 0 || options.port > 65535)) {
    iv_verb_fail(&iv_verb_run, "--port %d: ports go from 0 to 65535", options.port);
    return IV_EXIT_USAGE;
  }
  if (options.demo || options.demo_video)
    return run_demo(&options);
  if (!options.file == !options.simulate) {
    iv_verb_fail(&iv_verb_run, "say -c FILE for your cameras (see packaging/store.example.yaml), "
                               "--demo, or --simulate FILE for a store that is acted out");
    return IV_EXIT_USAGE;
  }
  g_autoptr(IvConfig) config = options.file ? load_file(&options) : simulated_config(&options);
  if (!config)
    return IV_EXIT_FAILED;
  override(config, &options);
  return config->simulate.scenario ? run_simulated(config, &options)
                                   : run_until_signal(config, NULL, &options);
}

const IvVerb iv_verb_run = {"run", "read cameras, count, serve the dashboard",
                            "-c FILE | --demo [--demo-video F] | --simulate SCENARIO", run};

/* SPDX-License-Identifier: Apache-2.0 */
/* How `inveye run` starts and fails to start. Needs the models of the set-up; skips without. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "inveye.h"

typedef struct {
  char *dir, *file;
} Folder;

static void set_up(Folder *folder, gconstpointer data) {
  (void)data;
  folder->dir = g_dir_make_tmp("inveye-run-XXXXXX", NULL);
  folder->file = g_build_filename(folder->dir, "store.yaml", NULL);
  g_assert_true(g_file_set_contents(
      folder->file, "server: {port: 0}\nstore: {id: shop}\ncameras: []\n", -1, NULL));
}

static void remove_folder(const char *path) {
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *entry = g_build_filename(path, name, NULL);
    if (g_file_test(entry, G_FILE_TEST_IS_DIR))
      remove_folder(entry);
    g_remove(entry);
  }
  g_rmdir(path);
}

static void tear_down(Folder *folder, gconstpointer data) {
  (void)data;
  remove_folder(folder->dir);
  g_free(folder->file);
  g_free(folder->dir);
}

static gboolean has_models(const Folder *folder) {
  g_autofree char *command = g_strdup_printf("check %s --json", folder->file);
  g_auto(IvRun) run = iv_run(command);
  if (strstr(run.out, "\"model_found\": true"))
    return TRUE;
  g_test_skip("no models in the cache; `make setup` fetches them");
  return FALSE;
}

/* Starts it, waits until it says that it runs, ends it with `signal`; what it printed goes to
 * `ret_out`. `meanwhile` (may be NULL) is called while it runs. */
static GSubprocess *start_and_end(const Folder *folder, int signal,
                                  void (*meanwhile)(const Folder *), char **ret_out) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = g_subprocess_new(
      G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, g_getenv("INVEYE"), "run", "-c", folder->file, NULL);
  g_assert_no_error(error);
  g_autoptr(GDataInputStream) lines =
      g_data_input_stream_new(g_subprocess_get_stdout_pipe(process));
  g_autoptr(GString) out = g_string_new(NULL);
  for (char *line; (line = g_data_input_stream_read_line(lines, NULL, NULL, &error));) {
    g_string_append_printf(out, "%s\n", line);
    gboolean started = strstr(line, "Stop with Ctrl-C") != NULL;
    g_free(line);
    if (started && meanwhile)
      meanwhile(folder);
    if (started)
      g_subprocess_send_signal(process, signal);
  }
  g_assert_no_error(error);
  g_subprocess_wait(process, NULL, &error);
  g_assert_no_error(error);
  *ret_out = g_string_free(g_steal_pointer(&out), FALSE);
  return g_steal_pointer(&process);
}

static void start_and_stop(const Folder *folder, char **ret_out) {
  g_autoptr(GSubprocess) process = start_and_end(folder, SIGTERM, NULL, ret_out);
  g_assert_true(g_subprocess_get_successful(process));
}

static guint16 listen_somewhere(GSocketListener *listener) {
  g_autoptr(GError) error = NULL;
  guint16 port = 0;
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new(loopback, 0);
  g_autoptr(GSocketAddress) bound = NULL;
  g_socket_listener_add_address(listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                &bound, &error);
  g_assert_no_error(error);
  port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
  return port;
}

/* A start that fails must not use up the first password. */
static void test_password_after_failed_start(Folder *folder, gconstpointer data) {
  (void)data;
  if (!has_models(folder))
    return;
  g_autoptr(GSocketListener) listener = g_socket_listener_new();
  g_autofree char *command =
      g_strdup_printf("run -c %s --port %u", folder->file, listen_somewhere(listener));
  g_auto(IvRun) failed = iv_run(command);
  g_assert_cmpint(failed.status, ==, 1);
  assert_has(failed.err, "is in use by another program");
  g_autofree char *first = NULL, *second = NULL;
  start_and_stop(folder, &first);
  assert_has(first, "Log in as admin with the password ");
  start_and_stop(folder, &second);
  g_assert_null(strstr(second, "with the password"));
}

static void test_wrong_configuration(Folder *folder, gconstpointer data) {
  (void)data;
  g_assert_true(g_file_set_contents(folder->file, "store: {id: A}\nserver: {prot: 1}\n", -1, NULL));
  g_autofree char *command = g_strdup_printf("run -c %s", folder->file);
  g_auto(IvRun) run = iv_run(command);
  g_assert_cmpint(run.status, ==, 1);
  assert_has(run.err, "store.yaml:1:13: store.id: ");
  assert_has(run.err, "(did you mean \"port\"?)");
  g_autofree char *rows = g_build_filename(folder->dir, "inveye-data", NULL);
  g_assert_false(g_file_test(rows, G_FILE_TEST_EXISTS));
}

static void test_missing_model(Folder *folder, gconstpointer data) {
  (void)data;
  if (!has_models(folder)) /* the runtime's absence would be told first */
    return;
  g_assert_true(g_file_set_contents(folder->file,
                                    "store: {id: shop}\ndetector: {model: none.onnx}\n", -1, NULL));
  g_autofree char *command = g_strdup_printf("run -c %s", folder->file);
  g_auto(IvRun) run = iv_run(command);
  g_assert_cmpint(run.status, ==, 1);
  assert_has(run.err, "/none.onnx: cannot be opened (No such file or directory)");
}

static void start_another(const Folder *folder) {
  g_autofree char *command = g_strdup_printf("run -c %s", folder->file);
  g_auto(IvRun) second = iv_run(command);
  g_assert_cmpint(second.status, ==, 1);
  assert_has(second.err, "inveye-data is in use by another `inveye run` (process ");
}

/* Two on one folder would count everybody twice; the death of one leaves nothing behind. */
static void test_two_at_once(Folder *folder, gconstpointer data) {
  (void)data;
  if (!has_models(folder))
    return;
  g_autofree char *killed = NULL, *again = NULL;
  g_autoptr(GSubprocess) process = start_and_end(folder, SIGKILL, start_another, &killed);
  g_assert_false(g_subprocess_get_successful(process));
  start_and_stop(folder, &again);
}

/* The address is printed as a browser takes it. */
static void test_ipv6(Folder *folder, gconstpointer data) {
  (void)data;
  g_autofree char *out = NULL;
  g_autoptr(GSocket) six =
      g_socket_new(G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr(GSocketAddress) loopback = g_inet_socket_address_new_from_string("::1", 0);
  if (!six || !g_socket_bind(six, loopback, FALSE, NULL)) {
    g_test_skip("this machine has no IPv6");
    return;
  }
  if (!has_models(folder))
    return;
  g_assert_true(g_file_set_contents(
      folder->file, "server: {port: 0, listen: \"::1\"}\nstore: {id: shop}\n", -1, NULL));
  start_and_stop(folder, &out);
  assert_has(out, "InvEye is running: http://[::1]:");
}

/* What is wrong with the places it is given: one line with the path and what to do. */
static void test_wrong_places(Folder *folder, gconstpointer data) {
  (void)data;
  static const struct {
    const char *option, *place, *said;
  } cases[] = {
      {"--data-dir", "/store.yaml",
       "/store.yaml: Not a directory; choose another with "
       "server.data_dir or --data-dir"},
      {"--data-dir", "/spoiled", "/spoiled/inveye.db: the file is no database; move it away"},
      {"--web-dir", "/none", "/none': No such file or directory; mend server.web_dir or --web-dir"},
      {"--web-dir", "/spoiled",
       "/spoiled holds no dashboard (index.html); build it with `make "
       "build`, or mend server.web_dir or --web-dir"},
      {"--listen", "", "\"\" is not an IP address"},
  };
  if (!has_models(folder))
    return;
  g_autofree char *spoiled = g_build_filename(folder->dir, "spoiled", NULL);
  g_autofree char *database = g_build_filename(spoiled, "inveye.db", NULL);
  g_assert_cmpint(g_mkdir(spoiled, 0700), ==, 0);
  g_assert_true(g_file_set_contents(database, "This is not a database at all.", -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *place = g_strconcat(*cases[i].place ? folder->dir : "", cases[i].place, NULL);
    g_autofree char *command =
        g_strdup_printf("run -c %s %s %s", folder->file, cases[i].option, place);
    g_auto(IvRun) run = iv_run(command);
    g_assert_cmpint(run.status, ==, 1);
    assert_has(run.err, cases[i].said);
    g_assert_cmpstr(run.out, ==, "");
  }
}

#define ADD(name, function) g_test_add(name, Folder, NULL, set_up, function, tear_down)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("/cli/run/password-after-failed-start", test_password_after_failed_start);
  ADD("/cli/run/wrong-configuration", test_wrong_configuration);
  ADD("/cli/run/missing-model", test_missing_model);
  ADD("/cli/run/two-at-once", test_two_at_once);
  ADD("/cli/run/ipv6", test_ipv6);
  ADD("/cli/run/wrong-places", test_wrong_places);
  return g_test_run();
}

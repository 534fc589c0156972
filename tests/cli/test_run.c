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

/* Starts it, waits until it says that it runs, ends it; what it printed goes to `ret_out`. */
static void start_and_stop(const Folder *folder, char **ret_out) {
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
    if (started)
      g_subprocess_send_signal(process, SIGTERM);
  }
  g_assert_no_error(error);
  g_subprocess_wait(process, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(g_subprocess_get_successful(process));
  *ret_out = g_string_free(g_steal_pointer(&out), FALSE);
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

#define ADD(name, function) g_test_add(name, Folder, NULL, set_up, function, tear_down)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("/cli/run/password-after-failed-start", test_password_after_failed_start);
  ADD("/cli/run/wrong-configuration", test_wrong_configuration);
  ADD("/cli/run/missing-model", test_missing_model);
  return g_test_run();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <sys/wait.h>

#include "inveye.h"

static void test_help(void) {
  static const char *const commands[] = {"help", "--help"};
  for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
    g_auto(IvRun) run = iv_run(commands[i]);
    g_assert_cmpint(run.status, ==, 0);
    assert_has(run.out, "inveye check");
    g_assert_cmpstr(run.err, ==, "");
  }
  g_auto(IvRun) user = iv_run("user --help");
  g_assert_cmpint(user.status, ==, 0);
  g_assert_true(g_str_has_prefix(user.out, "  inveye user add "));
  g_assert_null(strstr(user.out, "inveye run"));
  g_auto(IvRun) version = iv_run("--version");
  g_assert_cmpint(version.status, ==, 0);
  g_assert_true(g_str_has_prefix(version.out, "inveye "));
}

/* What is wrong and what to do, on standard error, with status 2. */
static void test_wrong_command_lines(void) {
  static const struct {
    const char *command, *said;
  } cases[] = {{"", "`inveye VERB --help` tells more"},
               {"chekc x", "there is no verb \"chekc\" (did you mean \"check\"?)"},
               {"eval", "\"eval\" needs a second word: `inveye eval "},
               {"eval mto", "\"eval\" needs a second word: `inveye eval "},
               {"check", "which file? Start from packaging/store.example.yaml"},
               {"run --port -5 -c x.yaml", "--port -5: ports go from 0 to 65535"},
               {"check a b", "unexpected argument \"b\""},
               {"check a --jsno", "Unknown option --jsno"},
               {"check a --json --print", "--json and --print exclude each other"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(IvRun) run = iv_run(cases[i].command);
    g_assert_cmpint(run.status, ==, 2);
    g_assert_cmpstr(run.out, ==, "");
    assert_has(run.err, cases[i].said);
  }
}

/* Also in a C locale quotes and names keep their letters. */
static void test_c_locale(void) {
  g_setenv("LC_ALL", "C", TRUE);
  g_auto(IvRun) run = iv_run("check /nowhere/caf\xc3\xa9.yaml");
  g_unsetenv("LC_ALL");
  g_assert_cmpint(run.status, ==, 1);
  g_assert_cmpstr(run.err, ==,
                  "/nowhere/caf\xc3\xa9.yaml: can't be read: No such file or directory; check the "
                  "path and who may read it\n");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/cli/verbs/help", test_help);
  g_test_add_func("/cli/verbs/wrong-command-lines", test_wrong_command_lines);
  g_test_add_func("/cli/verbs/c-locale", test_c_locale);
  return g_test_run();
}

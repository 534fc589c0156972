/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye user ...`: accounts from the command line, also while the server runs (it reads the
 * database for each request) and when nobody knows an admin's password any more. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/auth/password.h"
#include "api/auth/permissions.h"
#include "base/clock.h"
#include "base/ids.h"
#include "cli/ask.h"
#include "cli/verbs.h"
#include "config/load.h"
#include "store/audit.h"
#include "store/sessions.h"
#include "store/store.h"
#include "store/users.h"

#define ACTOR "cli"

/* --- options --- */

typedef struct {
  char *config, *data_dir, *role;
  char *made; /* password that was made here, to be printed once it counts */
  char **stores;
  gboolean all_stores, generate;
} Options;

static void options_clear(Options *options) {
  g_free(options->config);
  g_free(options->data_dir);
  g_free(options->role);
  iv_password_free(options->made);
  g_strfreev(options->stores);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* Fills `options` and leaves the user's name in argv[1] where the verb wants one. */
static gboolean read_options(const IvVerb *verb, guint extra, gboolean named, Options *options,
                             int *argc, char ***argv) {
  enum { WHERE = 2, ALL = 7 };
  const GOptionEntry entries[ALL + 1] = {
      {"config", 'c', 0, G_OPTION_ARG_FILENAME, &options->config,
       "configuration that names the data folder", "FILE"},
      {"data-dir", 'd', 0, G_OPTION_ARG_FILENAME, &options->data_dir, "the data folder", "DIR"},
      {"generate", 'g', 0, G_OPTION_ARG_NONE, &options->generate, "make a password and print it",
       NULL},
      {"role", 'r', 0, G_OPTION_ARG_STRING, &options->role,
       "admin, manager, regional, corporate, security, installer or viewer", "ROLE"},
      {"store", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options->stores,
       "bind to this store; may be repeated", "ID"},
      {"all-stores", 'a', 0, G_OPTION_ARG_NONE, &options->all_stores, "bind to every store", NULL},
      {NULL, 0, 0, 0, NULL, NULL, NULL},
  };
  GOptionEntry used[ALL + 1] = {0};
  memcpy(used, entries, (WHERE + extra) * sizeof used[0]);
  if (!iv_verb_parse(verb, used, named ? 1 : 0, argc, argv))
    return FALSE;
  if (!named || *argc == 2)
    return TRUE;
  iv_verb_fail(verb, "which user? usage: inveye %s %s", verb->name, verb->usage);
  return FALSE;
}

/* --- the database --- */

static char *find_data_dir(const Options *options, GError **error) {
  if (options->data_dir)
    return g_strdup(options->data_dir);
  g_autoptr(IvConfig) config = NULL;
  if (options->config) {
    g_autoptr(IvConfigReport) report = iv_config_report_new(options->config);
    config = iv_config_load(options->config, report);
    g_autofree char *findings = iv_config_report_text(report);
    if (!config)
      g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID, "%s", g_strchomp(findings));
  } else {
    config = iv_config_new();
  }
  return config ? g_strdup(config->server.data_dir) : NULL;
}

/* Only one that is there: a mistyped folder must not become a new database. */
static IvStore *open_store(const Options *options, GError **error) {
  g_autofree char *folder = find_data_dir(options, error);
  if (!folder)
    return NULL;
  g_autofree char *path = g_build_filename(folder, "inveye.db", NULL);
  if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return iv_store_open(path, error);
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND,
              "there is no database %s; name its folder with --data-dir or -c, or start `inveye "
              "run` once to make it",
              path);
  return NULL;
}

/* --- passwords --- */

/* From the terminal (twice), else the first line of standard input, or a new one. */
static char *get_password(const Options *options, GError **error) {
  if (options->generate)
    return iv_password_make();
  if (!isatty(STDIN_FILENO)) {
    char *line = iv_ask_line();
    if (!line)
      g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID,
                  "no password: give it on standard input, or use --generate");
    return line;
  }
  char *first = iv_ask_secret("New password: "), *second = iv_ask_secret("Again: ");
  gboolean same = first && second && strcmp(first, second) == 0;
  iv_password_free(second);
  if (same)
    return first;
  iv_password_free(first);
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID, "the two passwords differ");
  return NULL;
}

/* Sets the user's hash. */
static gboolean set_password(Options *options, IvUser *user, GError **error) {
  char *password = get_password(options, error);
  if (!password)
    return FALSE;
  const char *fault = iv_password_fault(password, user->name);
  gboolean ok = !fault && iv_password_hash(password, user->password_hash);
  if (!ok)
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID, "%s",
                fault ? fault : "not enough memory for a password hash (64 MiB)");
  if (options->generate)
    options->made = g_steal_pointer(&password);
  iv_password_free(password);
  return ok;
}

static void print_made(const Options *options, const char *name) {
  if (options->made)
    printf("password of %s: %s\n", name, options->made);
}

/* --- jobs of the writer --- */

typedef struct {
  IvUser *user;
  IvAuditAction action;
  const char *detail;
} Job;

static gboolean tell(IvSql *sql, const Job *job, GError **error) {
  IvAuditEntry entry = {.ts = iv_clock_now(),
                        .action = job->action,
                        .actor = ACTOR,
                        .subject = job->user->name,
                        .address = "",
                        .detail = job->detail};
  return iv_audit_add(sql, &entry, error);
}

static gboolean insert(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  return iv_users_insert(sql, job->user, error) && tell(sql, job, error);
}

static gboolean update(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  return iv_users_update(sql, job->user, error) &&
         iv_sessions_delete_user(sql, job->user->id, NULL, error) && tell(sql, job, error);
}

static IvUser *load_user(IvStore *store, const char *name, GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  return read.sql ? iv_users_get(read.sql, name, error) : NULL;
}

/* --- user add --- */

static gboolean check_new(const Options *options, const char *name, GError **error) {
  const char *fault = NULL;
  if (!iv_user_name_is_valid(name))
    fault =
        "a user name is 1 to 40 of a-z, 0-9, '.', '_' and '-', and begins with a letter or digit";
  else if (!options->role || iv_role_from_name(options->role) < 0)
    fault = "--role must be admin, manager, regional, corporate, security, installer or viewer";
  else if (!options->all_stores && !options->stores)
    fault = "bind the user to stores: --store ID (may be repeated) or --all-stores";
  for (char **store = options->stores; !fault && store && *store; store++)
    fault = iv_slug_is_valid(*store) ? NULL : "a store id is 1 to 40 of a-z, 0-9 and -";
  if (fault)
    g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_INVALID, "%s", fault);
  return fault == NULL;
}

static gboolean add_user(Options *options, const char *name, GError **error) {
  if (!check_new(options, name, error))
    return FALSE;
  g_autoptr(IvStore) store = open_store(options, error);
  g_autoptr(IvUser) user = iv_user_new();
  g_strlcpy(user->name, name, sizeof user->name);
  g_strlcpy(user->role, options->role, sizeof user->role);
  user->all_stores = options->all_stores;
  user->initial_password = TRUE;
  user->created_at = iv_clock_now();
  if (!user->all_stores) {
    g_strfreev(user->stores);
    user->stores = g_strdupv(options->stores);
  }
  Job job = {user, IV_AUDIT_USER_CREATED, NULL};
  return store && set_password(options, user, error) && iv_store_write(store, insert, &job, error);
}

static int run_add(int argc, char **argv) {
  g_auto(Options) options = {0};
  g_autoptr(GError) error = NULL;
  if (!read_options(&iv_verb_user_add, 4, TRUE, &options, &argc, &argv))
    return IV_EXIT_USAGE;
  iv_password_init();
  if (!add_user(&options, argv[1], &error))
    return iv_verb_fail(&iv_verb_user_add, "%s", error->message);
  printf("added %s\n", argv[1]);
  print_made(&options, argv[1]);
  return 0;
}

/* --- user passwd, user disable, user enable --- */

static gboolean change_password(Options *options, const char *name, GError **error) {
  g_autoptr(IvStore) store = open_store(options, error);
  g_autoptr(IvUser) user = store ? load_user(store, name, error) : NULL;
  if (!user || !set_password(options, user, error))
    return FALSE;
  user->initial_password = TRUE;
  Job job = {user, IV_AUDIT_PASSWORD_CHANGED, NULL};
  return iv_store_write(store, update, &job, error);
}

static int run_passwd(int argc, char **argv) {
  g_auto(Options) options = {0};
  g_autoptr(GError) error = NULL;
  if (!read_options(&iv_verb_user_passwd, 1, TRUE, &options, &argc, &argv))
    return IV_EXIT_USAGE;
  iv_password_init();
  if (!change_password(&options, argv[1], &error))
    return iv_verb_fail(&iv_verb_user_passwd, "%s", error->message);
  printf("%s has a new password; sessions ended\n", argv[1]);
  print_made(&options, argv[1]);
  return 0;
}

static gboolean set_disabled(const Options *options, const char *name, gboolean disabled,
                             GError **error) {
  g_autoptr(IvStore) store = open_store(options, error);
  g_autoptr(IvUser) user = store ? load_user(store, name, error) : NULL;
  if (!user)
    return FALSE;
  user->disabled = disabled;
  Job job = {user, IV_AUDIT_USER_CHANGED,
             disabled ? "{\"disabled\":true}" : "{\"disabled\":false}"};
  return iv_store_write(store, update, &job, error);
}

static int run_switch(const IvVerb *verb, gboolean disabled, int argc, char **argv) {
  g_auto(Options) options = {0};
  g_autoptr(GError) error = NULL;
  if (!read_options(verb, 0, TRUE, &options, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!set_disabled(&options, argv[1], disabled, &error))
    return iv_verb_fail(verb, "%s", error->message);
  printf("%s is %s\n", argv[1], disabled ? "disabled; sessions ended" : "enabled");
  return 0;
}

static int run_disable(int argc, char **argv) {
  return run_switch(&iv_verb_user_disable, TRUE, argc, argv);
}

static int run_enable(int argc, char **argv) {
  return run_switch(&iv_verb_user_enable, FALSE, argc, argv);
}

/* --- user list --- */

static void print_user(const IvUser *user) {
  char text[IV_TIME_TEXT_MAX];
  g_autofree char *stores = user->all_stores ? g_strdup("all") : g_strjoinv(",", user->stores);
  gboolean never = user->last_login_at == IV_TIME_NONE;
  printf("%-24s %-10s %-9s last login %-24s stores %s\n", user->name, user->role,
         user->disabled ? "disabled" : "enabled",
         never ? "never" : iv_time_to_text(user->last_login_at, text), stores);
}

static gboolean list_users(const Options *options, GError **error) {
  g_autoptr(IvStore) store = open_store(options, error);
  if (!store)
    return FALSE;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  g_autoptr(GPtrArray) users = read.sql ? iv_users_list(read.sql, error) : NULL;
  for (guint i = 0; users && i < users->len; i++)
    print_user(users->pdata[i]);
  return users != NULL;
}

static int run_list(int argc, char **argv) {
  g_auto(Options) options = {0};
  g_autoptr(GError) error = NULL;
  if (!read_options(&iv_verb_user_list, 0, FALSE, &options, &argc, &argv))
    return IV_EXIT_USAGE;
  return list_users(&options, &error) ? 0 : iv_verb_fail(&iv_verb_user_list, "%s", error->message);
}

#define WHERE_USAGE "[-c FILE | --data-dir DIR]"
const IvVerb iv_verb_user_add = {
    "user add", "make an account; the password is asked for, or read from standard input",
    "NAME --role ROLE (--store ID ... | --all-stores) [--generate] " WHERE_USAGE, run_add};
const IvVerb iv_verb_user_list = {"user list", "show the accounts", WHERE_USAGE, run_list};
const IvVerb iv_verb_user_passwd = {"user passwd", "give an account a new password",
                                    "NAME [--generate] " WHERE_USAGE, run_passwd};
const IvVerb iv_verb_user_disable = {"user disable", "switch an account off and end its sessions",
                                     "NAME " WHERE_USAGE, run_disable};
const IvVerb iv_verb_user_enable = {"user enable", "switch an account on again",
                                    "NAME " WHERE_USAGE, run_enable};

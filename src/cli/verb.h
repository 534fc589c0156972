/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* What `inveye` can be asked to do: one file verb_<name>.c each, listed in main.c. A verb's name
 * may have two words ("eval detect"). */
typedef struct {
  const char *name;
  const char *summary; /* one line for `inveye help` */
  const char *usage;   /* arguments as shown, e.g. "FILE [--json]" */
  /* argv[0] is the verb's last word. Returns the exit status: 0 fine, 1 it failed, 2 the command
   * line was wrong. Prints its own errors. */
  int (*run)(int argc, char **argv);
} IvVerb;

#define IV_EXIT_FAILED 1
#define IV_EXIT_USAGE 2

/* Parses options with GOption; `positional_max` arguments may remain in argv[1..]. On a mistake
 * prints one line and the usage to standard error and returns FALSE; the verb then returns
 * IV_EXIT_USAGE.
 * `--help` prints help and ends the program with 0. */
gboolean iv_verb_parse(const IvVerb *verb, const GOptionEntry *options, int positional_max,
                       int *argc, char ***argv);

/* Prints "inveye VERB: message" to standard error and returns IV_EXIT_FAILED. */
int iv_verb_fail(const IvVerb *verb, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Parses n comma-separated finite numbers ("0.5,0,0.5,1"); FALSE when it is anything else. */
gboolean iv_verb_numbers(const char *text, guint n, double *ret_numbers);

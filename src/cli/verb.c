/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verb.h"

#include <math.h>

gboolean iv_verb_parse(const IvVerb *verb, const GOptionEntry *options, int positional_max,
                       int *argc, char ***argv) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GOptionContext) context = g_option_context_new(verb->usage);
  g_option_context_set_summary(context, verb->summary);
  if (options)
    g_option_context_add_main_entries(context, options, NULL);
  g_autofree char *name = g_strconcat("inveye ", verb->name, NULL);
  g_set_prgname(name);
  if (!g_option_context_parse(context, argc, argv, &error)) {
    g_printerr("inveye %s: %s; see `inveye %s --help`\n", verb->name, error->message, verb->name);
    return FALSE;
  }
  if (*argc - 1 <= positional_max)
    return TRUE;
  g_printerr("inveye %s: unexpected argument \"%s\"; usage: inveye %s %s\n", verb->name,
             (*argv)[positional_max + 1], verb->name, verb->usage);
  return FALSE;
}

int iv_verb_fail(const IvVerb *verb, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_printerr("inveye %s: %s\n", verb->name, text);
  return IV_EXIT_FAILED;
}

gboolean iv_verb_numbers(const char *text, guint n, double *ret_numbers) {
  g_auto(GStrv) words = g_strsplit(text, ",", -1);
  if (g_strv_length(words) != n)
    return FALSE;
  g_autofree double *numbers = g_new(double, n);
  for (guint i = 0; i < n; i++) {
    char *end = NULL;
    numbers[i] = g_ascii_strtod(words[i], &end);
    if (end == words[i] || *end != '\0' || !isfinite(numbers[i]))
      return FALSE;
  }
  for (guint i = 0; i < n; i++)
    ret_numbers[i] = numbers[i];
  return TRUE;
}

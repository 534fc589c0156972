/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye VERB ...`: finds the verb and runs it. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cli/verbs.h"
#include "config/wording.h"

#define VERBS_MAX 64

/* Words of `name` if the command line begins with them, else 0. */
static int matched_words(const char *name, int argc, char **argv) {
  g_auto(GStrv) words = g_strsplit(name, " ", -1);
  int n = (int)g_strv_length(words);
  for (int i = 0; i < n; i++)
    if (i + 1 >= argc || strcmp(argv[i + 1], words[i]) != 0)
      return 0;
  return n;
}

/* The verbs that begin with `word`; NULL = all. */
static guint print_verbs(FILE *to, const char *word) {
  guint n = 0;
  for (guint i = 0; iv_verbs[i]; i++) {
    const char *name = iv_verbs[i]->name;
    if (word && !(g_str_has_prefix(name, word) && name[strlen(word)] == ' '))
      continue;
    fprintf(to, "  inveye %-14s %s\n", name, iv_verbs[i]->summary);
    n++;
  }
  return n;
}

static void print_help(FILE *to) {
  fprintf(to, "InvEye %s: live retail figures from the cameras a shop already has\n\n",
          INVEYE_VERSION);
  print_verbs(to, NULL);
  fprintf(to, "\n`inveye VERB --help` tells more.\n");
}

/* No verb fits: says which ones begin with the first word, or which one was probably meant. */
static int refuse(const char *word) {
  const char *names[VERBS_MAX];
  guint n = 0, n_begun = 0;
  g_autoptr(GString) begun = g_string_new(NULL);
  for (; iv_verbs[n]; n++) {
    g_assert(n < VERBS_MAX);
    names[n] = iv_verbs[n]->name;
    if (g_str_has_prefix(names[n], word) && names[n][strlen(word)] == ' ')
      g_string_append_printf(begun, "%s`inveye %s`", n_begun++ ? ", " : "", names[n]);
  }
  if (n_begun > 0) {
    fprintf(stderr, "inveye: \"%s\" needs a second word: %s\n", word, begun->str);
    return IV_EXIT_USAGE;
  }
  g_autofree char *quoted = iv_quoted(word);
  g_autofree char *hint = iv_nearest_hint(word, names, n);
  fprintf(stderr, "inveye: there is no verb %s%s; `inveye help` lists them\n", quoted, hint);
  return IV_EXIT_USAGE;
}

static gboolean asks_for_help(const char *word) {
  return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

int main(int argc, char **argv) {
  setlocale(LC_CTYPE, "C.UTF-8"); /* messages are UTF-8, numbers have a point, wherever we run */
  if (argc < 2 || asks_for_help(argv[1])) {
    print_help(argc < 2 ? stderr : stdout);
    return argc < 2 ? IV_EXIT_USAGE : 0;
  }
  if (strcmp(argv[1], "--version") == 0) {
    printf("inveye %s\n", INVEYE_VERSION);
    return 0;
  }
  for (guint i = 0; iv_verbs[i]; i++) {
    int words = matched_words(iv_verbs[i]->name, argc, argv);
    if (words > 0)
      return iv_verbs[i]->run(argc - words, argv + words);
  }
  if (argc > 2 && asks_for_help(argv[2]) && print_verbs(stdout, argv[1]) > 0)
    return 0;
  return refuse(argv[1]);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye VERB ...`: finds the verb and runs it. */
#include <stdio.h>
#include <string.h>

#include "cli/verbs.h"

/* Words of `name` if the command line begins with them, else 0. */
static int matched_words(const char *name, int argc, char **argv) {
  g_auto(GStrv) words = g_strsplit(name, " ", -1);
  int n = (int)g_strv_length(words);
  for (int i = 0; i < n; i++)
    if (i + 1 >= argc || strcmp(argv[i + 1], words[i]) != 0)
      return 0;
  return n;
}

static void print_help(FILE *to) {
  fprintf(to, "InvEye %s: live retail figures from the cameras a shop already has\n\n",
          INVEYE_VERSION);
  for (guint i = 0; iv_verbs[i]; i++)
    fprintf(to, "  inveye %-14s %s\n", iv_verbs[i]->name, iv_verbs[i]->summary);
  fprintf(to, "\n`inveye VERB --help` tells more.\n");
}

int main(int argc, char **argv) {
  if (argc < 2 || strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0) {
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
  fprintf(stderr, "inveye: there is no verb \"%s\"; `inveye help` lists them\n", argv[1]);
  return IV_EXIT_USAGE;
}

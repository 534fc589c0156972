/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye evidence verify`: whether a bundle is as it was signed. Needs no configuration, no
 * database and no key but the one in it. */
#include <stdio.h>
#include <string.h>

#include "cli/verbs.h"
#include "evidence/bundle_check.h"

static void print_faults(const IvBundleCheck *check) {
  for (guint i = 0; i < check->faults->len; i++)
    printf("  %s\n", (const char *)check->faults->pdata[i]);
}

static void print_intact(const IvBundleCheck *check, gboolean key_given) {
  printf("INTACT: %u files (%.1f MB) are as they were signed.\n", check->files,
         (double)check->bytes / 1e6);
  printf("Signed with the key %s\n", check->fingerprint);
  if (!key_given)
    printf("Compare it with the fingerprint that the operator tells (in the dashboard: Evidence),\n"
           "or check it here with --key: anybody can sign with a key of their own.\n");
}

static void print_bad(const IvBundleCheck *check) {
  static const char *const words[] = {[IV_BUNDLE_CHANGED] = "CHANGED",
                                      [IV_BUNDLE_UNSIGNED] = "NOT SIGNED BY THIS KEY",
                                      [IV_BUNDLE_DAMAGED] = "NO BUNDLE, OR A DAMAGED ONE"};
  printf("%s: %s.\n", words[check->verdict], check->what);
  print_faults(check);
  if (check->fingerprint)
    printf("The key in it is %s\n", check->fingerprint);
}

/* Colons and blanks may stand between the digits. NULL = it is none. */
static char *read_fingerprint(const char *text) {
  GString *digits = g_string_new(NULL);
  for (; *text; text++)
    if (g_ascii_isxdigit(*text))
      g_string_append_c(digits, *text);
    else if (*text != ':' && *text != ' ')
      break;
  gboolean fits = *text == '\0' && digits->len == IV_FINGERPRINT_TEXT;
  return g_string_free(digits, !fits);
}

static int run(int argc, char **argv) {
  g_autofree char *key = NULL, *fingerprint = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(IvBundleCheck) check = {0};
  const GOptionEntry entries[] = {
      {"key", 0, 0, G_OPTION_ARG_STRING, &key, "fingerprint of the key that it must be signed with",
       "FINGERPRINT"},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
  };
  if (!iv_verb_parse(&iv_verb_evidence_verify, entries, 1, &argc, &argv))
    return IV_EXIT_USAGE;
  if (argc < 2) {
    iv_verb_fail(&iv_verb_evidence_verify, "which file? give its name");
    return IV_EXIT_USAGE;
  }
  if (key && !(fingerprint = read_fingerprint(key))) {
    iv_verb_fail(&iv_verb_evidence_verify, "--key must be a fingerprint: %d hexadecimal digits",
                 IV_FINGERPRINT_TEXT);
    return IV_EXIT_USAGE;
  }
  if (!iv_bundle_check(argv[1], fingerprint, &check, &error))
    return iv_verb_fail(&iv_verb_evidence_verify, "%s", error->message);
  if (check.verdict != IV_BUNDLE_INTACT) {
    print_bad(&check);
    return IV_EXIT_FAILED;
  }
  print_intact(&check, key != NULL);
  return 0;
}

const IvVerb iv_verb_evidence_verify = {"evidence verify",
                                        "tell whether an evidence bundle was changed, and who "
                                        "signed it",
                                        "FILE.zip [--key FINGERPRINT]", run};

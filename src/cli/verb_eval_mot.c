/* SPDX-License-Identifier: Apache-2.0 */
/* `inveye eval mot`: how well a tracker's result fits a ground truth. */
#include <jansson.h>
#include <stdio.h>

#include "cli/mot_read.h"
#include "cli/verbs.h"
#include "eval/mot_scores.h"

static void print_scores(const IvMotPair *pair, gboolean as_json) {
  IvHota hota = iv_mot_hota(pair);
  IvClear clear = iv_mot_clear(pair);
  IvIdentityScore identity = iv_mot_identity(pair);
  if (!as_json) {
    printf("HOTA %.2f  DetA %.2f  AssA %.2f  MOTA %.2f  IDF1 %.2f  IDSW %u\n", 100 * hota.hota,
           100 * hota.deta, 100 * hota.assa, 100 * clear.mota, 100 * identity.idf1, clear.idsw);
    return;
  }
  json_t *json = json_pack("{s:f, s:f, s:f, s:f, s:f, s:I}", "hota", 100 * hota.hota, "deta",
                           100 * hota.deta, "assa", 100 * hota.assa, "mota", 100 * clear.mota,
                           "idf1", 100 * identity.idf1, "idsw", (json_int_t)clear.idsw);
  json_dumpf(json, stdout, JSON_REAL_PRECISION(6));
  putchar('\n');
  json_decref(json);
}

static int run(int argc, char **argv) {
  const char *gt_path = NULL, *result_path = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry options[] = {
      {"gt", 0, 0, G_OPTION_ARG_FILENAME, &gt_path, "ground truth, MOTChallenge format", "FILE"},
      {"result", 0, 0, G_OPTION_ARG_FILENAME, &result_path, "what the tracker wrote", "FILE"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "print one JSON object", NULL},
      {NULL, 0, 0, 0, NULL, NULL, NULL},
  };
  if (!iv_verb_parse(&iv_verb_eval_mot, options, 0, &argc, &argv))
    return IV_EXIT_USAGE;
  if (!gt_path || !result_path) {
    iv_verb_fail(&iv_verb_eval_mot, "--gt FILE and --result FILE are both needed");
    return IV_EXIT_USAGE;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) gt = iv_mot_read(gt_path, IV_MOT_GROUND_TRUTH, &error);
  g_autoptr(GArray) result = gt ? iv_mot_read(result_path, IV_MOT_RESULT, &error) : NULL;
  g_autoptr(IvMotPair) pair = result ? iv_mot_pair_new(gt, result, &error) : NULL;
  if (!pair)
    return iv_verb_fail(&iv_verb_eval_mot, "%s", error->message);
  print_scores(pair, as_json);
  return 0;
}

const IvVerb iv_verb_eval_mot = {"eval mot", "measure a tracker's result against a ground truth",
                                 "--gt FILE --result FILE [--json]", run};

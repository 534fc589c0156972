/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verbs.h"

/* One a line, so that two new verbs do not meet in one line. */
/* clang-format off */
const IvVerb *const iv_verbs[] = {
    &iv_verb_run,
    &iv_verb_camera_discover,
    &iv_verb_camera_streams,
    &iv_verb_camera_makers,
    &iv_verb_camera_test,
    &iv_verb_archive_test,
    &iv_verb_archive_status,
    &iv_verb_archive_adopt,
    &iv_verb_check,
    &iv_verb_user_add,
    &iv_verb_user_disable,
    &iv_verb_user_enable,
    &iv_verb_user_list,
    &iv_verb_user_passwd,
    &iv_verb_sales_import,
    &iv_verb_sales_recount,
    &iv_verb_replay,
    &iv_verb_evidence_verify,
    &iv_verb_migrate,
    &iv_verb_simulate,
    &iv_verb_eval_count,
    &iv_verb_eval_detect,
    &iv_verb_eval_foretell,
    &iv_verb_eval_kpi,
    &iv_verb_eval_mot,
    &iv_verb_eval_track,
    &iv_verb_bench_tracker,
    &iv_verb_bench_query,
    &iv_verb_bench_simulate,
    &iv_verb_bench_kpi,
    &iv_verb_bench_pipeline,
    &iv_verb_bench_demo,
    &iv_verb_bench_live,
    &iv_verb_bench_record,
    &iv_verb_bench_replay,
    NULL,
};
/* clang-format on */

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "cli/verb.h"

extern const IvVerb iv_verb_archive_adopt;
extern const IvVerb iv_verb_archive_status;
extern const IvVerb iv_verb_archive_test;
extern const IvVerb iv_verb_camera_discover;
extern const IvVerb iv_verb_camera_makers;
extern const IvVerb iv_verb_camera_streams;
extern const IvVerb iv_verb_camera_test;
extern const IvVerb iv_verb_check;
extern const IvVerb iv_verb_eval_count;
extern const IvVerb iv_verb_replay;
extern const IvVerb iv_verb_run;
extern const IvVerb iv_verb_eval_detect;
extern const IvVerb iv_verb_eval_foretell;
extern const IvVerb iv_verb_eval_kpi;
extern const IvVerb iv_verb_eval_mot;
extern const IvVerb iv_verb_eval_track;
extern const IvVerb iv_verb_bench_demo;
extern const IvVerb iv_verb_bench_kpi;
extern const IvVerb iv_verb_bench_live;
extern const IvVerb iv_verb_bench_pipeline;
extern const IvVerb iv_verb_bench_query;
extern const IvVerb iv_verb_bench_record;
extern const IvVerb iv_verb_bench_replay;
extern const IvVerb iv_verb_bench_simulate;
extern const IvVerb iv_verb_bench_tracker;
extern const IvVerb iv_verb_evidence_verify;
extern const IvVerb iv_verb_migrate;
extern const IvVerb iv_verb_simulate;
extern const IvVerb iv_verb_sales_import;
extern const IvVerb iv_verb_sales_recount;
extern const IvVerb iv_verb_user_add;
extern const IvVerb iv_verb_user_disable;
extern const IvVerb iv_verb_user_enable;
extern const IvVerb iv_verb_user_list;
extern const IvVerb iv_verb_user_passwd;

/* Every verb, in the order of `inveye help`; NULL ends it. */
extern const IvVerb *const iv_verbs[];

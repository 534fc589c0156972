/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>
#include <jansson.h>

/* Rows of `eval kpi`: {"kpi", "subject", "truth", "value", "error"}; NAN is n/a, written null. */

/* A member that is a number, else NAN. */
double iv_eval_number(const json_t *object, const char *key);

void iv_eval_add(json_t *figures, const char *kpi, const char *subject, double truth, double value,
                 double error);

/* The error is a share of the truth; where the truth is 0 it is 0 if the value is too, else 1. Of
 * what is n/a on one side only it is n/a, but for nothing counted of nobody. */
void iv_eval_add_share(json_t *figures, const char *kpi, const char *subject, double truth,
                       double value);

/* Of the row added last: the truth as far as those who look can tell it, from `least` to `most`,
 * written as "band"; left out where there is no such doubt. */
void iv_eval_add_band(json_t *figures, double least, double most);

/* The same of a quantile: `key` ("median", "p90") of a spread of the truth. The row has "rank_ok"
 * too: whether at most 1 % of the true values lie between the two. */
void iv_eval_add_quantile(json_t *figures, const char *kpi, const char *subject,
                          const json_t *spread, const char *key, double value);

/* The error is the distance. */
void iv_eval_add_distance(json_t *figures, const char *kpi, const char *subject, double truth,
                          double value);

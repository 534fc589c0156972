/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/advice.h"
#include "store/kpis.h"

/* Recommendations (kpi/advice.h) from the store's last seven whole days and the seven before. */
#define IV_ADVICE_DAYS 7
#define IV_ADVICE_SUPPORT 0.01 /* of baskets, for pairs of products */

typedef struct {
  IvPeriod range, before;
  char time_zone[64];
  GArray *advice; /* of IvAdvice, by rule */
} IvAdviceAnswer;

/* `query` gives store, now and deadline, its range is not looked at; `target_s` is the wait within
 * the service level. Reads some ten answers: for a worker, seldom. */
gboolean iv_kpis_advice(IvStore *store, const IvKpiQuery *query, double target_s,
                        IvAdviceAnswer *ret_answer, GError **error);
void iv_advice_answer_clear(IvAdviceAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvAdviceAnswer, iv_advice_answer_clear)

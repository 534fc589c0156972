/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/receipt.h"
#include "sim/fact.h"

/* A simulated receipt as its point of sale tells of it: terminal, lines, minor units, settled. Its
 * number is counted through the run. Caller frees (iv_pos_receipt_free). */
IvPosReceipt *iv_sim_till_receipt(const IvScenario *scenario, const IvReceipt *receipt);

/* Which terminal stands at which lane, as sales.terminals says it. Caller frees. */
char *iv_sim_till_map(const IvScenario *scenario);

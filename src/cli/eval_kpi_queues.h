/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "store/kpis.h"

/* Holds the queue figures of a store, as they are served, against the truth (kpi_truth.py), and
 * adds rows to `figures`. Of every line (a lane's own, or a group's): queue_joined,
 * queue_abandoned, abandonment_rate, service_level, wait_mean, wait_p50, wait_p90, queue_length
 * (people), queue_length_mae (mean distance over the 5 minutes), queue_length_max. Of every line
 * and lane: queue_served, service_mean, service_p50, service_p90; of lanes lane_open_hours,
 * served_per_open_hour, linked_share. Of the store: queue_joined, queue_abandoned, queue_served,
 * service_level, wait_mean, queue_length, queue_length_mae (mean of its lines'); hour by hour and
 * line by line queue_joined_by_hour, queue_abandoned_by_hour, queue_served_by_hour. `query`: the
 * whole range; its step is not used. */
gboolean iv_eval_kpi_queues(IvStore *store, const IvKpiQuery *query, const json_t *truth,
                            json_t *figures, GError **error);

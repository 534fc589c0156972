/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "kpi/calendar.h"
#include "model/heat.h"
#include "store/rollup.h"

/* From heat.samples that were inserted to the rows of heat maps. Inside jobs of the writer: samples
 * of one batch are gathered first, as several tell of the same bucket, and each row is written
 * once. Amounts are whole numbers and only added up, so order and batches change nothing. */
typedef struct IvHeatCounting IvHeatCounting;

/* `zone` (may be NULL: UTC) says where hours begin; it and `rollups` (may be NULL), which are told
 * of the hours that change, must outlive the counting. */
IvHeatCounting *iv_heat_counting_new(IvSql *sql, gint64 store_no, GTimeZone *zone,
                                     IvRollups *rollups);
void iv_heat_counting_free(IvHeatCounting *counting);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvHeatCounting, iv_heat_counting_free)

/* NULL, or why the event can't be counted (static text). */
const char *iv_heat_count_check(const IvEvent *event);

/* Takes an event that passed the check into its bucket; others are left out. Writes when much has
 * gathered, so that memory is bounded whatever the grids. */
gboolean iv_heat_counting_take(IvHeatCounting *counting, const IvEvent *event, gint64 camera_no,
                               GError **error);

/* Adds what was taken to the rows. Call it once after the batch. */
gboolean iv_heat_counting_write(IvHeatCounting *counting, GError **error);

/* Takes the rows of 5 minutes in `span` away, also from their hours, so that the events can be
 * counted again. */
gboolean iv_heat_clear(IvSql *sql, gint64 store_no, GTimeZone *zone, IvPeriod span,
                       IvRollups *rollups, GError **error);

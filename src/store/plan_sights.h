/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/store.h"

/* Which cameras see what is drawn on the store's floor plan, so that what is counted on the plan
 * knows whose pictures it needs (store/kpi_scope.h). */

/* In the order of their names, which is that of the table. */
typedef enum {
  IV_PLAN_ITEM_LANE, /* and groups of lanes */
  IV_PLAN_ITEM_LINE,
  IV_PLAN_ITEM_PLAN, /* all of it: all cameras that the plan knows the place of */
  IV_PLAN_ITEM_ZONE,
  IV_PLAN_ITEMS,
} IvPlanItem;

/* "lane", "line", "plan", "zone". */
const char *iv_plan_item_name(IvPlanItem item);

/* Finds it out anew, inside a job of the writer: after a change of the plan, of a camera's
 * calibration or of which cameras are in use. A camera that is switched off or not calibrated sees
 * nothing. A lane is seen where one camera or several see both its line and its service area: who
 * waits there unseen by the other would be counted wrongly. A group is seen by those of its lanes.
 */
gboolean iv_plan_sights_renew(IvSql *sql, gint64 store_no, GError **error);

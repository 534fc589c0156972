/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Every figure that is served, in one table: what it counts, in which unit, of what, by which
 * version of its definition. API, tool-tips, docs/kpis.md and tests read it here. A figure that
 * cannot be known is NAN in C and null in JSON, never 0. */
typedef enum {
  IV_FIGURE_FOOTFALL,
  IV_FIGURE_FOOTFALL_UNKNOWN, /* where not everybody is known: iv_figure_footfall */
  IV_FIGURE_TRAFFIC_IN,
  IV_FIGURE_TRAFFIC_OUT,
  IV_FIGURE_TURN_BACKS,
  IV_FIGURE_PASS_BYS,
  IV_FIGURE_CAPTURE_RATE,
  IV_FIGURE_UNIQUE_VISITORS,
  IV_FIGURE_KNOWN_SHARE,
  IV_FIGURE_VISIT_MEAN,
  IV_FIGURE_VISIT_MEDIAN,
  IV_FIGURE_VISIT_P90,
  IV_FIGURE_BOUNCE_RATE,
  IV_FIGURE_PEAK_HOURS,
  IV_FIGURE_FOOTFALL_FORECAST,
  IV_FIGURE_OCCUPANCY,
  IV_FIGURE_LINE_IN,
  IV_FIGURE_LINE_OUT,
  IV_FIGURE_ZONE_VISITORS,
  IV_FIGURE_ZONE_VISITORS_UNKNOWN, /* where not everybody is known */
  IV_FIGURE_ZONE_VISITS,
  IV_FIGURE_ZONE_DRAW_RATE,
  IV_FIGURE_ZONE_DWELL_MEAN,
  IV_FIGURE_ZONE_DWELL_MEDIAN,
  IV_FIGURE_ZONE_DWELL_P90,
  IV_FIGURE_ZONE_ENGAGED,
  IV_FIGURE_ZONE_BAND,
  IV_FIGURE_ZONE_DEAD,
  IV_FIGURE_ZONE_PEAK,
  IV_FIGURE_ZONE_OCCUPANCY,
  IV_FIGURE_QUEUE_JOINED,
  IV_FIGURE_QUEUE_WAIT_MEAN,
  IV_FIGURE_QUEUE_WAIT_MEDIAN,
  IV_FIGURE_QUEUE_WAIT_P90,
  IV_FIGURE_QUEUE_ABANDONED,
  IV_FIGURE_QUEUE_ABANDONMENT,
  IV_FIGURE_QUEUE_SERVICE_LEVEL,
  IV_FIGURE_QUEUE_LENGTH_MEAN,
  IV_FIGURE_QUEUE_LENGTH_MAX,
  IV_FIGURE_LANE_SERVED,
  IV_FIGURE_LANE_SERVICE_MEAN,
  IV_FIGURE_LANE_SERVICE_MEDIAN,
  IV_FIGURE_LANE_SERVICE_P90,
  IV_FIGURE_LANE_OPEN,
  IV_FIGURE_LANE_EFFICIENCY,
  IV_FIGURE_LANES_OPEN,
  IV_FIGURE_LANE_LINK_RATE,
  IV_FIGURE_QUEUE_LENGTH_NOW,
  IV_FIGURE_QUEUE_PRESENT_WAIT,
  IV_FIGURE_QUEUE_ESTIMATED_WAIT,
  IV_FIGURE_QUEUE_FORETOLD_WAIT,
  IV_FIGURE_LANE_ADVICE,
  IV_FIGURE_STAFFING,
  IV_FIGURE_REVENUE,
  IV_FIGURE_TRANSACTIONS,
  IV_FIGURE_AVERAGE_VALUE,
  IV_FIGURE_UNITS_PER_TRANSACTION,
  IV_FIGURE_CONVERSION_RATE,
  IV_FIGURE_SALES_PER_VISITOR,
  IV_FIGURE_REFUNDS,
  IV_FIGURE_REFUNDED,
  IV_FIGURE_VOIDS,
  IV_FIGURE_NO_SALES,
  IV_FIGURE_LINK_RATE,
  IV_FIGURE_ITEMS_PER_BASKET,
  IV_FIGURE_BASKET_VALUE,
  IV_FIGURE_SUPPORT,
  IV_FIGURE_CONFIDENCE,
  IV_FIGURE_LIFT,
  IV_FIGURE_HEAT_FLOOR,
  IV_FIGURE_HEAT_PICTURE,
  IV_FIGURES,
} IvFigure;

typedef struct {
  const char *id;          /* as in the API: "footfall", "dwell_p90_s" */
  const char *unit;        /* "people", "s", "ratio" */
  const char *denominator; /* NULL = none */
  int definition_version;  /* 0: a preliminary definition, which `definition` says */
  const char *definition;
} IvFigureInfo;

const IvFigureInfo *iv_figure_info(IvFigure figure);

/* Which of two definitions a value has, by the share of ways in, or visits of zones, of which is
 * known who it was; NAN = there were none: the preliminary one. */
IvFigure iv_figure_footfall(double known_share);
IvFigure iv_figure_zone_visitors(double known_share);

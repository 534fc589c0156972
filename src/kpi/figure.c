/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/figure.h"

static const IvFigureInfo figures[IV_FIGURES] = {
    [IV_FIGURE_FOOTFALL] =
        {"footfall", "people", NULL, 0,
         "traffic in without people who turn back at once (2 s unless set); re-entries "
         "not removed"},
    [IV_FIGURE_TRAFFIC_IN] = {"traffic_in", "crossings", NULL, 1,
                              "inward crossings of entrance lines"},
    [IV_FIGURE_TRAFFIC_OUT] = {"traffic_out", "crossings", NULL, 1,
                               "outward crossings of entrance lines"},
    [IV_FIGURE_TURN_BACKS] =
        {"turn_backs", "people", NULL, 1,
         "out again at once (2 s unless set), counted at the time of coming in"},
    [IV_FIGURE_PASS_BYS] = {"pass_bys", "people", NULL, 0,
                            "people who cross a pass-by line and do not go in; people who come by "
                            "again count again"},
    [IV_FIGURE_CAPTURE_RATE] = {"capture_rate", "ratio", "traffic in + pass-bys", 0,
                                "traffic in / (traffic in + pass-bys), at cameras with a pass-by "
                                "line; re-entries not removed"},
    [IV_FIGURE_PEAK_HOURS] = {"peak_hours", "hours", NULL, 0,
                              "hours whose footfall is above the 90th percentile of the period's "
                              "hours in which a camera was alive; n/a below 10 such hours"},
    [IV_FIGURE_FOOTFALL_FORECAST] =
        {"footfall_forecast", "people", NULL, 1,
         "footfall of an hour to come: the mean of the same hour in the last twelve weeks, younger "
         "weeks counting more, carried by the level and trend of the last days; 80 of 100 hours "
         "should lie between low and high, by the errors of the last 28 days, each foretold from "
         "the days before it; n/a with less than two weeks of history (the interval: three)"},
    [IV_FIGURE_OCCUPANCY] = {"occupancy", "people", NULL, 0,
                             "people in view of the camera that sees the whole store; staff "
                             "included"},
    [IV_FIGURE_LINE_IN] = {"line_in", "crossings", NULL, 1,
                           "crossings of the line from its negative to its positive side"},
    [IV_FIGURE_LINE_OUT] = {"line_out", "crossings", NULL, 1,
                            "crossings of the line from its positive to its negative side"},
    [IV_FIGURE_ZONE_VISITORS] =
        {"visitors", "visits", NULL, 0,
         "visits of the zone of at least min_dwell (2 s unless set); re-entries not "
         "removed"},
    [IV_FIGURE_ZONE_DWELL_MEAN] = {"dwell_mean_s", "s", "zone visits", 1,
                                   "time inside per visit of the zone (min_dwell or longer): mean"},
    [IV_FIGURE_ZONE_DWELL_MEDIAN] =
        {"dwell_median_s", "s", "zone visits", 1,
         "time inside per visit of the zone (min_dwell or longer): median, within 0.8 %"},
    [IV_FIGURE_ZONE_DWELL_P90] =
        {"dwell_p90_s", "s", "zone visits", 1,
         "time inside per visit of the zone (min_dwell or longer): 90th percentile, within 0.8 %"},
    [IV_FIGURE_ZONE_ENGAGED] = {"engaged_share", "ratio", "zone visits", 0,
                                "visits of at least engaged_dwell (15 s unless set) / zone visits; "
                                "re-entries not removed"},
    [IV_FIGURE_ZONE_PEAK] = {"peak_occupancy", "people", NULL, 0,
                             "most people in the zone at once, as one camera sees it; finished "
                             "visits only"},
    [IV_FIGURE_ZONE_OCCUPANCY] = {"occupancy_now", "people", NULL, 1, "people in the zone now"},
};

const IvFigureInfo *iv_figure_info(IvFigure figure) {
  g_assert((guint)figure < IV_FIGURES);
  return &figures[figure];
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/figure.h"

static const IvFigureInfo figures[IV_FIGURES] = {
    [IV_FIGURE_FOOTFALL] =
        {"footfall", "people", NULL, 1,
         "traffic in without re-entries of a running visit (back within 15 min unless set) and "
         "without people who turn back at once (2 s unless set)"},
    [IV_FIGURE_FOOTFALL_UNKNOWN] =
        {"footfall", "people", NULL, 0,
         "traffic in without people who turn back at once (2 s unless set); not everybody who came "
         "in is known (known_share), and re-entries of the others are not removed"},
    [IV_FIGURE_UNIQUE_VISITORS] =
        {"unique_visitors", "people", NULL, 1,
         "different people who began a visit on the day; over several days the daily uniques, "
         "summed, as numbers of visitors begin anew each day; n/a where nobody is known"},
    [IV_FIGURE_KNOWN_SHARE] = {"known_share", "ratio", "traffic in", 1,
                               "ways in of which is known who it was / traffic in"},
    [IV_FIGURE_VISIT_MEAN] =
        {"visit_mean_s", "s", "closed visits", 1,
         "time in the store per closed visit, absences not counted: mean; a visit goes on after an "
         "absence of up to 15 min (unless set)"},
    [IV_FIGURE_VISIT_MEDIAN] =
        {"visit_median_s", "s", "closed visits", 1,
         "time in the store per closed visit, absences not counted: median, within 0.4 %"},
    [IV_FIGURE_VISIT_P90] =
        {"visit_p90_s", "s", "closed visits", 1,
         "time in the store per closed visit, absences not counted: 90th percentile, within 0.4 %"},
    [IV_FIGURE_BOUNCE_RATE] =
        {"bounce_rate", "ratio", "closed visits", 1,
         "visits under 60 s without a stay of at least engaged_dwell (15 s unless set) in a zone "
         "of "
         "products, promotions, fitting, services or checkouts / closed visits"},
    [IV_FIGURE_CLOSED_VISITS] = {"closed_visits", "visits", NULL, 1,
                                 "visits of known visitors that began in the period and are over"},
    [IV_FIGURE_ZONES_VISITED] =
        {"zones_visited", "zones", "closed visits", 1,
         "mean number of different product zones per closed visit, with stays of at least "
         "min_dwell (2 s unless set); of zones in one another the innermost"},
    [IV_FIGURE_BACKTRACKING] =
        {"backtracking_rate", "ratio", "closed visits with 3 or more product zones", 1,
         "visits in which a product zone is visited again after two or more others / visits with "
         "3 or more product zones"},
    [IV_FIGURE_EXPRESS] = {"express_share", "ratio", "closed visits", 1,
                           "visits under 5 min with at most 2 product zones and a checkout / "
                           "closed visits"},
    [IV_FIGURE_BROWSERS] =
        {"browser_share", "ratio", "closed visits", 1,
         "visits without a stay at a checkout, a service at a lane or a linked transaction / "
         "closed visits"},
    [IV_FIGURE_VISIT_CONVERSION] =
        {"visit_conversion", "ratio", "closed visits", 1,
         "visits with a linked transaction / closed visits, by the time of entry; at least so "
         "many, where not every transaction is linked (visit_link_rate)"},
    [IV_FIGURE_VISIT_LINK_RATE] =
        {"visit_link_rate", "ratio", "closed visits with a checkout", 1,
         "visits with a linked transaction / visits with a stay at a checkout or a service at a "
         "lane"},
    [IV_FIGURE_CART_ABANDONMENT] =
        {"cart_abandonment", "ratio", "visits with a kept product or a cart", 0,
         "closed visits with a kept product or a cart and without checkout or linked transaction / "
         "visits with a kept product or a cart; n/a until products and carts are seen"},
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
    [IV_FIGURE_GROUPS] =
        {"groups", "groups", NULL, 1,
         "groups that came in over entrance lines, who came alone a group of one; people belong "
         "together who cross a line within 1.5 s and 1.5 m of each other and stay within 2.5 m of "
         "each other for the next 5 s (or as long as both are seen, from 1 s on); people who turn "
         "back are none, and a group that comes in again counts again. Metres are approximate "
         "where the camera is not calibrated (1 m is 0.59 of a person's height)"},
    [IV_FIGURE_GROUP_SIZE] = {"group_size_mean", "people", "groups", 1,
                              "people who came in without those who turned back / groups"},
    [IV_FIGURE_GROUPS_OF_1] = {"groups_of_1", "groups", NULL, 1, "people who came in alone"},
    [IV_FIGURE_GROUPS_OF_2] = {"groups_of_2", "groups", NULL, 1, "groups of two people"},
    [IV_FIGURE_GROUPS_OF_3] = {"groups_of_3", "groups", NULL, 1, "groups of three people"},
    [IV_FIGURE_GROUPS_OF_4] = {"groups_of_4", "groups", NULL, 1, "groups of four people"},
    [IV_FIGURE_GROUPS_OF_5] = {"groups_of_5", "groups", NULL, 1, "groups of five and more people"},
    [IV_FIGURE_OCCUPANCY] = {"occupancy", "people", NULL, 0,
                             "people in view of the camera that sees the whole store; staff "
                             "included"},
    [IV_FIGURE_LINE_IN] = {"line_in", "crossings", NULL, 1,
                           "crossings of the line from its negative to its positive side"},
    [IV_FIGURE_LINE_OUT] = {"line_out", "crossings", NULL, 1,
                            "crossings of the line from its positive to its negative side"},
    [IV_FIGURE_ZONE_VISITORS] =
        {"visitors", "people", NULL, 1,
         "different people inside for at least min_dwell (2 s unless set) at once, in whichever "
         "camera; over several days the daily numbers, summed"},
    [IV_FIGURE_ZONE_VISITORS_UNKNOWN] =
        {"visitors", "people", NULL, 0,
         "people inside for at least min_dwell (2 s unless set) at once; not everybody is known, "
         "and each visit of the others counts as one more person"},
    [IV_FIGURE_ZONE_VISITS] = {"zone_visits", "visits", NULL, 1,
                               "visits of the zone of at least min_dwell (2 s unless set)"},
    [IV_FIGURE_ZONE_DRAW_RATE] =
        {"draw_rate", "ratio", "unique visitors of the store", 1,
         "known visitors of the zone / unique visitors of the store, who came in during that time; "
         "over 1 where more were still inside from before; n/a where nobody is known"},
    [IV_FIGURE_ZONE_DWELL_MEAN] = {"dwell_mean_s", "s", "zone visits", 1,
                                   "time inside per visit of the zone (min_dwell or longer): mean"},
    [IV_FIGURE_ZONE_DWELL_MEDIAN] =
        {"dwell_median_s", "s", "zone visits", 1,
         "time inside per visit of the zone (min_dwell or longer): median, within 0.4 %"},
    [IV_FIGURE_ZONE_DWELL_P90] =
        {"dwell_p90_s", "s", "zone visits", 1,
         "time inside per visit of the zone (min_dwell or longer): 90th percentile, within 0.4 %"},
    [IV_FIGURE_ZONE_ENGAGED] =
        {"engaged_share", "ratio", "zone visitors", 1,
         "stay rate: visitors of the zone with a stay of at least engaged_dwell (15 s unless set) "
         "/ visitors of the zone"},
    [IV_FIGURE_ZONE_BAND] =
        {"band", "band", "zones of the same kind", 1,
         "engagement over the last 28 days: hot, high, medium, low are the top 20 %, the next 20 "
         "%, "
         "the next 30 % and the rest of the store's zones of the same kind by engaged_share, or "
         "from 80, 65 and 40 % on where the configuration says fixed; n/a below 5 such zones"},
    [IV_FIGURE_ZONE_DEAD] =
        {"dead", "yes or no", "zones of the same kind", 1,
         "draw rate under 10 % of the median zone of its kind on each of the last 7 whole days on "
         "which anybody came; n/a without 7 days of known visitors, or while its cameras were off"},
    [IV_FIGURE_ZONE_PEAK] = {"peak_occupancy", "people", NULL, 0,
                             "most people in the zone at once, as one camera sees it; finished "
                             "visits only"},
    [IV_FIGURE_ZONE_OCCUPANCY] = {"occupancy_now", "people", NULL, 1, "people in the zone now"},
    [IV_FIGURE_ZONE_CAPACITY] = {"capacity", "people", NULL, 1,
                                 "people the zone is for, as it is drawn; more of them inside for "
                                 "10 s, staff too, are an event, which ends when 90 % of the "
                                 "capacity or fewer are; n/a where none is given"},
    [IV_FIGURE_ZONE_OCCUPANCY_SHARE] = {"occupancy_share", "ratio", "capacity", 1,
                                        "people in the zone now / its capacity"},
    [IV_FIGURE_ZONE_PEAK_SHARE] = {"peak_share", "ratio", "capacity", 0,
                                   "most people in the zone at once, as one camera sees it, "
                                   "finished visits only / its capacity as it is drawn now"},
    [IV_FIGURE_ZONE_OVER_CAPACITY] =
        {"over_capacity_s", "s", NULL, 0,
         "time in which the zone held more people than its capacity as it was drawn then: from "
         "when more of them were inside for 10 s until 90 % of the capacity or fewer were; told "
         "when that is over; of several cameras, the one that saw it for longest; n/a where no "
         "capacity is given"},
    [IV_FIGURE_QUEUE_JOINED] =
        {"joined", "people", NULL, 1,
         "people who queued for at least 5 s in the queue area: from when they came to stand there "
         "(slower than 0.3 m/s over 1.5 s), standing or going on within 1.5 m behind somebody of "
         "the line, until out of the area; up to 2 s of neither do not matter, as when a line "
         "moves "
         "up; without a plan 1 m is 0.59 of a person's height"},
    [IV_FIGURE_QUEUE_WAIT_MEAN] = {"wait_mean_s", "s", "people who joined and were served", 1,
                                   "from joining to the start of the service: mean"},
    [IV_FIGURE_QUEUE_WAIT_MEDIAN] = {"wait_median_s", "s", "people who joined and were served", 1,
                                     "from joining to the start of the service: median, within "
                                     "0.4 %"},
    [IV_FIGURE_QUEUE_WAIT_P90] = {"wait_p90_s", "s", "people who joined and were served", 1,
                                  "from joining to the start of the service: 90th percentile, "
                                  "within 0.4 %"},
    [IV_FIGURE_QUEUE_ABANDONED] = {"abandoned", "people", NULL, 1,
                                   "people who left the queue unserved 10 s or longer after "
                                   "joining"},
    [IV_FIGURE_QUEUE_ABANDONMENT] = {"abandonment_rate", "ratio", "people who joined", 1,
                                     "left unserved 10 s or longer after joining / joined"},
    [IV_FIGURE_QUEUE_SERVICE_LEVEL] = {"service_level", "ratio", "people who joined", 1,
                                       "served after a wait no longer than the target (5 min "
                                       "unless set) / joined"},
    [IV_FIGURE_QUEUE_LENGTH_MEAN] = {"length_mean", "people", NULL, 1,
                                     "people queuing, the one being served not counted, sampled "
                                     "each second: mean; of several lines the sum"},
    [IV_FIGURE_QUEUE_LENGTH_MAX] = {"length_max", "people", NULL, 1,
                                    "people queuing, sampled each second: most in one line"},
    [IV_FIGURE_LANE_SERVED] = {"served", "customers", NULL, 1,
                               "customers who stood in the service area for 3 s or longer, with or "
                               "without a wait; people served together count once"},
    [IV_FIGURE_LANE_SERVICE_MEAN] = {"service_mean_s", "s", "customers served", 1,
                                     "time at the service area: mean"},
    [IV_FIGURE_LANE_SERVICE_MEDIAN] = {"service_median_s", "s", "customers served", 1,
                                       "time at the service area: median, within 0.4 %"},
    [IV_FIGURE_LANE_SERVICE_P90] = {"service_p90_s", "s", "customers served", 1,
                                    "time at the service area: 90th percentile, within 0.4 %"},
    [IV_FIGURE_LANE_OPEN] = {"open_hours", "h", NULL, 0,
                             "time with staff at their place, or a customer served in the last "
                             "3 min, or always at self-checkouts; tills that sign on are not told "
                             "yet"},
    [IV_FIGURE_LANE_EFFICIENCY] = {"served_per_open_hour", "customers/h", "open hours", 1,
                                   "customers served / hours open"},
    [IV_FIGURE_LANES_OPEN] = {"lanes_open", "lanes", NULL, 1,
                              "lanes open, on average over the time in which their cameras were "
                              "alive"},
    [IV_FIGURE_LANE_LINK_RATE] =
        {"linked_share", "ratio", "customers served", 1,
         "services whose receipt is known (link rate) / customers served; n/a where no terminal is "
         "mapped to the lane, or no receipt came of the period"},
    [IV_FIGURE_QUEUE_LENGTH_NOW] = {"length", "people", NULL, 1, "people queuing now"},
    [IV_FIGURE_QUEUE_PRESENT_WAIT] = {"present_wait_s", "s", NULL, 1,
                                      "how long the one has waited who waits longest now"},
    [IV_FIGURE_QUEUE_ESTIMATED_WAIT] = {"estimated_wait_s", "s", NULL, 0,
                                        "people queuing × mean service of the last 15 min / open "
                                        "lanes; n/a when nobody was served in that time"},
    [IV_FIGURE_QUEUE_FORETOLD_WAIT] =
        {"foretold_wait_s", "s", NULL, 1,
         "how long who joins the line in 5 or 10 min will wait, on average over 128 futures played "
         "from who came in when (by the learned share that reaches the tills at each age of a "
         "visit), who stands in line, open lanes as they are, and the lengths of the last 200 "
         "services; of several lines, at the one that is best then. A call is made when QUEUE_LONG "
         "begins within 15 min in 65 of 100 futures; it is a hit when one then does. Journeys are "
         "not used yet"},
    [IV_FIGURE_LANE_ADVICE] =
        {"lane_advice", "lanes", NULL, 1,
         "the fewest open lanes with which nobody who joins in the next 15 min is foretold to wait "
         "longer than the target; lanes are said to be free to close when that wait stays under "
         "60 % of it"},
    [IV_FIGURE_STAFFING] =
        {"lanes_needed", "lanes", NULL, 1,
         "fewest lanes with which the asked share of people waits no longer than the target, by "
         "Erlang C, also where each lane has its own line, as people choose the shortest; for the "
         "arrivals at the tills that are foretold for the hour (as footfall is, from the last "
         "eight weeks) and the mean service of the last four, with 8 s between customers"},
    [IV_FIGURE_REVENUE] = {"revenue_minor", "minor units", NULL, 1,
                           "amounts of sales less refunds, as the points of sale tell them, in "
                           "minor units of the store's currency (cents)"},
    [IV_FIGURE_TRANSACTIONS] = {"transactions", "transactions", NULL, 1,
                                "sales; refunds, voids and no-sales are no transactions"},
    [IV_FIGURE_AVERAGE_VALUE] = {"average_value_minor", "minor units", "transactions", 1,
                                 "revenue / transactions; net of refunds"},
    [IV_FIGURE_UNITS_PER_TRANSACTION] =
        {"units_per_transaction", "pieces", "transactions", 1,
         "pieces sold / transactions that tell their pieces; a weighed line is one piece"},
    [IV_FIGURE_CONVERSION_RATE] = {"conversion_rate", "ratio", "footfall", 0,
                                   "transactions / footfall; footfall has the re-entries of people "
                                   "in it who are not known; n/a without "
                                   "footfall or point of sale"},
    [IV_FIGURE_SALES_PER_VISITOR] =
        {"sales_per_visitor_minor", "minor units", "footfall", 0,
         "revenue / footfall; footfall has the re-entries of people in it who are not known"},
    [IV_FIGURE_GROUP_CONVERSION] =
        {"group_conversion", "ratio", "groups", 1,
         "transactions / groups that came in, who came alone a group of one; n/a without groups or "
         "point of sale"},
    [IV_FIGURE_REFUNDS] = {"refunds", "receipts", NULL, 1, "receipts that give money back"},
    [IV_FIGURE_REFUNDED] = {"refunds_minor", "minor units", NULL, 1,
                            "what refunds gave back, in minor units of the store's currency"},
    [IV_FIGURE_VOIDS] = {"voids", "receipts", NULL, 1, "receipts that were cancelled"},
    [IV_FIGURE_NO_SALES] = {"no_sales", "receipts", NULL, 1, "drawer opened without a sale"},
    [IV_FIGURE_LINK_RATE] =
        {"link_rate", "ratio", "transactions", 1,
         "transactions whose service at the till is known / transactions: the receipt of a "
         "terminal "
         "mapped to a lane, completed within a service there, give or take 20 s; one to one, by "
         "greatest overlap; n/a where no terminal of the receipts is mapped to a lane that is "
         "seen"},
    [IV_FIGURE_ITEMS_PER_BASKET] =
        {"items_per_basket", "pieces", "baskets", 1,
         "pieces / baskets; a basket is a sale that tells its lines, a weighed line is one piece"},
    [IV_FIGURE_BASKET_VALUE] = {"basket_value_minor", "minor units", "baskets", 1,
                                "amounts of sales that tell their lines / such sales"},
    [IV_FIGURE_SUPPORT] = {"support", "ratio", "baskets", 1,
                           "baskets that hold all products of the rule / baskets"},
    [IV_FIGURE_CONFIDENCE] =
        {"confidence", "ratio", "baskets with the condition", 1,
         "baskets that hold all products of the rule / baskets that hold those "
         "of its condition"},
    [IV_FIGURE_LIFT] = {"lift", "ratio", "share of baskets with what follows", 1,
                        "confidence / share of baskets that hold the product that follows; above 1 "
                        "they are bought together more often than by chance"},
    [IV_FIGURE_HEAT_FLOOR] =
        {"heat_per_m2", "person-s/m²", "area of the cell", 0,
         "time that people were in the cell / its area, in cells of 0.5 m of the floor plan; the "
         "time between two sights of somebody goes to the cells on the straight way between them, "
         "none where the sights lie more than 5 s apart; staff not removed unless they are known"},
    [IV_FIGURE_HEAT_PICTURE] =
        {"heat_per_cell", "person-s", NULL, 0,
         "time that people stood in the cell, one of 32x18 of the camera's picture; the time "
         "between two sights of somebody goes to the cells on the straight way between them, none "
         "where the sights lie more than 5 s apart; staff not removed"},
};

/* All of them, but for rounding. */
static gboolean all_known(double known_share) {
  return known_share > 1 - 1e-9;
}

IvFigure iv_figure_footfall(double known_share) {
  return all_known(known_share) ? IV_FIGURE_FOOTFALL : IV_FIGURE_FOOTFALL_UNKNOWN;
}

IvFigure iv_figure_zone_visitors(double known_share) {
  return all_known(known_share) ? IV_FIGURE_ZONE_VISITORS : IV_FIGURE_ZONE_VISITORS_UNKNOWN;
}

const IvFigureInfo *iv_figure_info(IvFigure figure) {
  g_assert((guint)figure < IV_FIGURES);
  return &figures[figure];
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/reference.h"

#include "kpi/bucket.h"
#include "kpi/figure.h"
#include "kpi/sales.h"

static const char head[] =
    "# Figures\n"
    "\n"
    "<!-- Printed by `inveye check --figures`; edit src/kpi/figure.c and src/kpi/bucket.c. -->\n"
    "\n"
    "What each figure on the dashboard and in the API counts. A definition has a version; version "
    "0\n"
    "is preliminary, and its words say what is still missing. A figure that cannot be known is "
    "n/a\n"
    "(`null` in the API), never 0.\n"
    "\n"
    "| figure | unit | of | version | definition |\n"
    "|---|---|---|---|---|\n";

static const char rules[] =
    "\n"
    "Where events say who it was (`visitor_id`), people are counted once: footfall drops those "
    "who\n"
    "come back within the re-entry window (15 min unless set), visitors of a zone are people, in\n"
    "whichever camera and however often. Who is not known is one track in one camera: who leaves "
    "the\n"
    "picture and comes back counts again, and nobody is recognised in a second camera; then "
    "footfall\n"
    "and zone visitors have definition version 0. Numbers of visitors begin anew each day, so "
    "over\n"
    "several days people are those of the days, summed. A zone's peak is the largest that one "
    "camera\n"
    "saw. Staff are not told apart yet, but for who stands at the staff's place of a lane.\n"
    "\n"
    "A **visit** of the store goes from the first way in to the last way out; an absence up to "
    "the\n"
    "re-entry window goes on with it and is no time in it. It is closed when its visitor stays "
    "away for\n"
    "longer, was not seen for 2 h more than that (it ended at the last sight), or at four in the\n"
    "morning. Who was inside when the program stopped has no duration.\n"
    "\n"
    "Lanes that share a line (a group) have one row for the line, with joins, waits, abandonment "
    "and\n"
    "length; services and open time are those of its lanes together.\n"
    "\n"
    "## Ground rules\n"
    "\n"
    "- **Events first.** Every count is a sum over events of the ledger ([events.md](events.md));\n"
    "  delivering an event twice counts it once.\n"
    "- **Buckets** are 5 minutes, UTC. A crossing counts at its time, a visit of a zone with its\n"
    "  whole dwell at its start, a turn-back takes its footfall from the bucket of the way in, a\n"
    "  wait or an abandonment at the joining, a service at its start.\n"
    "- **Hours and days** are the store's own: a day has 23 or 25 hours when the clocks change, "
    "an\n"
    "  hour that comes twice is two hours, offsets like +05:45 work. They add up buckets and "
    "merge\n"
    "  sketches; averages are never averaged.\n"
    "- **Weeks** are ISO weeks: Monday to Sunday in the store's own days.\n"
    "- **Week over week** (`compare=week`) sets what has passed of a range, in whole 5 minutes,\n"
    "  against the same weekdays up to the same minute before: one week earlier, or as many weeks "
    "as\n"
    "  the range spans. The clock on the wall decides, so weeks with a change of clocks compare\n"
    "  too. A change is (now - before) / before, of ratios too; it is n/a where one of both is, "
    "where\n"
    "  before is 0, and where the coverage of one of both is under 0.9.\n"
    "- **Coverage** is the share of the period so far in which the cameras that the figure needs\n"
    "  delivered pictures. Traffic needs the cameras with an entrance line, a zone those that see "
    "it,\n"
    "  a line its own. What is drawn on the floor plan needs the calibrated cameras that see it "
    "there, as\n"
    "  they are calibrated now: a tenth of the floor in a zone, the middle or an end of a line, of "
    "a lane\n"
    "  both its line and its service area; a heat map of the plan needs all of them. What none of "
    "them\n"
    "  sees has no coverage, and is n/a. The plan of a simulated store stands for itself.\n"
    "  Cameras report once a minute, so the time since a camera's last report is not held against "
    "it for\n"
    "  2 minutes.\n"
    "- **n/a**: no needed camera was alive in the period and nothing was counted. A period in "
    "which\n"
    "  one was alive and nobody came is 0. What has not begun is n/a.\n"
    "- **Provisional**: the last 15 minutes, and figures of zones, queues and visits of the store "
    "while stays, waits or visits\n"
    "  that began in the period are going on; `open_visits` and `open_waits` say how many. A stay "
    "whose end never came (the "
    "program\n"
    "  was killed) is given up after 4 hours.\n"
    "- **Late events** (an edge that was offline) are counted where they belong, whenever they "
    "come.\n"
    "- **Median and 90th percentile** are nearest-rank values: exact (lengths are whole ms) up to "
    "512\n"
    "  different lengths, beyond that from bins whose error is at most 0.4 % of the value for any "
    "data,\n"
    "  and in rank at most what one bin holds. What was counted before 0.4 % were kept stays "
    "within\n"
    "  0.8 %. Of n lengths a rank is a whole number: of fewer than 100 one of them is more than 1 "
    "%.\n"
    "- **Scene versions**: an edit of lines and zones changes nothing that was counted before.\n"
    "- **Sales** come from the points of sale ([sales.md](sales.md)); a receipt counts in the "
    "bucket "
    "of\n"
    "  its completion, whenever it comes. Money is whole minor units of the store's one currency. "
    "They\n"
    "  are n/a before the store's day of the first receipt and after its day of the last one, and "
    "0 "
    "in\n"
    "  between where nothing was sold. What is divided by footfall has the coverage of footfall.\n"
    "- `min_dwell`, `engaged_dwell`, `turn_back` and `wait_target` are set in the configuration; "
    "figures of the "
    "past\n"
    "  keep those they were counted with.\n"
    "\n"
    "## What the 5-minute rows hold\n"
    "\n"
    "All amounts are whole numbers.\n";

static void print_figures(GString *page) {
  for (int i = 0; i < IV_FIGURES; i++) {
    const IvFigureInfo *info = iv_figure_info((IvFigure)i);
    g_string_append_printf(page, "| `%s` | %s | %s | %d | %s |\n", info->id, info->unit,
                           info->denominator ? info->denominator : "", info->definition_version,
                           info->definition);
  }
}

static void print_measures(GString *page, const IvSubjectInfo *info) {
  g_string_append_printf(page, "\n### %s\n\n| column | what it is |\n|---|---|\n", info->table);
  for (guint i = 0; i < info->n_measures; i++)
    g_string_append_printf(page, "| `%s` | %s%s |\n", info->measures[i].column,
                           info->measures[i].doc,
                           info->measures[i].is_max ? " (the largest, not the sum)" : "");
}

char *iv_kpi_reference(void) {
  GString *page = g_string_new(head);
  print_figures(page);
  g_string_append(page, rules);
  for (int s = 0; s < IV_SUBJECTS; s++)
    print_measures(page, iv_subject_info((IvSubject)s));
  print_measures(page, iv_sales_info());
  return g_string_free(page, FALSE);
}

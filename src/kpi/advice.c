/* SPDX-License-Identifier: Apache-2.0 */
#include "kpi/advice.h"

#include <math.h>
#include <stdarg.h>

static const IvAdviceInfo rules[IV_ADVICE_RULES] = {
    [IV_ADVICE_CONVERSION_FELL] = {"conversion-fell", "K6", "sales",
                                   "the conversion rate is a tenth or more below that of the week "
                                   "before, by more than chance (two standard errors)",
                                   200},
    [IV_ADVICE_CAPTURE_FELL] =
        {"capture-fell", "K1", "customers",
         "the capture rate is a tenth or more below that of the week before, "
         "by more than chance (two standard errors)",
         200},
    [IV_ADVICE_DEAD_ZONE] = {"dead-zone", "K2", "customers",
                             "a zone drew under a tenth of the visitors of the median zone of its "
                             "kind on each of the last 7 days; the median had 50 visitors or more",
                             50},
    [IV_ADVICE_LONG_WAITS] = {"long-waits", "K3", "checkout",
                              "at an hour of the day under 80 % of those who queued were served "
                              "within the target",
                              30},
    [IV_ADVICE_ABANDONMENT_HIGH] = {"abandonment-high", "K3", "checkout",
                                    "10 % or more of those who queued in a line left it unserved",
                                    50},
    [IV_ADVICE_LANES_SHORT] = {"lanes-short", "K16", "checkout",
                               "for an hour to come the footfall forecast needs at least one lane "
                               "more than were open at the same hour last week",
                               100},
    [IV_ADVICE_CROSS_SELL] = {"cross-sell", "K7", "sales",
                              "two products are bought together twice as often as by chance, or "
                              "more; where they stand is not known",
                              30},
    [IV_ADVICE_CAMERA_DARK] = {"camera-dark", "A9", "cameras",
                               "a camera was alive for less than 80 % of the week", 0},
    [IV_ADVICE_LINKS_MISSING] = {"links-missing", "S14", "sales",
                                 "under half of the transactions could be linked to a service at "
                                 "the lane of their terminal",
                                 100},
};

const IvAdviceInfo *iv_advice_info(IvAdviceRule rule) {
  return &rules[rule];
}

void iv_advice_figures_init(IvAdviceFigures *figures) {
  const IvAdviceShare none = {(double)NAN, 0, (double)NAN};
  *figures = (IvAdviceFigures){.conversion = {none, none},
                               .capture = {none, none},
                               .transactions = (double)NAN,
                               .link_rate = (double)NAN,
                               .served = 0};
  figures->zones = g_array_new(FALSE, TRUE, sizeof(IvAdviceZone));
  figures->lines = g_array_new(FALSE, TRUE, sizeof(IvAdviceLine));
  figures->tomorrow = g_array_new(FALSE, TRUE, sizeof(IvAdviceTomorrow));
  figures->pairs = g_array_new(FALSE, TRUE, sizeof(IvAdvicePair));
  figures->cameras = g_array_new(FALSE, TRUE, sizeof(IvAdviceCamera));
}

void iv_advice_figures_clear(IvAdviceFigures *figures) {
  g_clear_pointer(&figures->zones, g_array_unref);
  g_clear_pointer(&figures->lines, g_array_unref);
  g_clear_pointer(&figures->tomorrow, g_array_unref);
  g_clear_pointer(&figures->pairs, g_array_unref);
  g_clear_pointer(&figures->cameras, g_array_unref);
}

/* ---- telling ---- */

static IvAdvice *begin(GArray *found, IvAdviceRule rule, const IvAdviceName *subject) {
  IvAdvice advice = {.rule = rule, .ts = IV_TIME_NONE};
  if (subject)
    advice.subject = *subject;
  g_array_append_val(found, advice);
  return &g_array_index(found, IvAdvice, found->len - 1);
}

G_GNUC_PRINTF(2, 3) static void say(IvAdvice *advice, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_vsnprintf(advice->text, sizeof advice->text, format, arguments);
  va_end(arguments);
}

static void show(IvAdvice *advice, const char *name, const char *unit, double value) {
  g_assert(advice->n_evidence < IV_ADVICE_EVIDENCE_MAX);
  advice->evidence[advice->n_evidence++] = (IvAdviceEvidence){name, unit, value};
}

/* Enough cases, and the cameras looked. NAN is never enough; a coverage of NAN needs no camera. */
static gboolean enough(IvAdviceRule rule, double n, double coverage) {
  return n >= rules[rule].minimum && !(coverage < IV_ADVICE_COVERAGE);
}

/* ---- the rules ---- */

/* Two proportions, pooled. */
static gboolean fell(IvAdviceRule rule, const IvAdviceShare shares[2]) {
  const IvAdviceShare now = shares[0], before = shares[1];
  if (isnan(now.share) || isnan(before.share) || !enough(rule, now.n, now.coverage) ||
      !enough(rule, before.n, before.coverage) || before.share <= 0)
    return FALSE;
  double drop = before.share - now.share;
  double pooled = (now.share * now.n + before.share * before.n) / (now.n + before.n);
  double error = sqrt(MAX(pooled * (1 - pooled), 0) * (1 / now.n + 1 / before.n));
  return drop >= IV_ADVICE_FALL * before.share && drop > IV_ADVICE_Z * error;
}

static void show_fall(IvAdvice *advice, const char *name, const IvAdviceShare shares[2],
                      const char *of, const char *unit) {
  show(advice, name, "ratio", shares[0].share);
  show(advice, "before", "ratio", shares[1].share);
  show(advice, of, unit, shares[0].n);
  show(advice, "coverage", "ratio", shares[0].coverage);
}

static void find_conversion(const IvAdviceFigures *f, GArray *found) {
  if (!fell(IV_ADVICE_CONVERSION_FELL, f->conversion))
    return;
  IvAdvice *advice = begin(found, IV_ADVICE_CONVERSION_FELL, NULL);
  say(advice,
      "Conversion fell from %.1f %% to %.1f %% within a week. Look at waits, staff on the floor "
      "and "
      "what was out of stock.",
      100 * f->conversion[1].share, 100 * f->conversion[0].share);
  show_fall(advice, "conversion_rate", f->conversion, "footfall", "people");
}

static void find_capture(const IvAdviceFigures *f, GArray *found) {
  if (!fell(IV_ADVICE_CAPTURE_FELL, f->capture))
    return;
  IvAdvice *advice = begin(found, IV_ADVICE_CAPTURE_FELL, NULL);
  say(advice,
      "Of those who walk past, %.1f %% came in, after %.1f %% the week before. Look at the window "
      "and the entrance.",
      100 * f->capture[0].share, 100 * f->capture[1].share);
  show_fall(advice, "capture_rate", f->capture, "passers", "people");
}

static void find_dead_zones(const IvAdviceFigures *f, GArray *found) {
  for (guint i = 0; i < f->zones->len; i++) {
    const IvAdviceZone *at = &g_array_index(f->zones, IvAdviceZone, i);
    if (!at->dead || !enough(IV_ADVICE_DEAD_ZONE, at->kind_median, at->coverage))
      continue;
    IvAdvice *advice = begin(found, IV_ADVICE_DEAD_ZONE, &at->zone);
    say(advice,
        "%s drew %.0f visitors in 7 days; the median zone of its kind drew %.0f. Give it another "
        "range, a display or a way past it.",
        at->zone.name, at->visitors, at->kind_median);
    show(advice, "visitors", "people", at->visitors);
    show(advice, "median_of_kind", "people", at->kind_median);
    show(advice, "coverage", "ratio", at->coverage);
  }
}

static gboolean is_slow(const IvAdviceHour *hour) {
  return enough(IV_ADVICE_LONG_WAITS, hour->joined, hour->coverage) &&
         hour->in_target < IV_ADVICE_SERVICE_LEVEL * hour->joined;
}

/* Hours in a row are one recommendation. */
static void find_long_waits(const IvAdviceFigures *f, GArray *found) {
  for (guint from = 0, to; from < 24; from = to + 1) {
    double joined = 0, in_target = 0;
    for (to = from; to < 24 && is_slow(&f->hours[to]); to++) {
      joined += f->hours[to].joined;
      in_target += f->hours[to].in_target;
    }
    if (to == from)
      continue;
    IvAdvice *advice = begin(found, IV_ADVICE_LONG_WAITS, NULL);
    say(advice,
        "From %02u:00 to %02u:00 only %.0f %% of those who queued were served within the target. "
        "Open a lane earlier.",
        from, to, 100 * in_target / joined);
    show(advice, "service_level", "ratio", in_target / joined);
    show(advice, "joined", "people", joined);
    show(advice, "from_hour", "hour of the day", from);
    show(advice, "to_hour", "hour of the day", to);
  }
}

static void find_abandonment(const IvAdviceFigures *f, GArray *found) {
  for (guint i = 0; i < f->lines->len; i++) {
    const IvAdviceLine *at = &g_array_index(f->lines, IvAdviceLine, i);
    if (!enough(IV_ADVICE_ABANDONMENT_HIGH, at->joined, at->coverage) ||
        !(at->abandonment >= IV_ADVICE_ABANDONMENT))
      continue;
    IvAdvice *advice = begin(found, IV_ADVICE_ABANDONMENT_HIGH, &at->line);
    say(advice, "%.0f %% of the %.0f people who queued at %s left unserved. Shorten its waits.",
        100 * at->abandonment, at->joined, at->line.name);
    show(advice, "abandonment_rate", "ratio", at->abandonment);
    show(advice, "joined", "people", at->joined);
    show(advice, "coverage", "ratio", at->coverage);
  }
}

/* The hour that lacks most; of equal ones the first. */
static void find_short_lanes(const IvAdviceFigures *f, GArray *found) {
  const IvAdviceTomorrow *worst = NULL;
  guint n = 0;
  for (guint i = 0; i < f->tomorrow->len; i++) {
    const IvAdviceTomorrow *at = &g_array_index(f->tomorrow, IvAdviceTomorrow, i);
    if (!(at->lanes_needed - at->lanes_open >= 1))
      continue;
    n++;
    if (!worst || at->lanes_needed - at->lanes_open > worst->lanes_needed - worst->lanes_open)
      worst = at;
  }
  if (!worst || !enough(IV_ADVICE_LANES_SHORT, f->served, (double)NAN))
    return;
  IvAdvice *advice = begin(found, IV_ADVICE_LANES_SHORT, NULL);
  advice->ts = worst->ts;
  say(advice,
      "%u hours of the coming week need more lanes than were open last week; at the shortest %.0f "
      "instead of %.1f.",
      n, worst->lanes_needed, worst->lanes_open);
  show(advice, "lanes_needed", "lanes", worst->lanes_needed);
  show(advice, "lanes_open", "lanes", worst->lanes_open);
  show(advice, "footfall_forecast", "people", worst->footfall);
  show(advice, "hours", "hours", n);
}

static void find_pairs(const IvAdviceFigures *f, GArray *found) {
  for (guint i = 0, n = 0; i < f->pairs->len && n < IV_ADVICE_PAIRS_MAX; i++) {
    const IvAdvicePair *at = &g_array_index(f->pairs, IvAdvicePair, i);
    if (!enough(IV_ADVICE_CROSS_SELL, at->baskets, (double)NAN) || !(at->lift >= IV_ADVICE_LIFT))
      continue;
    IvAdvice *advice = begin(found, IV_ADVICE_CROSS_SELL, NULL);
    g_snprintf(advice->subject.name, sizeof advice->subject.name, "%.36s + %.36s", at->first,
               at->second);
    say(advice,
        "%.80s and %.80s are bought together %.1f times as often as by chance (%.0f baskets). "
        "Place "
        "or offer them together.",
        at->first, at->second, at->lift, at->baskets);
    show(advice, "lift", "ratio", at->lift);
    show(advice, "baskets", "baskets", at->baskets);
    show(advice, "support", "ratio", at->support);
    n++;
  }
}

static void find_dark_cameras(const IvAdviceFigures *f, GArray *found) {
  for (guint i = 0; i < f->cameras->len; i++) {
    const IvAdviceCamera *at = &g_array_index(f->cameras, IvAdviceCamera, i);
    if (!(at->coverage < IV_ADVICE_CAMERA))
      continue;
    IvAdvice *advice = begin(found, IV_ADVICE_CAMERA_DARK, &at->camera);
    say(advice,
        "%s delivered pictures for %.0f %% of the week; figures that need it are too small. Check "
        "its power and network.",
        at->camera.name, 100 * at->coverage);
    show(advice, "coverage", "ratio", at->coverage);
  }
}

static void find_missing_links(const IvAdviceFigures *f, GArray *found) {
  if (!enough(IV_ADVICE_LINKS_MISSING, f->transactions, (double)NAN) ||
      !(f->link_rate < IV_ADVICE_LINK_RATE))
    return;
  IvAdvice *advice = begin(found, IV_ADVICE_LINKS_MISSING, NULL);
  say(advice,
      "Only %.0f %% of %.0f transactions could be linked to a service. Check which lane each "
      "terminal stands at, and the clocks of the tills.",
      100 * f->link_rate, f->transactions);
  show(advice, "link_rate", "ratio", f->link_rate);
  show(advice, "transactions", "transactions", f->transactions);
}

GArray *iv_advice_find(const IvAdviceFigures *figures) {
  static void (*const finders[IV_ADVICE_RULES])(const IvAdviceFigures *, GArray *) = {
      [IV_ADVICE_CONVERSION_FELL] = find_conversion,
      [IV_ADVICE_CAPTURE_FELL] = find_capture,
      [IV_ADVICE_DEAD_ZONE] = find_dead_zones,
      [IV_ADVICE_LONG_WAITS] = find_long_waits,
      [IV_ADVICE_ABANDONMENT_HIGH] = find_abandonment,
      [IV_ADVICE_LANES_SHORT] = find_short_lanes,
      [IV_ADVICE_CROSS_SELL] = find_pairs,
      [IV_ADVICE_CAMERA_DARK] = find_dark_cameras,
      [IV_ADVICE_LINKS_MISSING] = find_missing_links,
  };
  GArray *found = g_array_new(FALSE, TRUE, sizeof(IvAdvice));
  for (int i = 0; i < IV_ADVICE_RULES; i++)
    finders[i](figures, found);
  return found;
}

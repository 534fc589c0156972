/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/entry_groups.h"

#include <math.h>

#define HEIGHT_METRE 0.59 /* a metre, of a person's height */
#define STEP (IV_SECOND / 5)
#define LATE IV_SECOND /* how much later than its time a point may come */
#define FAR_AWAY 1e9
#define ALL_SEEN (IV_ENTRY_GROUP_CLOSE + IV_ENTRY_GROUP_TOGETHER) /* after a crossing */

typedef struct {
  IvTime ts;
  double x, y; /* metres, or pixels where metres are not known */
} Sight;

typedef struct {
  IvEntry entry;
  IvTime met;    /* when the line was crossed */
  IvTime left;   /* went out again; IV_TIME_NONE = did not */
  double metre;  /* in units of sights */
  GArray *trail; /* of Sight, owned: from the crossing on, for ALL_SEEN and one more */
} Entrant;

struct IvEntryGroups {
  const IvScene *scene;
  GArray *waiting; /* of Entrant, in order of time */
};

static void entrant_clear(gpointer pointer) {
  g_array_unref(((Entrant *)pointer)->trail);
}

IvEntryGroups *iv_entry_groups_new(const IvScene *scene) {
  IvEntryGroups *groups = g_new0(IvEntryGroups, 1);
  groups->scene = scene;
  groups->waiting = g_array_new(FALSE, FALSE, sizeof(Entrant));
  g_array_set_clear_func(groups->waiting, entrant_clear);
  return groups;
}

void iv_entry_groups_free(IvEntryGroups *groups) {
  if (!groups)
    return;
  g_array_unref(groups->waiting);
  g_free(groups);
}

static Entrant *nth(const IvEntryGroups *groups, guint i) {
  return &g_array_index(groups->waiting, Entrant, i);
}

/* ---- places ---- */

static gboolean has_metres(const IvScene *scene) {
  return iv_scene_is_plan(scene) || scene->has_homography;
}

/* What is no place on the floor (at the horizon) is far from everything. */
static Sight sight_at(const IvScene *scene, IvTime ts, IvPoint share) {
  IvPlanPoint at = {FAR_AWAY, FAR_AWAY};
  IvPoint px = iv_scene_to_pixels(scene, share);
  if (iv_scene_is_plan(scene))
    at = iv_plan_to_metres(&scene->plan, share);
  else if (!scene->has_homography)
    at = (IvPlanPoint){(double)px.x, (double)px.y};
  else if (!iv_homography_to_plan(&scene->homography, share, &at))
    at = (IvPlanPoint){FAR_AWAY, FAR_AWAY};
  return (Sight){ts, at.x, at.y};
}

static double metres(const Entrant *a, const Sight *at_a, const Entrant *b, const Sight *at_b) {
  double metre = (a->metre + b->metre) / 2;
  return metre > 0 ? hypot(at_a->x - at_b->x, at_a->y - at_b->y) / metre : (double)INFINITY;
}

/* Straight between sights; `ts` lies within the trail. */
static Sight where(const Entrant *entrant, IvTime ts) {
  guint i = 0;
  while (i + 1 < entrant->trail->len && g_array_index(entrant->trail, Sight, i + 1).ts <= ts)
    i++;
  Sight from = g_array_index(entrant->trail, Sight, i);
  if (i + 1 == entrant->trail->len || from.ts >= ts)
    return from;
  Sight to = g_array_index(entrant->trail, Sight, i + 1);
  double share = (double)(ts - from.ts) / (double)(to.ts - from.ts);
  return (Sight){ts, from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)};
}

/* Signed distance of p from the infinite line a→b, up to a factor. */
static double beside(const Sight *a, const Sight *b, const Sight *p) {
  return (b->x - a->x) * (p->y - a->y) - (b->y - a->y) * (p->x - a->x);
}

/* A step of even speed on the floor is none in the picture: near people move more of it. */
static IvTime met_on_floor(const IvScene *scene, const IvEntry *entry) {
  const IvLine *line = &scene->lines[entry->line];
  if (!scene->has_homography || entry->before == IV_TIME_NONE || entry->ts < entry->before ||
      entry->ts > entry->here)
    return entry->ts;
  Sight a = sight_at(scene, 0, line->a), b = sight_at(scene, 0, line->b);
  Sight from = sight_at(scene, 0, entry->from), to = sight_at(scene, 0, entry->to);
  double was = beside(&a, &b, &from), is = beside(&a, &b, &to);
  if ((was < 0) == (is < 0))
    return entry->ts;
  return entry->before + (IvTime)llround(was / (was - is) * (double)(entry->here - entry->before));
}

/* ---- what is told of people ---- */

void iv_entry_groups_enter(IvEntryGroups *groups, const IvEntry *entry) {
  Entrant entrant = {.entry = *entry, .left = IV_TIME_NONE};
  entrant.met = met_on_floor(groups->scene, entry);
  entrant.metre = has_metres(groups->scene) ? 1 : HEIGHT_METRE * (double)entry->height;
  entrant.trail = g_array_new(FALSE, FALSE, sizeof(Sight));
  Sight at = sight_at(groups->scene, entrant.met, entry->at);
  g_array_append_val(entrant.trail, at);
  if (groups->waiting->len >= IV_ENTRY_GROUPS_WAITING_MAX)
    g_array_remove_index(groups->waiting, 0);
  guint i = groups->waiting->len;
  while (i > 0 && nth(groups, i - 1)->met > entrant.met)
    i--;
  g_array_insert_val(groups->waiting, i, entrant);
}

void iv_entry_groups_leave(IvEntryGroups *groups, guint line, guint64 tracklet_id, IvTime ts) {
  for (guint i = groups->waiting->len; i-- > 0;) {
    Entrant *entrant = nth(groups, i);
    if (entrant->entry.tracklet_id != tracklet_id || entrant->entry.line != line ||
        entrant->entry.ts > ts)
      continue;
    if (entrant->left == IV_TIME_NONE)
      entrant->left = ts;
    return;
  }
}

/* In its place in time, if there is none near; the crossing itself stays. `better`: than one of the
 * same time. */
static void put_sight(Entrant *entrant, const Sight *sight, gboolean better) {
  guint i = entrant->trail->len;
  while (i > 0 && g_array_index(entrant->trail, Sight, i - 1).ts > sight->ts)
    i--;
  if (i == 0)
    return; /* before the crossing */
  const Sight *before = &g_array_index(entrant->trail, Sight, i - 1);
  if (before->ts == sight->ts || (i > 1 && sight->ts - before->ts < STEP)) {
    if (better && i > 1 && before->ts == sight->ts)
      g_array_index(entrant->trail, Sight, i - 1) = *sight;
    return;
  }
  if (before->ts - entrant->met < ALL_SEEN)
    g_array_insert_val(entrant->trail, i, *sight);
}

void iv_entry_groups_see(IvEntryGroups *groups, guint64 tracklet_id, IvTime ts, IvPoint share) {
  for (guint i = 0; i < groups->waiting->len; i++) {
    if (nth(groups, i)->entry.tracklet_id != tracklet_id)
      continue;
    Sight sight = sight_at(groups->scene, ts, share);
    put_sight(nth(groups, i), &sight, FALSE);
  }
}

void iv_entry_groups_see_on_floor(IvEntryGroups *groups, guint64 visitor, IvTime ts,
                                  IvPlanPoint at) {
  Sight sight = {ts, at.x, at.y};
  for (guint i = 0; has_metres(groups->scene) && i < groups->waiting->len; i++)
    if (visitor && nth(groups, i)->entry.visitor == visitor)
      put_sight(nth(groups, i), &sight, TRUE);
}

/* ---- who belongs together ---- */

static gboolean are_one(const Entrant *a, const Entrant *b) {
  return a->entry.tracklet_id == b->entry.tracklet_id ||
         (a->entry.visitor && a->entry.visitor == b->entry.visitor);
}

/* When lines are crossed is not known to less than a ms; people who keep step cross them a whole
 * number of pictures apart, which may be the limit itself. */
static gboolean crossed_close(const Entrant *a, const Entrant *b) {
  return (ABS(a->met - b->met) + IV_MS / 2) / IV_MS <= IV_ENTRY_GROUP_CLOSE / IV_MS;
}

static gboolean came_close(const Entrant *a, const Entrant *b) {
  return a->entry.line == b->entry.line && crossed_close(a, b) &&
         metres(a, &g_array_index(a->trail, Sight, 0), b, &g_array_index(b->trail, Sight, 0)) <=
             IV_ENTRY_GROUP_CLOSE_M;
}

static gboolean near_at(const Entrant *a, const Entrant *b, IvTime ts) {
  Sight at_a = where(a, ts), at_b = where(b, ts);
  return metres(a, &at_a, b, &at_b) <= IV_ENTRY_GROUP_TOGETHER_M;
}

/* On straight ways two are furthest apart at an end of a piece. */
static gboolean near_at_sights(const Entrant *a, const Entrant *b, const Entrant *whose,
                               IvTime from, IvTime to) {
  for (guint i = 0; i < whose->trail->len; i++) {
    IvTime ts = g_array_index(whose->trail, Sight, i).ts;
    if (ts > from && ts < to && !near_at(a, b, ts))
      return FALSE;
  }
  return TRUE;
}

static IvTime seen_until(const Entrant *entrant) {
  return g_array_index(entrant->trail, Sight, entrant->trail->len - 1).ts;
}

static gboolean walk_on_together(const Entrant *a, const Entrant *b) {
  IvTime from = MAX(a->met, b->met), to = from + IV_ENTRY_GROUP_TOGETHER;
  if ((a->left != IV_TIME_NONE && a->left <= to) || (b->left != IV_TIME_NONE && b->left <= to))
    return FALSE;
  to = MIN(to, MIN(seen_until(a), seen_until(b)));
  return to < from || (near_at(a, b, from) && near_at(a, b, to) &&
                       near_at_sights(a, b, a, from, to) && near_at_sights(a, b, b, from, to));
}

static gboolean belong(const Entrant *a, const Entrant *b) {
  return !are_one(a, b) && came_close(a, b) && walk_on_together(a, b);
}

/* Whoever still comes cannot belong to him any more, and what is seen of those who came is. */
static gboolean is_settled(const Entrant *entrant, IvTime now) {
  return now == IV_TIME_NONE || now >= entrant->met + ALL_SEEN + LATE;
}

/* Everybody who belongs to number `first`, itself first; `ret_members` in order of crossing. FALSE
 * when not all of them are settled. */
static gboolean gather(const IvEntryGroups *groups, guint first, IvTime now, gboolean *in,
                       GArray *ret_members) {
  gboolean settled = TRUE;
  in[first] = TRUE;
  g_array_append_val(ret_members, first);
  for (guint m = 0; m < ret_members->len; m++) {
    const Entrant *member = nth(groups, g_array_index(ret_members, guint, m));
    settled = settled && is_settled(member, now);
    for (guint i = 0; i < groups->waiting->len && ret_members->len < IV_ENTRY_GROUP_MAX; i++) {
      if (in[i] || !belong(member, nth(groups, i)))
        continue;
      in[i] = TRUE;
      g_array_append_val(ret_members, i);
    }
  }
  return settled;
}

static int by_number(gconstpointer a, gconstpointer b) {
  guint x = *(const guint *)a, y = *(const guint *)b;
  return (x > y) - (x < y);
}

/* Takes the members out; they are in order of time, as those who wait are. */
static IvEntryGroup take_out(IvEntryGroups *groups, GArray *members) {
  IvEntryGroup group = {.size = members->len};
  g_array_sort(members, by_number);
  for (guint i = 0; i < members->len; i++) {
    const IvEntry *entry = &nth(groups, g_array_index(members, guint, i))->entry;
    if (i == 0) {
      group.line = entry->line;
      group.first = entry->ts;
      group.visitor = entry->visitor;
    }
    group.last = entry->ts;
    group.tracklets[i] = entry->tracklet_id;
    group.crossings[i] = entry->ts;
  }
  for (guint i = members->len; i-- > 0;)
    g_array_remove_index(groups->waiting, g_array_index(members, guint, i));
  return group;
}

gboolean iv_entry_groups_next(IvEntryGroups *groups, IvTime now, IvEntryGroup *ret_group) {
  g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; i < groups->waiting->len && is_settled(nth(groups, i), now);) {
    g_autofree gboolean *in = g_new0(gboolean, groups->waiting->len);
    g_array_set_size(members, 0);
    if (!gather(groups, i, now, in, members)) {
      i++;
      continue;
    }
    IvEntryGroup group = take_out(groups, members);
    if (group.size < 2)
      continue;
    *ret_group = group;
    return TRUE;
  }
  return FALSE;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/visits.h"

#include <string.h>

#include "rules/report.h"

#define NEVER G_MAXINT64
#define PASSES_MAX 200   /* remembered of one person: who jitters over a line makes many */
#define VISIT_MAX IV_DAY /* a day of 25 hours could hold a longer one, which nobody takes */

typedef enum { PASS_IN, PASS_OUT, PASS_ENGAGED } PassType;

/* Where a way in or out was told. */
typedef struct {
  IvRulesSource source;
  IvSlug line_id;
  int scene_version;
  guint64 tracklet;
} Gate;

typedef struct {
  PassType type;
  IvTime ts; /* engaged: the start of the stay */
  gboolean done;
  gboolean told; /* out: the camera told that it is a turn-back */
  Gate gate;     /* in and out */
} Pass;

typedef struct {
  guint64 visitor;
  GArray *passes; /* of Pass, by time: those of the visit, and those still to be judged */
  IvTime last_sight;
  IvTime due; /* nothing can be told before the horizon is here */
  /* the visit that goes on */
  gboolean open, inside, engaged;
  Gate gate;
  IvTime start, in_since, last_out;
  IvTime stayed; /* inside, until last_out */
  guint entries;
} Person;

struct IvVisits {
  IvVisitLimits limits;
  GHashTable *scenes; /* camera id → IvScene, owned */
  GPtrArray *people;  /* of Person, in order of appearance */
  GHashTable *by_visitor;
  IvTime due; /* the earliest of theirs */
  guint64 dropped;
};

IvVisitLimits iv_visit_limits_default(void) {
  return (IvVisitLimits){.reentry_window = 15 * IV_MINUTE,
                         .forget_after = 2 * IV_HOUR,
                         .turn_back = 2 * IV_SECOND,
                         .engaged_dwell = 15 * IV_SECOND,
                         .settle = 10 * IV_SECOND};
}

gboolean iv_zone_kind_engages(IvZoneKind kind) {
  return kind == IV_ZONE_PRODUCT || kind == IV_ZONE_PROMOTION || kind == IV_ZONE_FITTING ||
         kind == IV_ZONE_SERVICE || kind == IV_ZONE_CHECKOUT;
}

/* ---- life ---- */

static void person_free(gpointer pointer) {
  Person *person = pointer;
  if (!person)
    return;
  g_array_unref(person->passes);
  g_free(person);
}

IvVisits *iv_visits_new(const IvVisitLimits *limits) {
  IvVisits *visits = g_new0(IvVisits, 1);
  visits->limits = *limits;
  visits->scenes =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)iv_scene_free);
  visits->people = g_ptr_array_new_with_free_func(person_free);
  visits->by_visitor = g_hash_table_new(g_int64_hash, g_int64_equal);
  visits->due = NEVER;
  return visits;
}

void iv_visits_free(IvVisits *visits) {
  if (!visits)
    return;
  g_hash_table_unref(visits->by_visitor);
  g_ptr_array_unref(visits->people);
  g_hash_table_unref(visits->scenes);
  g_free(visits);
}

void iv_visits_set_scene(IvVisits *visits, const IvScene *scene) {
  g_hash_table_replace(visits->scenes, g_strdup(scene->camera_id.text), iv_scene_copy(scene));
}

/* NULL when there are too many. */
static Person *person_of(IvVisits *visits, guint64 visitor, IvTime ts) {
  Person *person = g_hash_table_lookup(visits->by_visitor, &visitor);
  if (person) {
    person->last_sight = MAX(person->last_sight, ts);
    return person;
  }
  if (visits->people->len >= IV_VISITS_PEOPLE_MAX) {
    visits->dropped++;
    return NULL;
  }
  person = g_new0(Person, 1);
  person->visitor = visitor;
  person->passes = g_array_new(FALSE, TRUE, sizeof(Pass));
  person->last_sight = ts;
  person->due = NEVER;
  g_ptr_array_add(visits->people, person);
  g_hash_table_insert(visits->by_visitor, &person->visitor, person);
  return person;
}

/* ---- what comes in ---- */

static gboolean is_slug(const IvSlug *a, const IvSlug *b) {
  return strcmp(a->text, b->text) == 0;
}

static gboolean is_entrance(const IvVisits *visits, const IvEvent *event) {
  const IvScene *scene = g_hash_table_lookup(visits->scenes, event->camera_id.text);
  for (guint i = 0; scene && i < scene->n_lines; i++)
    if (is_slug(&scene->lines[i].id, &event->line_id))
      return scene->lines[i].kind == IV_LINE_ENTRANCE;
  return FALSE;
}

static gboolean is_engaging(const IvVisits *visits, const IvEvent *event) {
  const IvScene *scene = g_hash_table_lookup(visits->scenes, event->camera_id.text);
  for (guint i = 0; scene && i < scene->n_zones; i++)
    if (is_slug(&scene->zones[i].id, &event->zone_id))
      return iv_zone_kind_engages(scene->zones[i].kind);
  return FALSE;
}

static gboolean is_same(const Pass *a, const Pass *b) {
  return a->type == b->type && a->ts == b->ts &&
         is_slug(&a->gate.source.camera_id, &b->gate.source.camera_id) &&
         is_slug(&a->gate.line_id, &b->gate.line_id);
}

/* When the pass can be judged: a way in, when it is no turn-back any more. */
static IvTime judged_at(const IvVisits *visits, const Pass *pass) {
  return pass->type == PASS_IN ? pass->ts + visits->limits.turn_back : pass->ts;
}

static void note_due(IvVisits *visits, Person *person, IvTime due) {
  person->due = MIN(person->due, due);
  visits->due = MIN(visits->due, person->due);
}

static void add_pass(IvVisits *visits, Person *person, const Pass *pass) {
  guint at = person->passes->len;
  for (guint i = 0; i < person->passes->len; i++)
    if (is_same(&g_array_index(person->passes, Pass, i), pass))
      return;
  while (at > 0 && g_array_index(person->passes, Pass, at - 1).ts > pass->ts)
    at--;
  if (person->passes->len >= PASSES_MAX) {
    g_array_remove_index(person->passes, 0);
    at = at > 0 ? at - 1 : 0;
  }
  g_array_insert_val(person->passes, at, *pass);
  note_due(visits, person, judged_at(visits, pass));
}

static Gate gate_of(const IvEvent *event) {
  Gate gate = {.line_id = event->line_id,
               .scene_version = event->scene_version,
               .tracklet = event->tracklet_id};
  gate.source = (IvRulesSource){
      .store_id = event->store_id, .edge_id = event->edge_id, .camera_id = event->camera_id};
  memcpy(gate.source.model_version, event->model_version, sizeof gate.source.model_version);
  return gate;
}

static void take_crossing(IvVisits *visits, Person *person, const IvEvent *event) {
  const IvAttr *direction = iv_event_attr(event, IV_ATTR_DIRECTION);
  const IvAttr *turn_back = iv_event_attr(event, IV_ATTR_TURN_BACK);
  if (!direction || !is_entrance(visits, event))
    return;
  Pass pass = {.type = strcmp(direction->text, "in") == 0 ? PASS_IN : PASS_OUT,
               .ts = event->ts,
               .told = turn_back && turn_back->flag,
               .gate = gate_of(event)};
  add_pass(visits, person, &pass);
}

static void take_stay(IvVisits *visits, Person *person, const IvEvent *event) {
  if (event->end_ts - event->ts < visits->limits.engaged_dwell || !is_engaging(visits, event))
    return;
  Pass pass = {.type = PASS_ENGAGED, .ts = event->ts};
  add_pass(visits, person, &pass);
}

void iv_visits_take(IvVisits *visits, const IvEvent *event) {
  if (!event->visitor)
    return;
  IvTime seen = event->end_ts == IV_TIME_NONE ? event->ts : event->end_ts;
  Person *person = person_of(visits, event->visitor, seen);
  if (!person)
    return;
  note_due(visits, person, seen + visits->limits.reentry_window + 1);
  if (event->kind == IV_EVENT_LINE_CROSSED)
    take_crossing(visits, person, event);
  else if (event->kind == IV_EVENT_ZONE_VISIT)
    take_stay(visits, person, event);
}

void iv_visits_see(IvVisits *visits, guint64 visitor, IvTime ts) {
  Person *person = g_hash_table_lookup(visits->by_visitor, &visitor);
  if (person)
    person->last_sight = MAX(person->last_sight, ts);
}

/* ---- what is told ---- */

static void begin(const Person *person, const Gate *gate, IvEventKind kind, IvTime ts,
                  IvEvent *ret_event) {
  iv_report_begin(&gate->source, gate->scene_version, kind, ts, gate->tracklet, ret_event);
  ret_event->visitor = person->visitor;
  ret_event->line_id = gate->line_id;
}

static void finish(IvEvent *event, GArray *ret_events) {
  iv_event_set_id(event, "store");
  g_array_append_val(ret_events, *event);
}

static double seconds(IvTime span) {
  return (double)span / (double)IV_SECOND;
}

/* `cut`: it went on, and nobody will know for how long. */
static void close_visit(Person *person, gboolean cut, GArray *ret_events) {
  IvEvent event;
  if (!person->open)
    return;
  if (person->inside) {
    person->last_out = MAX(person->last_sight, person->in_since);
    person->stayed += person->last_out - person->in_since;
  }
  begin(person, &person->gate, IV_EVENT_VISIT_CLOSED, person->start, &event);
  event.end_ts = CLAMP(person->last_out, person->start, person->start + VISIT_MAX);
  iv_event_set_number(&event, IV_ATTR_DURATION_S, seconds(person->stayed));
  iv_event_set_number(&event, IV_ATTR_ENTRIES, person->entries);
  iv_event_set_flag(&event, IV_ATTR_ENGAGED, person->engaged);
  if (cut)
    iv_event_set_flag(&event, IV_ATTR_CUT, TRUE);
  finish(&event, ret_events);
  person->open = person->inside = FALSE;
  for (guint i = person->passes->len; i > 0; i--)
    if (g_array_index(person->passes, Pass, i - 1).done)
      g_array_remove_index(person->passes, i - 1);
}

static void start_visit(Person *person, const Pass *pass, GArray *ret_events) {
  IvEvent event;
  person->open = person->inside = TRUE;
  person->engaged = FALSE;
  person->gate = pass->gate;
  person->start = person->in_since = person->last_out = pass->ts;
  person->stayed = 0;
  person->entries = 1;
  begin(person, &pass->gate, IV_EVENT_VISIT_STARTED, pass->ts, &event);
  finish(&event, ret_events);
}

static void reenter(Person *person, const Pass *pass, GArray *ret_events) {
  IvEvent event;
  begin(person, &pass->gate, IV_EVENT_VISIT_REENTERED, pass->ts, &event);
  iv_event_set_number(&event, IV_ATTR_AWAY_S,
                      person->inside ? 0 : seconds(MAX(0, pass->ts - person->last_out)));
  finish(&event, ret_events);
  person->entries++;
  if (!person->inside && pass->ts >= person->last_out) {
    person->inside = TRUE;
    person->in_since = pass->ts;
  }
}

/* ---- judging ---- */

static void enter(const IvVisits *visits, Person *person, const Pass *pass, GArray *ret_events) {
  Pass in = *pass; /* closing a visit tidies up the passes */
  if (person->open && !person->inside && in.ts - person->last_out > visits->limits.reentry_window)
    close_visit(person, FALSE, ret_events);
  if (person->open)
    reenter(person, &in, ret_events);
  else
    start_visit(person, &in, ret_events);
}

static void leave(Person *person, const Pass *pass) {
  if (!person->open || (person->inside && pass->ts < person->in_since))
    return;
  if (person->inside)
    person->stayed += pass->ts - person->in_since;
  person->last_out = MAX(person->last_out, pass->ts);
  person->inside = FALSE;
}

/* The next crossing, when it turns back; else NULL. */
static Pass *turn_back_of(const IvVisits *visits, const Person *person, guint index) {
  IvTime in = g_array_index(person->passes, Pass, index).ts;
  for (guint i = index + 1; i < person->passes->len; i++) {
    Pass *next = &g_array_index(person->passes, Pass, i);
    if (next->type == PASS_ENGAGED)
      continue;
    return next->type == PASS_OUT && !next->done && next->ts - in <= visits->limits.turn_back
               ? next
               : NULL;
  }
  return NULL;
}

static void turn_back(const Person *person, const Pass *in, Pass *out, GArray *ret_events) {
  IvEvent event;
  out->done = TRUE;
  if (out->told)
    return;
  begin(person, &in->gate, IV_EVENT_VISIT_TURNED_BACK, in->ts, &event);
  finish(&event, ret_events);
}

/* The first pass that is not judged yet, or -1. */
static int next_pass(const Person *person) {
  for (guint i = 0; i < person->passes->len; i++)
    if (!g_array_index(person->passes, Pass, i).done)
      return (int)i;
  return -1;
}

static void judge(const IvVisits *visits, Person *person, guint index, GArray *ret_events) {
  Pass *pass = &g_array_index(person->passes, Pass, index);
  Pass *out = pass->type == PASS_IN ? turn_back_of(visits, person, index) : NULL;
  if (pass->type == PASS_ENGAGED)
    person->engaged = person->engaged || (person->open && pass->ts >= person->start);
  else if (pass->type == PASS_OUT)
    leave(person, pass);
  else if (out)
    turn_back(person, pass, out, ret_events);
  else
    enter(visits, person, pass, ret_events);
  /* It may have moved: a visit that was closed took its passes along. */
  g_array_index(person->passes, Pass, next_pass(person)).done = TRUE;
}

/* When the visit, or what is remembered of somebody without one, is over. */
static IvTime over_at(const IvVisits *visits, const Person *person) {
  if (person->open && person->inside)
    return person->last_sight + visits->limits.reentry_window + visits->limits.forget_after + 1;
  return (person->open ? person->last_out : person->last_sight) + visits->limits.reentry_window + 1;
}

/* FALSE when nothing is to be remembered of the person any more. */
static gboolean catch_up(const IvVisits *visits, Person *person, IvTime horizon,
                         GArray *ret_events) {
  int next;
  while ((next = next_pass(person)) >= 0) {
    person->due = judged_at(visits, &g_array_index(person->passes, Pass, next));
    if (person->due > horizon)
      return TRUE;
    judge(visits, person, (guint)next, ret_events);
  }
  person->due = over_at(visits, person);
  if (person->due > horizon)
    return TRUE;
  close_visit(person, FALSE, ret_events);
  person->due = over_at(visits, person);
  return person->due > horizon;
}

void iv_visits_tick(IvVisits *visits, IvTime now, GArray *ret_events) {
  IvTime horizon = now - visits->limits.settle;
  guint kept = 0;
  if (horizon < visits->due)
    return;
  visits->due = NEVER;
  for (guint i = 0; i < visits->people->len; i++) {
    Person *person = g_ptr_array_index(visits->people, i);
    if (person->due <= horizon && !catch_up(visits, person, horizon, ret_events)) {
      g_hash_table_remove(visits->by_visitor, &person->visitor);
      person_free(person);
      continue;
    }
    visits->due = MIN(visits->due, person->due);
    visits->people->pdata[kept++] = person;
  }
  for (guint i = kept; i < visits->people->len; i++)
    visits->people->pdata[i] = NULL; /* moved down, or freed */
  g_ptr_array_set_size(visits->people, (int)kept);
}

static void end_all(IvVisits *visits, gboolean cut, GArray *ret_events) {
  for (guint i = 0; i < visits->people->len; i++) {
    Person *person = g_ptr_array_index(visits->people, i);
    for (int next; (next = next_pass(person)) >= 0;)
      judge(visits, person, (guint)next, ret_events);
    close_visit(person, cut && person->inside, ret_events);
  }
  g_hash_table_remove_all(visits->by_visitor);
  g_ptr_array_set_size(visits->people, 0);
  visits->due = NEVER;
}

void iv_visits_end_day(IvVisits *visits, GArray *ret_events) {
  end_all(visits, FALSE, ret_events);
}

void iv_visits_finish(IvVisits *visits, GArray *ret_events) {
  end_all(visits, TRUE, ret_events);
}

/* ---- looking ---- */

guint64 iv_visits_dropped(const IvVisits *visits) {
  return visits->dropped;
}

guint iv_visits_inside(const IvVisits *visits) {
  guint n = 0;
  for (guint i = 0; i < visits->people->len; i++) {
    const Person *person = g_ptr_array_index(visits->people, i);
    n += person->open && person->inside ? 1 : 0;
  }
  return n;
}

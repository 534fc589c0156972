/* SPDX-License-Identifier: Apache-2.0 */
/* Counts held against people who count by hand: planning, counting, what it came to. What the
 * system counted in an interval is in no answer before that interval is settled: the count is
 * blind. */
#include <stdlib.h>
#include <string.h>

#include "api/routes/handlers.h"
#include "kpi/bucket.h"
#include "store/audits.h"

#define INTERVALS 12 /* of a plan that doesn't say */

/* ---- as JSON ---- */

static json_t *share_json(const IvAuditShare *share) {
  return json_pack("{sI sI so so so}", "k", (json_int_t)share->k, "n", (json_int_t)share->n,
                   "share", iv_json_number(share->share), "low", iv_json_number(share->low), "high",
                   iv_json_number(share->high));
}

static json_t *counts_json(const IvAuditCounts *c) {
  return json_pack("{sI sI sI sI sI sI sI sI}", "manual_in", (json_int_t)c->manual_in, "manual_out",
                   (json_int_t)c->manual_out, "counted_in", (json_int_t)c->counted_in,
                   "counted_out", (json_int_t)c->counted_out, "found", (json_int_t)c->found,
                   "right", (json_int_t)c->right, "net_error", (json_int_t)iv_audit_net(c),
                   "absolute_error", (json_int_t)iv_audit_absolute(c));
}

static json_t *figures_json(const IvAuditFigures *f) {
  static const char *const verdicts[] = {
      [IV_AUDIT_VERDICT_UNDECIDED] = "undecided",
      [IV_AUDIT_VERDICT_PASSED] = "passed",
      [IV_AUDIT_VERDICT_FAILED] = "failed",
  };
  return json_pack("{si so so so so so so ss}", "intervals", (int)f->intervals, "counts",
                   counts_json(&f->sums), "recall", share_json(&f->recall), "precision",
                   share_json(&f->precision), "net_error", iv_json_number(f->net), "net_error_low",
                   iv_json_number(f->net_low), "net_error_high", iv_json_number(f->net_high),
                   "verdict", verdicts[f->verdict]);
}

/* How busy an open one was would tell what the system counted. */
static json_t *interval_json(const IvCountInterval *interval) {
  gboolean open = interval->state == IV_COUNT_INTERVAL_OPEN;
  gboolean counted = interval->state == IV_COUNT_INTERVAL_COUNTED;
  return json_pack("{sI so so ss so so so so}", "id", (json_int_t)interval->no, "from",
                   iv_json_time(interval->from), "to", iv_json_time(interval->to), "state",
                   iv_count_interval_state_name(interval->state), "busy",
                   open ? json_null() : json_boolean(interval->busy), "counts",
                   counted ? counts_json(&interval->counts) : json_null(), "settled_by",
                   open ? json_null() : json_string(interval->settled_by), "settled_at",
                   iv_json_time(interval->settled));
}

static json_t *audit_json(const IvCountAudit *audit) {
  json_t *intervals = json_array();
  IvAuditFigures figures = iv_count_audit_figures(audit, IV_AUDIT_RESAMPLES);
  for (guint i = 0; i < audit->intervals->len; i++)
    json_array_append_new(intervals,
                          interval_json(&g_array_index(audit->intervals, IvCountInterval, i)));
  return json_pack("{sI ss ss si so so so ss so so}", "id", (json_int_t)audit->no, "camera_id",
                   audit->camera_id.text, "line_id", audit->line_id.text, "scene_version",
                   audit->scene_version, "from", iv_json_time(audit->from), "to",
                   iv_json_time(audit->to), "planned_at", iv_json_time(audit->asked), "planned_by",
                   audit->asked_by, "intervals", intervals, "figures", figures_json(&figures));
}

static json_t *line_json(const IvLineAudit *line) {
  return json_pack("{ss ss ss ss so sb so}", "camera_id", line->camera_id.text, "line_id",
                   line->line_id.text, "kind", iv_line_kind_name(line->kind), "state",
                   iv_audit_state_name(line->state), "audited_until", iv_json_time(line->audited),
                   "redrawn", line->redrawn, "figures",
                   line->audited == IV_TIME_NONE ? json_null() : figures_json(&line->figures));
}

/* ---- reading ---- */

IvResponse *iv_route_list_count_audits(IvCall *call) {
  GError *error = NULL;
  IvStore *store = call->api->store;
  g_autoptr(GArray) audits =
      iv_count_audits_list(store, iv_call_store(call), call->deadline, &error);
  g_autoptr(GArray) lines =
      audits ? iv_count_audits_lines(store, iv_call_store(call), call->deadline, &error) : NULL;
  if (!lines)
    return iv_call_failed(call, error);
  json_t *list = json_array(), *states = json_array();
  for (guint i = 0; i < audits->len; i++)
    json_array_append_new(list, audit_json(&g_array_index(audits, IvCountAudit, i)));
  for (guint i = 0; i < lines->len; i++)
    json_array_append_new(states, line_json(&g_array_index(lines, IvLineAudit, i)));
  return iv_response_json(200, json_pack("{so so so}", "target", json_real(IV_AUDIT_TARGET),
                                         "audits", list, "lines", states));
}

static IvResponse *none(void) {
  return iv_response_problem(IV_PROBLEM_NOT_FOUND, "There is no such audit.");
}

/* 0 = none can have it. */
static gint64 number(const char *text) {
  gint64 no = 0;
  return g_ascii_string_to_signed(text, 10, 1, G_MAXINT64, &no, NULL) ? no : 0;
}

static IvResponse *answer_audit(const IvCall *call, gint64 no, guint status) {
  GError *error = NULL;
  g_auto(IvCountAudit) audit = {0};
  if (!iv_count_audits_get(call->api->store, iv_call_store(call), no, call->deadline, &audit,
                           &error))
    return error ? iv_call_failed(call, error) : none();
  return iv_response_json((int)status, audit_json(&audit));
}

IvResponse *iv_route_get_count_audit(IvCall *call) {
  return answer_audit(call, number(iv_call_count_audit(call)), 200);
}

/* ---- planning ---- */

static IvResponse *refuse(const char *what) {
  return iv_response_problem(IV_PROBLEM_BAD_REQUEST, "%s", what);
}

static gboolean read_time(const json_t *json, const char *name, IvTime *ret_time) {
  const char *text = json_string_value(json_object_get(json, name));
  return text && iv_time_from_text(text, ret_time);
}

static gboolean read_slug(const json_t *body, const char *name, IvSlug *ret_id) {
  const char *text = json_string_value(json_object_get(body, name));
  return text && iv_slug_set(ret_id, text);
}

static IvResponse *read_plan(const IvCall *call, const json_t *body, IvCountAudit *audit,
                             guint *ret_wanted) {
  const json_t *wanted = json_object_get(body, "intervals");
  if (!read_slug(body, "camera_id", &audit->camera_id) ||
      !read_slug(body, "line_id", &audit->line_id))
    return refuse("camera_id and line_id must be ids of a camera and of a line on it.");
  if (!read_time(body, "from", &audit->from) || !read_time(body, "to", &audit->to))
    return refuse("from and to must be times such as 2026-01-31T08:00:00Z.");
  if (audit->from < 0 || audit->to <= audit->from ||
      audit->to - audit->from > IV_COUNT_AUDIT_SPAN_MAX)
    return refuse("to must be after from, and at most 31 days later.");
  json_int_t n = wanted ? json_integer_value(wanted) : INTERVALS;
  if (n < 1 || n > IV_AUDIT_INTERVALS_MAX)
    return refuse("intervals must be a whole number from 1 to 48.");
  *ret_wanted = (guint)n;
  /* What is younger may still change by events that come late. */
  audit->to = MIN(audit->to, call->now - IV_PROVISIONAL_SPAN);
  return NULL;
}

typedef struct {
  const IvCall *call;
  IvCountAudit *audit;
  guint wanted;
  const IvCountSettle *settle;
  gint64 no;
} Job;

static gboolean note(IvSql *sql, const Job *job, IvAuditAction action, json_t *detail,
                     GError **error) {
  g_autofree char *subject = g_strdup_printf("%" G_GINT64_FORMAT, job->no);
  char *text = detail ? json_dumps(detail, JSON_COMPACT) : NULL;
  IvAuditEntry entry = iv_call_audit(job->call, action, subject);
  entry.detail = text;
  gboolean fine = iv_audit_add(sql, &entry, error);
  free(text);
  json_decref(detail);
  return fine;
}

static gboolean plan(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  const IvCountAudit *audit = job->audit;
  if (!iv_count_audits_plan(sql, iv_call_store(job->call), job->audit, job->wanted, error))
    return FALSE;
  job->no = audit->no;
  return note(sql, job, IV_AUDIT_COUNT_AUDIT_PLANNED,
              json_pack("{ss ss}", "camera", audit->camera_id.text, "line", audit->line_id.text),
              error);
}

IvResponse *iv_route_plan_count_audit(IvCall *call) {
  GError *error = NULL;
  g_auto(IvCountAudit) audit = {.asked = call->now};
  Job job = {.call = call, .audit = &audit};
  IvResponse *problem = iv_call_refuse_people(call);
  json_t *body = problem ? NULL : iv_call_read_object(call, &problem);
  if (!body)
    return problem;
  problem = read_plan(call, body, &audit, &job.wanted);
  json_decref(body);
  if (problem)
    return problem;
  audit.asked_by = g_strdup(call->access->user->name);
  audit.seed = (guint64)call->now; /* kept with the audit: anybody can draw the same again */
  if (!iv_store_write(call->api->store, plan, &job, &error))
    return iv_call_failed(call, error);
  return answer_audit(call, job.no, 201);
}

/* ---- counting ---- */

static int by_time(const void *a, const void *b) {
  const IvAuditMark *x = a, *y = b;
  return (x->ts > y->ts) - (x->ts < y->ts);
}

/* NULL with the problem. */
static GArray *read_marks(const json_t *body, IvResponse **ret_problem) {
  const json_t *list = json_object_get(body, "marks");
  gsize n = json_array_size(list);
  g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(IvAuditMark));
  gboolean fits = json_is_array(list) && n <= IV_AUDIT_MARKS_MAX;
  for (gsize i = 0; fits && i < n; i++) {
    const json_t *one = json_array_get(list, i);
    const char *direction = json_string_value(json_object_get(one, "direction"));
    IvAuditMark mark = {.out = direction && strcmp(direction, "out") == 0};
    fits = read_time(one, "ts", &mark.ts) && (mark.out || g_strcmp0(direction, "in") == 0);
    g_array_append_val(marks, mark);
  }
  if (!fits) {
    *ret_problem = refuse("marks must be at most 2000 objects, each with ts, a time such as "
                          "2026-01-31T08:00:00.250Z, and direction, \"in\" or \"out\".");
    return NULL;
  }
  if (marks->len > 0)
    qsort(marks->data, marks->len, sizeof(IvAuditMark), by_time);
  return g_steal_pointer(&marks);
}

static gboolean settle(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  if (!iv_count_audits_settle(sql, iv_call_store(job->call), job->settle, error))
    return FALSE;
  return note(sql, job, IV_AUDIT_COUNT_AUDIT_SETTLED,
              json_pack("{sI sb si}", "interval", (json_int_t)job->settle->interval, "void",
                        job->settle->is_void, "marks", (int)job->settle->n_marks),
              error);
}

static IvResponse *put_interval(const IvCall *call, const json_t *body) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  const char *state = json_string_value(json_object_get(body, "state"));
  IvCountSettle how = {.audit = number(iv_call_count_audit(call)),
                       .interval = number(iv_call_interval(call)),
                       .is_void = g_strcmp0(state, "void") == 0,
                       .when = call->now,
                       .who = call->access->user->name};
  Job job = {.call = call, .settle = &how, .no = how.audit};
  if (!how.is_void && g_strcmp0(state, "counted") != 0)
    return refuse("state must be \"counted\", or \"void\" where nothing can be seen.");
  g_autoptr(GArray) marks = how.is_void ? NULL : read_marks(body, &problem);
  if (problem)
    return problem;
  if (marks) {
    how.marks = (const IvAuditMark *)(gpointer)marks->data;
    how.n_marks = marks->len;
  }
  if (!iv_store_write(call->api->store, settle, &job, &error))
    return iv_call_failed(call, error);
  return answer_audit(call, how.audit, 200);
}

IvResponse *iv_route_put_count_interval(IvCall *call) {
  IvResponse *problem = iv_call_refuse_people(call);
  json_t *body = problem ? NULL : iv_call_read_object(call, &problem);
  if (!body)
    return problem;
  problem = put_interval(call, body);
  json_decref(body);
  return problem;
}

/* ---- deleting ---- */

static gboolean remove_audit(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  return iv_count_audits_remove(sql, iv_call_store(job->call), job->no, error) &&
         note(sql, job, IV_AUDIT_COUNT_AUDIT_DELETED, NULL, error);
}

IvResponse *iv_route_delete_count_audit(IvCall *call) {
  GError *error = NULL;
  Job job = {.call = call, .no = number(iv_call_count_audit(call))};
  if (!iv_store_write(call->api->store, remove_audit, &job, &error))
    return iv_call_failed(call, error);
  return iv_response_new(204);
}

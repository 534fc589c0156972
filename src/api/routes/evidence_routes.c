/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence: keeping a span of a camera, its bundle, and letting go of it. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/routes/archived_answer.h"
#include "api/routes/handlers.h"
#include "api/routes/range.h"
#include "store/catalog.h"
#include "store/evidence.h"

#define LIST_LIMIT 100
#define AHEAD_MAX IV_HOUR /* a span may end so far in the future: it is still being recorded */

/* ---- as JSON ---- */

static json_t *bundle_json(const IvEvidence *e) {
  if (e->bundled == IV_TIME_NONE || e->state == IV_EVIDENCE_RELEASED)
    return json_null();
  return json_pack("{so sI ss si si si sb}", "made_at", iv_json_time(e->bundled), "bytes",
                   (json_int_t)e->bundle_bytes, "sha256", e->bundle_sha256, "clips", (int)e->clips,
                   "stills", (int)e->stills, "events", (int)e->events, "archived", e->archived);
}

static json_t *release_json(const IvEvidence *e) {
  if (e->state != IV_EVIDENCE_RELEASED)
    return json_null();
  return json_pack("{so ss ss}", "at", iv_json_time(e->released), "by", e->released_by, "reason",
                   e->release_reason);
}

static json_t *evidence_json(const IvCall *call, const IvEvidence *e) {
  char id[IV_UUID_TEXT_MAX];
  const IvApi *api = call->api;
  double progress = api->host_calls->evidence_progress(api->host, iv_call_store(call), e->no);
  iv_uuid_to_text(&e->event_id, id);
  return json_pack("{sI ss ss ss so so so so ss ss so ss so so}", "id", (json_int_t)e->no, "title",
                   e->title, "note", e->note, "camera_id", e->camera_id.text, "event_id",
                   e->has_event ? json_string(id) : json_null(), "from", iv_json_time(e->from),
                   "to", iv_json_time(e->to), "kept_at", iv_json_time(e->made), "kept_by",
                   e->made_by, "state", iv_evidence_state_name(e->state), "progress",
                   progress < 0 ? json_null() : iv_json_number(progress), "trouble", e->trouble,
                   "bundle", bundle_json(e), "release", release_json(e));
}

/* ---- reading ---- */

IvResponse *iv_route_list_evidence(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  gint64 limit = LIST_LIMIT, before = G_MAXINT64;
  if (!iv_call_query_int(call, "limit", 1, IV_EVIDENCE_LIMIT_MAX, &limit, &problem) ||
      !iv_call_query_int(call, "cursor", 1, G_MAXINT64, &before, &problem))
    return problem;
  g_autoptr(GArray) rows = iv_evidence_list(call->api->store, iv_call_store(call), before, FALSE,
                                            (guint)limit, call->deadline, &error);
  if (!rows)
    return iv_call_failed(call, error);
  json_t *list = json_array(), *next = json_null();
  for (guint i = 0; i < rows->len; i++)
    json_array_append_new(list, evidence_json(call, &g_array_index(rows, IvEvidence, i)));
  if (rows->len == (guint)limit) {
    g_autofree char *cursor =
        g_strdup_printf("%" G_GINT64_FORMAT, g_array_index(rows, IvEvidence, rows->len - 1).no);
    next = json_string(cursor);
  }
  return iv_response_json(200, json_pack("{so so}", "evidence", list, "next_cursor", next));
}

static IvResponse *no_case(void) {
  return iv_response_problem(IV_PROBLEM_NOT_FOUND, "There is no such case.");
}

static gboolean read_number(const IvCall *call, gint64 *ret_no) {
  return g_ascii_string_to_signed(iv_call_case(call), 10, 1, G_MAXINT64, ret_no, NULL);
}

static gboolean find_case(const IvCall *call, IvEvidence *ret_case, IvResponse **ret_problem) {
  GError *error = NULL;
  gint64 no;
  if (read_number(call, &no) &&
      iv_evidence_get(call->api->store, iv_call_store(call), no, call->deadline, ret_case, &error))
    return TRUE;
  *ret_problem = error ? iv_call_failed(call, error) : no_case();
  return FALSE;
}

static IvResponse *answer_with(const IvCall *call, int status) {
  IvResponse *problem = NULL;
  g_auto(IvEvidence) found = {0};
  return find_case(call, &found, &problem) ? iv_response_json(status, evidence_json(call, &found))
                                           : problem;
}

IvResponse *iv_route_get_evidence(IvCall *call) {
  return answer_with(call, 200);
}

IvResponse *iv_route_get_evidence_key(IvCall *call) {
  GError *error = NULL;
  g_autofree char *pem = NULL, *fingerprint = NULL;
  if (!call->api->host_calls->evidence_key(call->api->host, &pem, &fingerprint, &error))
    return iv_call_failed(call, error);
  return iv_response_json(
      200, json_pack("{ss ss ss}", "algorithm", "Ed25519", "pem", pem, "fingerprint", fingerprint));
}

/* ---- keeping ---- */

static IvResponse *refuse(const char *what) {
  return iv_response_problem(IV_PROBLEM_INVALID, "%s", what);
}

/* A text of the body; NULL with the problem. */
static char *read_text(const json_t *body, const char *name, gsize min, gsize max,
                       IvResponse **ret_problem) {
  const json_t *value = json_object_get(body, name);
  const char *text = json_string_value(value);
  g_autofree char *stripped = g_strstrip(g_strdup(text ? text : ""));
  if ((value && !text) || strlen(stripped) < min || strlen(stripped) > max) {
    *ret_problem = iv_response_problem(IV_PROBLEM_INVALID, "%s must be a text of %d to %d bytes.",
                                       name, (int)min, (int)max);
    return NULL;
  }
  return g_steal_pointer(&stripped);
}

static gboolean read_time(const json_t *body, const char *name, IvTime *ret_time) {
  const char *text = json_string_value(json_object_get(body, name));
  return text && iv_time_from_text(text, ret_time);
}

static gboolean read_span(const IvCall *call, const json_t *body, IvEvidence *e,
                          IvResponse **ret_problem) {
  if (!read_time(body, "from", &e->from) || !read_time(body, "to", &e->to))
    *ret_problem = refuse("from and to must be times such as 2026-01-31T08:00:00Z.");
  else if (e->from < 0 || e->to <= e->from || e->to - e->from > IV_EVIDENCE_SPAN_MAX)
    *ret_problem = refuse("to must be after from, and at most 6 h later.");
  else if (e->to > call->now + AHEAD_MAX)
    *ret_problem = refuse("to must be at most an hour in the future.");
  return *ret_problem == NULL;
}

static gboolean read_wish(const IvCall *call, const json_t *body, IvEvidence *e,
                          IvResponse **ret_problem) {
  const char *camera = json_string_value(json_object_get(body, "camera_id"));
  const json_t *event = json_object_get(body, "event_id");
  if (!camera || !iv_slug_set(&e->camera_id, camera))
    *ret_problem = refuse("camera_id must be a camera's id.");
  else if (event && !json_is_null(event) &&
           (!json_is_string(event) || !iv_uuid_from_text(json_string_value(event), &e->event_id)))
    *ret_problem = refuse("event_id must be an event's id.");
  if (*ret_problem || !read_span(call, body, e, ret_problem))
    return FALSE;
  e->has_event = json_is_string(event);
  e->title = read_text(body, "title", 1, IV_EVIDENCE_TITLE_MAX, ret_problem);
  e->note = e->title ? read_text(body, "note", 0, IV_EVIDENCE_NOTE_MAX, ret_problem) : NULL;
  return *ret_problem == NULL;
}

typedef struct {
  const IvCall *call;
  IvEvidence *evidence;
  gint64 no;
  const char *reason;
  gboolean fits;
} Job;

static gboolean note(IvSql *sql, const Job *job, IvAuditAction action, gint64 no, json_t *detail,
                     GError **error) {
  g_autofree char *subject = g_strdup_printf("%" G_GINT64_FORMAT, no);
  char *text = json_dumps(detail, JSON_COMPACT);
  IvAuditEntry entry = iv_call_audit(job->call, action, subject);
  entry.detail = text;
  gboolean fine = iv_audit_add(sql, &entry, error);
  free(text);
  json_decref(detail);
  return fine;
}

static gboolean add_case(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  IvEvidence *e = job->evidence;
  char from[IV_TIME_TEXT_MAX], to[IV_TIME_TEXT_MAX];
  return iv_evidence_add(sql, iv_call_store(job->call), e, error) &&
         note(sql, job, IV_AUDIT_EVIDENCE_KEPT, e->no,
              json_pack("{ss ss ss ss}", "title", e->title, "camera", e->camera_id.text, "from",
                        iv_time_to_text(e->from, from), "to", iv_time_to_text(e->to, to)),
              error);
}

static IvResponse *refuse_simulated(const IvCall *call) {
  IvStoreRow row;
  GError *error = NULL;
  if (!iv_catalog_store(call->api->store, iv_call_store(call), call->deadline, &row, &error))
    return iv_call_failed(call, error);
  return row.simulated ? iv_response_problem(IV_PROBLEM_CONFLICT,
                                             "A simulated store has no pictures to be kept.")
                       : NULL;
}

static void tell(const IvCall *call, gint64 no, gboolean released) {
  const IvApi *api = call->api;
  api->host_calls->evidence_changed(api->host, iv_call_store(call), no, released);
}

static IvResponse *keep(IvCall *call, IvEvidence *e) {
  GError *error = NULL;
  Job job = {.call = call, .evidence = e};
  e->made = call->now;
  e->made_by = g_strdup(call->access->user->name);
  e->trouble = g_strdup("");
  e->bundled = e->released = IV_TIME_NONE;
  if (!iv_store_write(call->api->store, add_case, &job, &error))
    return iv_call_failed(call, error);
  tell(call, e->no, FALSE);
  return iv_response_json(201, evidence_json(call, e));
}

IvResponse *iv_route_keep_evidence(IvCall *call) {
  IvResponse *problem = refuse_simulated(call);
  g_auto(IvEvidence) wish = {0};
  json_t *body = problem ? NULL : iv_call_read_object(call, &problem);
  if (!body)
    return problem;
  IvResponse *response = read_wish(call, body, &wish, &problem) ? keep(call, &wish) : problem;
  json_decref(body);
  return response;
}

/* ---- the bundle ---- */

static gboolean write_again(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_evidence_again(sql, iv_call_store(job->call), job->no, &job->fits, error) &&
         (!job->fits || note(sql, job, IV_AUDIT_EVIDENCE_BUNDLED, job->no, json_object(), error));
}

static IvResponse *released(void) {
  return iv_response_problem(IV_PROBLEM_CONFLICT, "The case was released: nothing of it is held.");
}

IvResponse *iv_route_bundle_evidence(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  g_auto(IvEvidence) found = {0};
  if (!find_case(call, &found, &problem))
    return problem;
  Job job = {.call = call, .no = found.no};
  if (!iv_store_write(call->api->store, write_again, &job, &error))
    return iv_call_failed(call, error);
  if (!job.fits)
    return released();
  tell(call, job.no, FALSE);
  return answer_with(call, 202);
}

static gboolean note_export(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  return note(sql, job, IV_AUDIT_EVIDENCE_EXPORTED, job->no,
              json_pack("{ss}", "sha256", job->evidence->bundle_sha256), error);
}

/* Of the parts of one download only the first is told. */
static IvResponse *tell_export(const IvCall *call, IvEvidence *e) {
  GError *error = NULL;
  Job job = {.call = call, .evidence = e, .no = e->no};
  g_autofree char *login = iv_call_login(call);
  g_autofree char *what =
      g_strdup_printf("evidence.exported %" G_GINT64_FORMAT ".%s", e->no, e->bundle_sha256);
  if (!iv_looks_is_new(call->api->looks, login, what, call->now) ||
      iv_store_write(call->api->store, note_export, &job, &error))
    return NULL;
  iv_looks_forget(call->api->looks, login, what);
  return iv_call_failed(call, error);
}

/* The bundle on this disk, as it was made; -1 with an error. */
static int open_bundle(const IvCall *call, const IvEvidence *e, GError **error) {
  struct stat info;
  const IvApi *api = call->api;
  int fd = api->host_calls->evidence_file(api->host, iv_call_store(call), e->no, error);
  if (fd < 0 || (fstat(fd, &info) == 0 && (guint64)info.st_size == e->bundle_bytes))
    return fd;
  close(fd);
  g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_FILE,
                      "The bundle is not on the disk as it was made; make it again.");
  return -1;
}

/* From this disk, or else from the archive. */
static IvResponse *send_bundle(const IvCall *call, const IvEvidence *e) {
  GError *error = NULL;
  IvResponse *response = NULL;
  g_autofree char *tag = g_strdup_printf("\"%.16s\"", e->bundle_sha256);
  g_autofree char *name =
      g_strdup_printf("attachment; filename=\"evidence-%" G_GINT64_FORMAT ".zip\"", e->no);
  int fd = open_bundle(call, e, &error);
  if (fd >= 0) {
    response = iv_range_answer(call, fd, e->bundle_bytes, "application/zip", tag);
  } else if (e->archived) {
    IvArchivedWish wish = {.kind = IV_ARCHIVED_EVIDENCE,
                           .no = e->no,
                           .bytes = e->bundle_bytes,
                           .type = "application/zip",
                           .tag = tag};
    response = iv_archived_answer(call, &wish);
  }
  if (!response)
    return iv_call_failed(call, error);
  g_clear_error(&error);
  iv_response_add(response, "content-disposition:", name);
  return response;
}

IvResponse *iv_route_get_evidence_bundle(IvCall *call) {
  IvResponse *problem = NULL;
  g_auto(IvEvidence) found = {0};
  if (!find_case(call, &found, &problem))
    return problem;
  problem = iv_call_refuse_people(call); /* its clips show them */
  if (problem)
    return problem;
  if (found.state == IV_EVIDENCE_RELEASED)
    return released();
  if (found.bundled == IV_TIME_NONE)
    return iv_response_problem(IV_PROBLEM_NOT_FOUND, "The bundle is not made yet.");
  problem = tell_export(call, &found);
  return problem ? problem : send_bundle(call, &found);
}

/* ---- letting go ---- */

static gboolean write_release(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_evidence_release(sql, iv_call_store(job->call), job->no, job->call->now,
                             job->call->access->user->name, job->reason, &job->fits, error) &&
         (!job->fits || note(sql, job, IV_AUDIT_EVIDENCE_RELEASED, job->no,
                             json_pack("{ss}", "reason", job->reason), error));
}

static IvResponse *release(IvCall *call, const char *reason) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  g_auto(IvEvidence) found = {0};
  if (!find_case(call, &found, &problem))
    return problem;
  Job job = {.call = call, .no = found.no, .reason = reason};
  if (!iv_store_write(call->api->store, write_release, &job, &error))
    return iv_call_failed(call, error);
  if (!job.fits)
    return released();
  tell(call, job.no, TRUE);
  return answer_with(call, 200);
}

IvResponse *iv_route_release_evidence(IvCall *call) {
  IvResponse *problem = NULL;
  json_t *body = iv_call_read_object(call, &problem);
  if (!body)
    return problem;
  g_autofree char *reason = read_text(body, "reason", 1, IV_EVIDENCE_REASON_MAX, &problem);
  json_decref(body);
  return reason ? release(call, reason) : problem;
}

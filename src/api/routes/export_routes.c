/* SPDX-License-Identifier: Apache-2.0 */
/* Saving clips: asking for one, how far it is, its file, deleting it. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/routes/handlers.h"
#include "api/routes/range.h"
#include "kpi/calendar.h"
#include "store/catalog.h"
#include "store/exports.h"
#include "store/segments.h"

#define SETTLED (30 * IV_SECOND) /* so late the index tells of a new recording at the latest */

/* ---- as JSON ---- */

static json_t *gaps_json(const IvExport *e) {
  json_t *list = json_array();
  for (guint i = 0; e->gaps && i < e->gaps->len; i++) {
    const IvExportGap *gap = &g_array_index(e->gaps, IvExportGap, i);
    json_array_append_new(list, json_pack("{so so}", "start", iv_json_time(gap->start), "end",
                                          iv_json_time(gap->end)));
  }
  return list;
}

static double progress_of(const IvCall *call, const IvExport *e) {
  const IvApi *api = call->api;
  double progress = 0;
  if (e->state == IV_EXPORT_DONE || e->state == IV_EXPORT_EXPIRED)
    return 1;
  if (e->state == IV_EXPORT_WORKING)
    progress = api->host_calls->export_progress(api->host, iv_call_store(call), e->no);
  return CLAMP(progress, 0, 1);
}

static json_t *text_json(const char *text) {
  return text && text[0] ? json_string(text) : json_null();
}

static json_t *export_json(const IvCall *call, const IvExport *e) {
  gboolean made = e->state == IV_EXPORT_DONE || e->state == IV_EXPORT_EXPIRED;
  return json_pack(
      "{sI ss so so ss so so so so so so so ss so so}", "id", (json_int_t)e->no, "camera",
      e->camera_id.text, "from", iv_json_time(e->from), "to", iv_json_time(e->to), "state",
      iv_export_state_name(e->state), "progress", iv_json_number(progress_of(call, e)), "bytes",
      made ? json_integer((json_int_t)e->bytes) : json_null(), "sha256", text_json(e->sha256),
      "start", iv_json_time(e->start), "end", iv_json_time(e->end), "gaps", gaps_json(e), "reason",
      text_json(e->reason), "requested_by", e->asked_by, "requested_at", iv_json_time(e->asked),
      "expires_at", iv_json_time(e->expires));
}

/* ---- reading ---- */

IvResponse *iv_route_list_exports(IvCall *call) {
  GError *error = NULL;
  g_autoptr(GArray) rows = iv_exports_list(call->api->store, iv_call_store(call), IV_EXPORTS_ALL, 0,
                                           IV_EXPORTS_LIMIT_MAX, call->deadline, &error);
  if (!rows)
    return iv_call_failed(call, error);
  json_t *list = json_array();
  for (guint i = 0; i < rows->len; i++)
    json_array_append_new(list, export_json(call, &g_array_index(rows, IvExport, i)));
  return iv_response_json(200, json_pack("{so}", "exports", list));
}

static gboolean find_export(const IvCall *call, IvExport *ret_export, IvResponse **ret_problem) {
  GError *error = NULL;
  gint64 no;
  if (g_ascii_string_to_signed(iv_call_export(call), 10, 1, G_MAXINT64, &no, NULL) &&
      iv_exports_get(call->api->store, iv_call_store(call), no, call->deadline, ret_export, &error))
    return TRUE;
  *ret_problem = error ? iv_call_failed(call, error)
                       : iv_response_problem(IV_PROBLEM_NOT_FOUND, "There is no such saved clip.");
  return FALSE;
}

IvResponse *iv_route_get_export(IvCall *call) {
  IvResponse *problem = NULL;
  g_auto(IvExport) found = {0};
  return find_export(call, &found, &problem) ? iv_response_json(200, export_json(call, &found))
                                             : problem;
}

/* ---- asking ---- */

static IvResponse *refuse(const char *what) {
  return iv_response_problem(IV_PROBLEM_BAD_REQUEST, "%s", what);
}

static gboolean read_time(const json_t *body, const char *name, IvTime *ret_time) {
  const char *text = json_string_value(json_object_get(body, name));
  return text && iv_time_from_text(text, ret_time);
}

static IvResponse *read_wish(const IvCall *call, const json_t *body, IvExport *e) {
  const char *camera = json_string_value(json_object_get(body, "camera"));
  if (!camera || !iv_slug_set(&e->camera_id, camera))
    return refuse("camera must be a camera's id.");
  if (!read_time(body, "from", &e->from) || !read_time(body, "to", &e->to))
    return refuse("from and to must be times such as 2026-01-31T08:00:00Z.");
  if (e->from < 0 || e->to <= e->from || e->to - e->from > IV_EXPORT_SPAN_MAX)
    return refuse("to must be after from, and at most 25 h later.");
  if (e->from > call->now)
    return refuse("from is in the future: nothing was recorded there.");
  return NULL;
}

/* What was asked for right after it happened may not be in the index yet. */
static IvResponse *refuse_empty(const IvCall *call, const IvExport *e) {
  GError *error = NULL;
  IvSegmentQuery query = {.camera_id = e->camera_id.text,
                          .from = e->from,
                          .to = e->to,
                          .after = IV_TIME_NONE,
                          .limit = 1};
  g_autoptr(GArray) found =
      iv_segments_list(call->api->store, iv_call_store(call), &query, call->deadline, &error);
  if (g_error_matches(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND)) {
    g_error_free(error);
    return iv_response_problem(IV_PROBLEM_BAD_REQUEST, "There is no camera \"%s\".",
                               e->camera_id.text);
  }
  if (!found)
    return iv_call_failed(call, error);
  if (found->len > 0 || e->to > call->now || e->from + SETTLED > call->now)
    return NULL;
  return refuse("Nothing was recorded of this camera in this time.");
}

static IvResponse *refuse_simulated(const IvCall *call) {
  IvStoreRow row;
  GError *error = NULL;
  if (!iv_catalog_store(call->api->store, iv_call_store(call), call->deadline, &row, &error))
    return iv_call_failed(call, error);
  return row.simulated ? iv_response_problem(IV_PROBLEM_CONFLICT,
                                             "A simulated store has no pictures to be saved.")
                       : NULL;
}

typedef struct {
  const IvCall *call;
  IvExport *export;
  IvAuditAction action;
  gboolean fits;
} Job;

static gboolean note(IvSql *sql, const Job *job, GError **error) {
  const IvExport *e = job->export;
  char from[IV_TIME_TEXT_MAX], to[IV_TIME_TEXT_MAX];
  json_t *detail = json_pack("{sI ss ss}", "export", (json_int_t)e->no, "from",
                             iv_time_to_text(e->from, from), "to", iv_time_to_text(e->to, to));
  if (job->action == IV_AUDIT_EXPORT_TAKEN)
    json_object_set_new(detail, "sha256", json_string(e->sha256));
  char *text = json_dumps(detail, JSON_COMPACT);
  IvAuditEntry entry = iv_call_audit(job->call, job->action, e->camera_id.text);
  entry.detail = text;
  gboolean fine = iv_audit_add(sql, &entry, error);
  free(text);
  json_decref(detail);
  return fine;
}

static gboolean add(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  return iv_exports_add(sql, iv_call_store(job->call), job->export, error) && note(sql, job, error);
}

static void tell_host(const IvCall *call, gint64 no, gboolean removed) {
  const IvApi *api = call->api;
  api->host_calls->export_changed(api->host, iv_call_store(call), no, removed);
}

static IvResponse *ask(IvCall *call, IvExport *e) {
  GError *error = NULL;
  Job job = {.call = call, .export = e, .action = IV_AUDIT_EXPORT_ASKED};
  e->asked = call->now;
  e->asked_by = g_strdup(call->access->user->name);
  e->start = e->end = e->expires = IV_TIME_NONE;
  if (!iv_store_write(call->api->store, add, &job, &error))
    return iv_call_failed(call, error);
  tell_host(call, e->no, FALSE);
  g_autofree char *where =
      g_strdup_printf("/api/v1/stores/%s/exports/%" G_GINT64_FORMAT, iv_call_store(call), e->no);
  IvResponse *response = iv_response_json(202, export_json(call, e));
  iv_response_add(response, "location:", where);
  return response;
}

IvResponse *iv_route_ask_export(IvCall *call) {
  g_auto(IvExport) wish = {0};
  IvResponse *problem = iv_call_refuse_people(call); /* a clip shows them */
  if (!problem)
    problem = refuse_simulated(call);
  json_t *body = problem ? NULL : iv_call_read_object(call, &problem);
  if (!body)
    return problem;
  problem = read_wish(call, body, &wish);
  if (!problem)
    problem = refuse_empty(call, &wish);
  json_decref(body);
  return problem ? problem : ask(call, &wish);
}

/* ---- the file ---- */

static char *local_text(const char *time_zone, IvTime time) {
  g_autoptr(GTimeZone) zone = iv_calendar_zone(time_zone);
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time / IV_SECOND);
  g_autoptr(GDateTime) local = zone && utc ? g_date_time_to_timezone(utc, zone) : NULL;
  return local || utc ? g_date_time_format(local ? local : utc, "%Y-%m-%d_%H-%M-%S")
                      : g_strdup("unknown");
}

static IvResponse *send_video(const IvCall *call, const IvExport *e) {
  GError *error = NULL;
  IvStoreRow store;
  struct stat info;
  const IvApi *api = call->api;
  if (!iv_catalog_store(api->store, iv_call_store(call), call->deadline, &store, &error))
    return iv_call_failed(call, error);
  int fd = api->host_calls->export_file(api->host, iv_call_store(call), e->no, &error);
  if (fd < 0)
    return iv_call_failed(call, error);
  if (fstat(fd, &info) != 0 || (guint64)info.st_size != e->bytes) {
    close(fd);
    return iv_response_problem(IV_PROBLEM_NOT_FOUND,
                               "The clip is not on the disk as it was made; save it again.");
  }
  g_autofree char *tag = g_strdup_printf("\"%.16s\"", e->sha256);
  g_autofree char *from = local_text(store.time_zone, e->start);
  g_autofree char *to = local_text(store.time_zone, e->end);
  g_autofree char *name =
      g_strdup_printf("attachment; filename=\"%s_%s_%s.mp4\"", e->camera_id.text, from, to);
  IvResponse *response = iv_range_answer(call, fd, e->bytes, "video/mp4", tag);
  iv_response_add(response, "content-disposition:", name);
  return response;
}

static gboolean note_taken(IvSql *sql, gpointer arg, GError **error) {
  return note(sql, arg, error);
}

/* Of the parts of one download only the first is told. */
static IvResponse *tell_taken(const IvCall *call, IvExport *e) {
  GError *error = NULL;
  Job job = {.call = call, .export = e, .action = IV_AUDIT_EXPORT_TAKEN};
  g_autofree char *login = iv_call_login(call);
  g_autofree char *what = g_strdup_printf(
      "%s %s/%" G_GINT64_FORMAT, iv_audit_action_name(job.action), iv_call_store(call), e->no);
  if (!iv_looks_is_new(call->api->looks, login, what, call->now) ||
      iv_store_write(call->api->store, note_taken, &job, &error))
    return NULL;
  iv_looks_forget(call->api->looks, login, what);
  return iv_call_failed(call, error);
}

IvResponse *iv_route_get_export_video(IvCall *call) {
  IvResponse *problem = iv_call_refuse_people(call);
  g_auto(IvExport) found = {0};
  if (problem || !find_export(call, &found, &problem))
    return problem;
  if (found.state == IV_EXPORT_EXPIRED)
    return iv_response_problem(IV_PROBLEM_CONFLICT,
                               "The clip was kept until its time was over; save it again.");
  if (found.state != IV_EXPORT_DONE)
    return iv_response_problem(IV_PROBLEM_CONFLICT, "The clip is not made%s.",
                               found.state == IV_EXPORT_FAILED ? "; its reason says why" : " yet");
  problem = tell_taken(call, &found);
  return problem ? problem : send_video(call, &found);
}

/* ---- deleting ---- */

static gboolean remove_row(IvSql *sql, gpointer arg, GError **error) {
  Job *job = arg;
  return iv_exports_remove(sql, iv_call_store(job->call), job->export->no, &job->fits, error) &&
         (!job->fits || note(sql, job, error));
}

IvResponse *iv_route_delete_export(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  g_auto(IvExport) found = {0};
  if (!find_export(call, &found, &problem))
    return problem;
  Job job = {.call = call, .export = &found, .action = IV_AUDIT_EXPORT_DELETED};
  if (!iv_store_write(call->api->store, remove_row, &job, &error))
    return iv_call_failed(call, error);
  tell_host(call, found.no, TRUE);
  return iv_response_new(204);
}

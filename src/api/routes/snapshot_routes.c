/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures of events: which there are, and the pictures themselves. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/routes/archived_answer.h"
#include "api/routes/handlers.h"
#include "api/routes/range.h"
#include "store/snapshots.h"

#define LIST_LIMIT 100
#define PICTURE_BYTES_MAX (32u * 1024 * 1024)
#define THUMBNAIL_WIDTH 240

/* ---- the list ---- */

/* "<moment>.<number>" of the last one of the page before. */
static gboolean read_cursor(const IvCall *call, IvSnapshotQuery *query, IvResponse **ret_problem) {
  const char *cursor = iv_request_query(call->request, "cursor");
  char rest;
  if (!cursor)
    return TRUE;
  if (strlen(cursor) <= 40 &&
      sscanf(cursor, "%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT "%c", &query->before,
             &query->before_no, &rest) == 2 &&
      query->before >= 0 && query->before_no > 0)
    return TRUE;
  *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST, "cursor is none that was given here.");
  return FALSE;
}

static gboolean read_filters(const IvCall *call, IvSnapshotQuery *query, IvUuid *event,
                             IvResponse **ret_problem) {
  const char *id = iv_request_query(call->request, "event");
  query->camera_id = iv_request_query(call->request, "camera");
  query->kind = iv_request_query(call->request, "kind");
  if (query->camera_id && !iv_slug_is_valid(query->camera_id)) {
    *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST,
                                       "camera must be a camera's id (1 to 40 of a-z, 0-9 and -).");
    return FALSE;
  }
  if (id && !iv_uuid_from_text(id, event)) {
    *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST, "event must be an event's id.");
    return FALSE;
  }
  query->event = id ? event : NULL;
  return iv_call_query_time(call, "from", &query->from, ret_problem) &&
         iv_call_query_time(call, "to", &query->to, ret_problem);
}

static json_t *snapshot_to_json(const IvSnapshot *row) {
  char id[IV_UUID_TEXT_MAX];
  iv_uuid_to_text(&row->event_id, id);
  return json_pack("{sI ss ss ss so so s{si si} si sI sb ss}", "id", (json_int_t)row->no,
                   "camera_id", row->camera_id.text, "event_id", id, "kind", row->kind, "ts",
                   iv_json_time(row->moment), "picture_ts", iv_json_time(row->frame_ts), "size",
                   "w", row->size.width, "h", row->size.height, "boxes", (int)row->boxes, "bytes",
                   (json_int_t)iv_snapshot_bytes(row), "held", row->held, "place",
                   iv_archived_place(row->local, row->archived));
}

IvResponse *iv_route_list_snapshots(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  IvUuid event;
  gint64 limit = LIST_LIMIT;
  IvSnapshotQuery query = {.from = IV_TIME_NONE, .to = IV_TIME_NONE, .before = IV_TIME_NONE};
  if (!iv_call_query_int(call, "limit", 1, IV_SNAPSHOTS_LIMIT_MAX, &limit, &problem) ||
      !read_filters(call, &query, &event, &problem) || !read_cursor(call, &query, &problem))
    return problem;
  query.limit = (guint)limit;
  g_autoptr(GArray) rows =
      iv_snapshots_list(call->api->store, iv_call_store(call), &query, call->deadline, &error);
  if (!rows)
    return iv_call_failed(call, error);
  json_t *list = json_array(), *next = json_null();
  for (guint i = 0; i < rows->len; i++)
    json_array_append_new(list, snapshot_to_json(&g_array_index(rows, IvSnapshot, i)));
  if (rows->len == query.limit) {
    const IvSnapshot *last = &g_array_index(rows, IvSnapshot, rows->len - 1);
    g_autofree char *cursor =
        g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, last->moment, last->no);
    next = json_string(cursor);
  }
  return iv_response_json(200, json_pack("{so so}", "snapshots", list, "next_cursor", next));
}

/* ---- a picture ---- */

static IvResponse *no_snapshot(void) {
  return iv_response_problem(IV_PROBLEM_NOT_FOUND,
                             "There is no such picture; it may have been deleted for its age.");
}

/* NULL with the problem. */
static gboolean find_row(const IvCall *call, IvSnapshot *ret_row, IvResponse **ret_problem) {
  GError *error = NULL;
  gint64 no;
  if (g_ascii_string_to_signed(iv_call_snapshot(call), 10, 1, G_MAXINT64, &no, NULL) &&
      iv_snapshots_get(call->api->store, iv_call_store(call), no, call->deadline, ret_row, &error))
    return TRUE;
  *ret_problem = error ? iv_call_failed(call, error) : no_snapshot();
  return FALSE;
}

/* A file of it on this disk, as it was stored; -1 with an error, which says to the caller that the
 * archive is to be asked where it is there. */
static int open_local(const IvCall *call, const IvSnapshot *row, IvSnapshotFile file,
                      GError **error) {
  struct stat info;
  g_autofree char *path = iv_snapshot_file(row->path, file);
  int fd = call->api->host_calls->snapshot_file(call->api->host, iv_call_store(call), path, error);
  if (fd < 0 || (fstat(fd, &info) == 0 && (guint64)info.st_size == row->bytes[file]))
    return fd;
  close(fd);
  g_set_error_literal(error, IV_SERVER_HOST_ERROR, IV_SERVER_HOST_ERROR_NO_FILE,
                      "The picture is not what was stored: its file was changed.");
  return -1;
}

static IvArchivedWish wish_for(const IvSnapshot *row, IvSnapshotFile file, const char *tag) {
  return (IvArchivedWish){.kind = IV_ARCHIVED_SNAPSHOT,
                          .no = row->no,
                          .file = file,
                          .bytes = row->bytes[file],
                          .type = "image/jpeg",
                          .tag = tag};
}

static IvResponse *picture(const IvCall *call, const IvSnapshot *row, IvSnapshotFile file) {
  GError *error = NULL;
  char ts[IV_TIME_TEXT_MAX];
  IvResponse *response = NULL;
  g_autofree char *tag = g_strdup_printf("\"%" G_GINT64_FORMAT "-%d\"", row->no, (int)file);
  IvArchivedWish wish = wish_for(row, file, tag);
  int fd = row->local ? open_local(call, row, file, &error) : -1;
  if (fd >= 0)
    response = iv_range_answer(call, fd, row->bytes[file], "image/jpeg", tag);
  else if (row->archived)
    response = iv_archived_answer(call, &wish);
  if (!response)
    return error ? iv_call_failed(call, error) : no_snapshot();
  g_clear_error(&error);
  iv_response_add(response, "x-frame-ts:", iv_time_to_text(row->frame_ts, ts));
  return response;
}

/* ---- for those who may not see people ---- */

static GBytes *read_local(const IvCall *call, const IvSnapshot *row, GError **error) {
  int fd = open_local(call, row, IV_SNAPSHOT_CLEAN, error);
  if (fd < 0)
    return NULL;
  gsize size = MIN(row->bytes[IV_SNAPSHOT_CLEAN], PICTURE_BYTES_MAX), n = 0;
  g_autofree guint8 *bytes = g_malloc(MAX(size, 1));
  gssize got = 1;
  for (; n < size && got > 0; n += (gsize)MAX(got, 0))
    got = read(fd, bytes + n, size - n);
  close(fd);
  return g_bytes_new_take(g_steal_pointer(&bytes), n);
}

static GBytes *read_clean(const IvCall *call, const IvSnapshot *row, GError **error) {
  g_autoptr(GError) wrong = NULL;
  GBytes *bytes = row->local ? read_local(call, row, &wrong) : NULL;
  if (bytes)
    return bytes;
  if (row->archived && row->bytes[IV_SNAPSHOT_CLEAN] <= PICTURE_BYTES_MAX) {
    IvArchivedWish wish = wish_for(row, IV_SNAPSHOT_CLEAN, NULL);
    return iv_archived_bytes(call, &wish, error);
  }
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

/* Of the clean picture, at any size: people are looked for where they are largest. */
static IvResponse *blurred_picture(const IvCall *call, const IvSnapshot *row, int width) {
  GError *error = NULL;
  char ts[IV_TIME_TEXT_MAX];
  g_autoptr(GBytes) clean = read_clean(call, row, &error);
  if (!clean)
    return error ? iv_call_failed(call, error) : no_snapshot();
  GBytes *jpeg = call->api->host_calls->blurred(call->api->host, clean, width);
  if (!jpeg)
    return iv_response_problem(IV_PROBLEM_NOT_FOUND,
                               "The picture can't be read, so its people can't be covered.");
  IvResponse *response = iv_response_new(200);
  response->content_type = "image/jpeg";
  response->body = jpeg;
  iv_response_add(response, "x-frame-ts:", iv_time_to_text(row->frame_ts, ts));
  return response;
}

static gboolean hides_people(const IvCall *call) {
  return iv_privacy_hides(call->api->privacy.blur_pictures, call->access);
}

IvResponse *iv_route_get_snapshot_picture(IvCall *call) {
  gint64 boxes = 0;
  IvResponse *problem = NULL;
  g_auto(IvSnapshot) row = {0};
  if (!iv_call_query_int(call, "boxes", 0, 1, &boxes, &problem) || !find_row(call, &row, &problem))
    return problem;
  problem = iv_call_note_look_at(call, IV_AUDIT_SNAPSHOT_VIEWED, row.camera_id.text,
                                 iv_call_snapshot(call));
  if (problem)
    return problem;
  return hides_people(call) ? blurred_picture(call, &row, 0)
                            : picture(call, &row, boxes ? IV_SNAPSHOT_MARKED : IV_SNAPSHOT_CLEAN);
}

IvResponse *iv_route_get_snapshot_thumbnail(IvCall *call) {
  IvResponse *problem = NULL;
  g_auto(IvSnapshot) row = {0};
  if (!find_row(call, &row, &problem))
    return problem;
  problem = iv_call_note_look_at(call, IV_AUDIT_SNAPSHOT_VIEWED, row.camera_id.text, "");
  if (problem)
    return problem;
  return hides_people(call) ? blurred_picture(call, &row, THUMBNAIL_WIDTH)
                            : picture(call, &row, IV_SNAPSHOT_THUMBNAIL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings of a camera: which there are, what is missing, and their playback (HLS). */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/playlist.h"
#include "api/routes/archived_answer.h"
#include "api/routes/handlers.h"
#include "api/routes/range.h"

#define LIST_SPAN_MAX (31 * IV_DAY)
#define PLAY_SPAN_MAX (25 * IV_HOUR) /* the longest day there is */
#define LIST_LIMIT 100
#define LIST_LIMIT_MAX 500
#define GAP_MIN IV_SECOND            /* shorter ones are the camera's clock */
#define GROWTH_SPAN (30 * IV_SECOND) /* so late the end of what grows is known */

/* ---- the query ---- */

/* Without them: the day up to now. */
static gboolean read_span(const IvCall *call, IvTime longest, IvSegmentQuery *query,
                          IvResponse **ret_problem) {
  query->from = IV_TIME_NONE;
  query->to = call->now;
  if (!iv_call_query_time(call, "from", &query->from, ret_problem) ||
      !iv_call_query_time(call, "to", &query->to, ret_problem))
    return FALSE;
  if (query->from == IV_TIME_NONE)
    query->from = MAX(query->to - IV_DAY, 0);
  if (query->from >= 0 && query->from < query->to && query->to - query->from <= longest)
    return TRUE;
  *ret_problem =
      iv_response_problem(IV_PROBLEM_BAD_REQUEST, "to must be after from, and at most %d h later.",
                          (int)(longest / IV_HOUR));
  return FALSE;
}

/* "<start>.<number>.<covered until>" of the last one of the page before. */
static gboolean read_cursor(const IvCall *call, IvSegmentQuery *query, IvTime *ret_until,
                            IvResponse **ret_problem) {
  const char *cursor = iv_request_query(call->request, "cursor");
  char rest;
  query->after = IV_TIME_NONE;
  *ret_until = query->from;
  if (!cursor)
    return TRUE;
  if (strlen(cursor) <= 60 &&
      sscanf(cursor, "%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT "%c",
             &query->after, &query->after_no, ret_until, &rest) == 3 &&
      query->after >= 0 && query->after_no >= 0 && *ret_until >= 0)
    return TRUE;
  *ret_problem = iv_response_problem(IV_PROBLEM_BAD_REQUEST, "cursor is none that was given here.");
  return FALSE;
}

/* ---- the list ---- */

static json_t *recording_to_json(const IvSegment *segment) {
  return json_pack("{sI so so ss s{si si} sI sb sb ss}", "id", (json_int_t)segment->no, "start",
                   iv_json_time(segment->start), "end", iv_json_time(segment->end), "codec",
                   segment->codec, "size", "w", segment->size.width, "h", segment->size.height,
                   "bytes", (json_int_t)segment->bytes, "closed", segment->closed, "held",
                   segment->held, "place", iv_archived_place(segment->local, segment->archived));
}

static void add_gap(json_t *gaps, IvTime from, IvTime to) {
  if (to - from >= GAP_MIN)
    json_array_append_new(
        gaps, json_pack("{so so}", "start", iv_json_time(from), "end", iv_json_time(to)));
}

/* Up to the end of the span, or to now: what is being written is there though not known yet. */
static void add_last_gap(json_t *gaps, const IvCall *call, const GArray *found, IvTime until,
                         IvTime to) {
  gboolean grows = found->len > 0 && !g_array_index(found, IvSegment, found->len - 1).closed;
  IvTime end = MIN(to, call->now);
  if (!grows || end - until > GROWTH_SPAN)
    add_gap(gaps, until, end);
}

static IvResponse *list_answer(const IvCall *call, const IvSegmentQuery *query, const GArray *found,
                               IvTime until) {
  json_t *recordings = json_array(), *gaps = json_array(), *next = json_null();
  for (guint i = 0; i < found->len; i++) {
    const IvSegment *segment = &g_array_index(found, IvSegment, i);
    json_array_append_new(recordings, recording_to_json(segment));
    add_gap(gaps, until, segment->start);
    until = MAX(until, segment->end);
  }
  if (found->len == query->limit) {
    const IvSegment *last = &g_array_index(found, IvSegment, found->len - 1);
    g_autofree char *cursor =
        g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, last->start,
                        last->no, until);
    next = json_string(cursor);
  } else {
    add_last_gap(gaps, call, found, until, query->to);
  }
  return iv_response_json(
      200, json_pack("{so so so}", "recordings", recordings, "gaps", gaps, "next_cursor", next));
}

IvResponse *iv_route_list_recordings(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  gint64 limit = LIST_LIMIT;
  IvTime until;
  IvSegmentQuery query = {.camera_id = iv_call_camera(call)};
  if (!iv_call_query_int(call, "limit", 1, LIST_LIMIT_MAX, &limit, &problem) ||
      !read_span(call, LIST_SPAN_MAX, &query, &problem) ||
      !read_cursor(call, &query, &until, &problem))
    return problem;
  query.limit = (guint)limit;
  g_autoptr(GArray) found =
      iv_segments_list(call->api->store, iv_call_store(call), &query, call->deadline, &error);
  return found ? list_answer(call, &query, found, until) : iv_call_failed(call, error);
}

/* ---- playing ---- */

static IvResponse *nothing_there(void) {
  return iv_response_problem(IV_PROBLEM_NOT_FOUND, "Nothing was recorded in this time.");
}

IvResponse *iv_route_get_playlist(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  IvSegmentQuery query = {.camera_id = iv_call_camera(call),
                          .after = IV_TIME_NONE,
                          .with_pieces = TRUE,
                          .limit = IV_SEGMENTS_LIMIT_MAX};
  problem = iv_call_refuse_people(call);
  if (problem || !read_span(call, PLAY_SPAN_MAX, &query, &problem))
    return problem;
  g_autoptr(GArray) found =
      iv_segments_list(call->api->store, iv_call_store(call), &query, call->deadline, &error);
  if (!found)
    return iv_call_failed(call, error);
  if (found->len == IV_SEGMENTS_LIMIT_MAX)
    return iv_response_problem(IV_PROBLEM_BAD_REQUEST, "Too many files; ask for a shorter time.");
  char *text = iv_playlist_make(found, query.from, query.to);
  if (!text)
    return nothing_there();
  problem = iv_call_note_look(call, IV_AUDIT_RECORDING_WATCHED);
  if (problem) {
    g_free(text);
    return problem;
  }
  IvResponse *response = iv_response_new(200);
  response->content_type = "application/vnd.apple.mpegurl";
  response->body = g_bytes_new_take(text, strlen(text));
  return response;
}

/* From the archive, in parts as they are asked for. */
static IvResponse *pass_on(const IvCall *call, const IvSegment *segment, const char *tag) {
  IvArchivedWish wish = {.kind = IV_ARCHIVED_RECORDING,
                         .no = segment->no,
                         .bytes = segment->bytes,
                         .type = "video/mp4",
                         .tag = tag};
  IvResponse *response = iv_archived_answer(call, &wish);
  return response ? response : nothing_there();
}

/* What is written after it was asked for is left out: each answer is of what the index says. */
static IvResponse *open_video(const IvCall *call, const IvSegment *segment) {
  struct stat file;
  GError *error = NULL;
  g_autofree char *tag = g_strdup_printf("\"%" G_GINT64_FORMAT "-%" G_GUINT64_FORMAT "\"",
                                         segment->no, segment->bytes);
  if (segment->archived && !segment->local)
    return pass_on(call, segment, tag);
  int fd = call->api->host_calls->recording_file(call->api->host, iv_call_store(call),
                                                 segment->path, &error);
  if (fd < 0 && segment->archived) {
    g_error_free(error);
    return pass_on(call, segment, tag);
  }
  if (fd < 0)
    return iv_call_failed(call, error);
  if (fstat(fd, &file) != 0 || (guint64)file.st_size < segment->bytes) {
    close(fd);
    return iv_response_problem(IV_PROBLEM_NOT_FOUND, "The file is shorter than it was.");
  }
  return iv_range_answer(call, fd, segment->bytes, "video/mp4", tag);
}

IvResponse *iv_route_get_recording(IvCall *call) {
  GError *error = NULL;
  gint64 no;
  g_auto(IvSegment) segment = {0};
  IvResponse *problem = iv_call_refuse_people(call);
  if (problem)
    return problem;
  if (!g_ascii_string_to_signed(iv_call_recording(call), 10, 1, G_MAXINT64, &no, NULL))
    return nothing_there();
  if (!iv_segments_get(call->api->store, iv_call_store(call), iv_call_camera(call), no,
                       call->deadline, &segment, &error))
    return error ? iv_call_failed(call, error) : nothing_there();
  problem = iv_call_note_recording(call, segment.start);
  return problem ? problem : open_video(call, &segment);
}

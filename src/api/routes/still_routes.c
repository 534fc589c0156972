/* SPDX-License-Identifier: Apache-2.0 */
/* One picture out of what was recorded. */
#include "api/routes/handlers.h"
#include "store/segments.h"

#define LOOK_BACK (30 * IV_SECOND) /* so late the end of what grows is known */
#define SLACK IV_SECOND            /* shorter gaps are the camera's clock */
#define LIMIT 500
#define WIDTH_MIN 16
#define WIDTH_MAX 7680

static IvResponse *nothing_there(void) {
  return iv_response_problem(IV_PROBLEM_NOT_FOUND, "Nothing was recorded at this time.");
}

static gboolean read_wish(const IvCall *call, IvStillWish *wish, IvResponse **ret_problem) {
  gint64 width = 0;
  IvTime at = IV_TIME_NONE;
  if (!iv_call_query_time(call, "at", &at, ret_problem) ||
      !iv_call_query_int(call, "width", WIDTH_MIN, WIDTH_MAX, &width, ret_problem))
    return FALSE;
  if (at == IV_TIME_NONE || at < 0) {
    *ret_problem =
        iv_response_problem(IV_PROBLEM_BAD_REQUEST, "at must say the time of the picture.");
    return FALSE;
  }
  *wish = (IvStillWish){.store_id = iv_call_store(call),
                        .camera_id = iv_call_camera(call),
                        .at = at,
                        .slack = SLACK,
                        .width = (int)width,
                        .blur_people =
                            iv_privacy_hides(call->api->privacy.blur_recordings, call->access)};
  return TRUE;
}

/* The last file that begins at or before `at`, if it may show something then. The beginning of a
 * file is told in whole ms, so who asks for just that may be a little early. */
static const IvSegment *choose(const GArray *found, IvTime at) {
  const IvSegment *best = NULL;
  for (guint i = 0; i < found->len; i++) {
    const IvSegment *segment = &g_array_index(found, IvSegment, i);
    if (segment->start < at + IV_MS)
      best = segment;
  }
  IvTime slack = best && !best->closed ? LOOK_BACK : SLACK;
  return best && at < best->end + slack ? best : NULL;
}

/* Takes `jpeg`. What nobody is told of is not shown. */
static IvResponse *answer(const IvCall *call, GBytes *jpeg, IvTime ts) {
  char text[IV_TIME_TEXT_MAX];
  iv_time_to_text(ts, text);
  IvResponse *problem =
      iv_call_note_look_at(call, IV_AUDIT_STILL_TAKEN, iv_call_camera(call), text);
  if (problem) {
    g_bytes_unref(jpeg);
    return problem;
  }
  IvResponse *response = iv_response_new(200);
  response->content_type = "image/jpeg";
  response->body = jpeg;
  iv_response_add(response, "x-frame-ts:", text);
  return response;
}

IvResponse *iv_route_get_still(IvCall *call) {
  GError *error = NULL;
  IvResponse *problem = NULL;
  IvStillWish wish;
  IvTime ts = 0;
  if (!read_wish(call, &wish, &problem))
    return problem;
  IvSegmentQuery query = {.camera_id = wish.camera_id,
                          .from = MAX(wish.at - LOOK_BACK, 0),
                          .to = wish.at + IV_MS,
                          .after = IV_TIME_NONE,
                          .limit = LIMIT};
  g_autoptr(GArray) found =
      iv_segments_list(call->api->store, wish.store_id, &query, call->deadline, &error);
  if (!found)
    return iv_call_failed(call, error);
  const IvSegment *segment = choose(found, wish.at);
  if (!segment)
    return nothing_there();
  wish.path = segment->path;
  wish.start = segment->start;
  wish.at = MAX(wish.at, wish.start);
  GBytes *jpeg = call->api->host_calls->still(call->api->host, &wish, call->deadline, &ts, &error);
  return jpeg ? answer(call, jpeg, ts) : iv_call_failed(call, error);
}

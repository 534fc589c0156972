/* SPDX-License-Identifier: Apache-2.0 */
#include "api/net/http.h"

#include <string.h>
#include <sys/socket.h>

#include "api/net/request_lws.h"
#include "api/routes/table.h"
#include "base/clock.h"

/* The next chunk of a file, read by a worker. */
typedef struct {
  IvErrand errand;
  IvFileBody *file; /* owned */
  GBytes *chunk;    /* owned; set by the worker; NULL = it could not be read */
} FileErrand;

typedef enum {
  STAGE_TAKING,  /* the body comes in */
  STAGE_WAITING, /* a worker has it */
  STAGE_WRITING,
} Stage;

typedef struct {
  IvErrand errand;
  IvRequest *request; /* owned; read by the worker */
  IvRouteMatch match;
  IvResponse *response; /* owned; set by the worker */
} HttpErrand;

struct IvHttp {
  IvLoop *loop;
  struct lws *wsi;
  Stage stage;
  IvTime since; /* this stage began (monotonic) */
  IvRequest *request;
  IvRouteMatch match;
  GByteArray *body;
  IvResponse *refusal; /* said when a body that nobody wants has come in */
  HttpErrand *errand;  /* while waiting */
  IvResponse *response;
  gsize written;       /* bytes of the body; of a file's, of the chunk in hand */
  FileErrand *reading; /* the next chunk is under way */
  gboolean hungry;     /* no worker took the errand for it yet */
  gboolean broken;     /* the file can't be read to its end */
  gboolean head_out;   /* status and headers are written */
  gboolean is_head;    /* HEAD: no body */
  gboolean close;      /* after this answer */
  gboolean is_stalled; /* nothing was written since the last tick */
  guint64 turns;       /* of the loop, at the last tick */
};

void iv_http_free(IvHttp *http) {
  if (!http)
    return;
  if (http->errand)
    iv_errand_forget(&http->errand->errand);
  if (http->reading)
    iv_errand_forget(&http->reading->errand);
  iv_request_free(http->request);
  iv_route_match_clear(&http->match);
  if (http->body)
    g_byte_array_unref(http->body);
  iv_response_free(http->refusal);
  iv_response_free(http->response);
  g_free(http);
}

static void enter(IvHttp *http, Stage stage) {
  http->stage = stage;
  http->since = iv_clock_monotonic();
}

/* --- answering --- */

/* Takes `response`. */
static int answer(IvHttp *http, IvResponse *response) {
  static const IvLoopCounter classes[6] = {[2] = IV_LOOP_ANSWERED_2XX,
                                           [3] = IV_LOOP_ANSWERED_3XX,
                                           [4] = IV_LOOP_ANSWERED_4XX,
                                           [5] = IV_LOOP_ANSWERED_5XX};
  http->response = response;
  /* libwebsockets doesn't write where it doesn't read either. */
  lws_rx_flow_control(http->wsi, 1);
  iv_loop_count(http->loop, classes[response->status / 100], 1);
  enter(http, STAGE_WRITING);
  lws_set_timer_usecs(http->wsi, IV_HTTP_PEEK_TIME);
  lws_set_timeout(http->wsi, PENDING_TIMEOUT_HTTP_CONTENT, IV_LOOP_STALL_TIME);
  lws_callback_on_writable(http->wsi);
  return 0;
}

static int finish(IvHttp *http) {
  if (http->close)
    return -1;
  struct lws *wsi = http->wsi;
  return lws_http_transaction_completed(wsi) ? -1 : 0; /* frees `http` */
}

static void run_reading(IvWork *work, gpointer worker, gboolean late) {
  FileErrand *reading = (FileErrand *)work;
  (void)worker;
  reading->chunk = late ? NULL : iv_file_body_read(reading->file);
}

static void free_reading(IvWork *work) {
  FileErrand *reading = (FileErrand *)work;
  iv_file_body_unref(reading->file);
  if (reading->chunk)
    g_bytes_unref(reading->chunk);
  g_free(reading);
}

static void deliver_reading(IvErrand *base) {
  FileErrand *reading = (FileErrand *)base;
  IvHttp *http = base->owner;
  http->reading = NULL;
  http->broken = reading->chunk == NULL;
  if (reading->chunk) {
    g_bytes_unref(http->response->body);
    http->response->body = g_steal_pointer(&reading->chunk);
    http->written = 0;
  }
  lws_callback_on_writable(http->wsi);
  iv_work_unref(&base->work);
}

static gboolean has_more(const IvHttp *http) {
  return http->response->file && iv_file_body_left(http->response->file) > 0;
}

/* What is in hand has gone: the next chunk is asked for. While no worker is free it is asked again
 * with each tick. */
static void ask_for_more(IvHttp *http) {
  FileErrand *reading = g_new0(FileErrand, 1);
  iv_errand_init(&reading->errand, http->loop, http);
  reading->errand.work.weight =
      iv_file_body_is_remote(http->response->file) ? IV_WORK_PATIENT : IV_WORK_LIGHT;
  reading->errand.work.deadline = iv_clock_monotonic() + IV_HTTP_JOB_TIME;
  reading->errand.work.run = run_reading;
  reading->errand.work.free = free_reading;
  reading->errand.deliver = deliver_reading;
  reading->file = iv_file_body_ref(http->response->file);
  http->hungry = !iv_errand_send(&reading->errand);
  if (http->hungry)
    iv_errand_forget(&reading->errand);
  else
    http->reading = reading;
}

static int write_chunk(IvHttp *http) {
  gsize length = 0;
  const guint8 *bytes = g_bytes_get_data(http->response->body, &length);
  gsize n = MIN(length - http->written, IV_LOOP_CHUNK);
  guint8 *scratch = iv_loop_scratch(http->loop);
  memcpy(scratch, bytes + http->written, n);
  gboolean all = http->written + n == length, last = all && !has_more(http);
  if (lws_write(http->wsi, scratch, n, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < (int)n)
    return -1;
  http->written += n;
  http->is_stalled = FALSE;
  lws_set_timeout(http->wsi, PENDING_TIMEOUT_HTTP_CONTENT, IV_LOOP_STALL_TIME);
  if (last)
    return finish(http);
  if (all)
    ask_for_more(http);
  else
    lws_callback_on_writable(http->wsi);
  return 0;
}

int iv_http_write(IvHttp *http, struct lws *wsi) {
  if (!http || http->stage != STAGE_WRITING)
    return 0;
  if (http->broken)
    return -1;
  if (http->reading || http->hungry)
    return 0;
  gboolean has_body = http->response->body && g_bytes_get_size(http->response->body) > 0;
  if (http->head_out)
    return write_chunk(http);
  http->head_out = TRUE;
  if (!iv_http_write_head(wsi, http->response, http->close,
                          iv_loop_parts(http->loop)->api->behind_tls))
    return -1;
  if (!has_body || http->is_head)
    return finish(http);
  /* Small answers go out at once, in a second segment of the same turn. */
  return lws_partial_buffered(wsi) ? (lws_callback_on_writable(wsi), 0) : write_chunk(http);
}

/* --- asking a worker --- */

static void run_errand(IvWork *work, gpointer worker, gboolean late) {
  HttpErrand *errand = (HttpErrand *)work;
  (void)worker;
  errand->response = late ? iv_response_problem(IV_PROBLEM_BUSY, "Try again in a moment.")
                          : iv_api_answer(iv_loop_parts(errand->errand.loop)->api, errand->request,
                                          &errand->match, work->deadline);
}

static void free_errand(IvWork *work) {
  HttpErrand *errand = (HttpErrand *)work;
  iv_request_free(errand->request);
  iv_route_match_clear(&errand->match);
  iv_response_free(errand->response);
  g_free(errand);
}

static void deliver_errand(IvErrand *base) {
  HttpErrand *errand = (HttpErrand *)base;
  IvHttp *http = base->owner;
  http->errand = NULL;
  answer(http, g_steal_pointer(&errand->response));
  iv_work_unref(&base->work);
}

static IvWorkWeight weight_of(guint traits) {
  if (traits & IV_ROUTE_HASHES)
    return IV_WORK_HEAVY;
  return traits & IV_ROUTE_WAITS ? IV_WORK_PATIENT : IV_WORK_LIGHT;
}

static HttpErrand *make_errand(IvHttp *http) {
  HttpErrand *errand = g_new0(HttpErrand, 1);
  iv_errand_init(&errand->errand, http->loop, http);
  errand->errand.work.weight = weight_of(http->match.route->traits);
  errand->errand.work.deadline = iv_clock_monotonic() + IV_HTTP_JOB_TIME;
  errand->errand.work.run = run_errand;
  errand->errand.work.free = free_errand;
  errand->errand.deliver = deliver_errand;
  errand->request = g_steal_pointer(&http->request);
  errand->match = http->match;
  http->match = (IvRouteMatch){0};
  return errand;
}

static int ask(IvHttp *http) {
  if (http->body)
    http->request->body = g_byte_array_free_to_bytes(g_steal_pointer(&http->body));
  if (http->match.route->traits & IV_ROUTE_QUICK)
    return answer(http, iv_api_answer(iv_loop_parts(http->loop)->api, http->request, &http->match,
                                      IV_TIME_NONE));
  HttpErrand *errand = make_errand(http);
  if (!iv_errand_send(&errand->errand)) {
    iv_errand_forget(&errand->errand);
    return answer(http, iv_response_problem(IV_PROBLEM_BUSY, "Try again in a moment."));
  }
  http->errand = errand;
  enter(http, STAGE_WAITING);
  /* Nothing more is read of this client until it has its answer. */
  lws_rx_flow_control(http->wsi, 0);
  lws_set_timeout(http->wsi, NO_PENDING_TIMEOUT, 0);
  lws_set_timer_usecs(http->wsi, IV_HTTP_PEEK_TIME);
  return 0;
}

/* --- the request --- */

/* A short body is let in and dropped first: an answer in the middle of it would leave what is still
 * on its way between this request and the next one. A long one is not waited for. */
static int refuse(IvHttp *http, gint64 length, IvResponse *response) {
  http->close = http->close || length < 0 || length > IV_HTTP_DISCARD_MAX;
  if (http->close || length == 0)
    return answer(http, response);
  http->refusal = response;
  lws_set_timer_usecs(http->wsi, IV_HTTP_BODY_TIME);
  return 0;
}

/* A client may say "{}" where nothing is asked for. */
static gsize body_max(const IvHttp *http) {
  return MAX(http->match.route->body_max, IV_HTTP_BODY_IGNORED);
}

static int begin_body(IvHttp *http, gint64 length) {
  gint64 max = (gint64)body_max(http);
  if (length == -2)
    return refuse(
        http, length,
        iv_response_problem(IV_PROBLEM_LENGTH_REQUIRED, "Send the body with its Content-Length."));
  if (length < 0)
    return refuse(http, length,
                  iv_response_problem(IV_PROBLEM_BAD_REQUEST, "Content-Length must be a number."));
  if (length > max)
    return refuse(http, length,
                  iv_response_problem(IV_PROBLEM_TOO_LARGE,
                                      "At most %" G_GINT64_FORMAT " bytes are taken here.", max));
  if (length == 0)
    return ask(http);
  http->body = g_byte_array_sized_new((guint)length);
  lws_set_timer_usecs(http->wsi, IV_HTTP_BODY_TIME);
  return 0;
}

static IvResponse *find_answer(IvHttp *http) {
  IvResponse *problem = NULL;
  if (iv_route_find(http->request, &http->match, &problem))
    return NULL;
  if (problem)
    return problem;
  const IvAssets *assets = iv_loop_parts(http->loop)->assets;
  if (http->request->method != IV_METHOD_GET)
    return iv_response_problem(IV_PROBLEM_METHOD, "Only GET is possible here.");
  problem = assets ? iv_assets_answer(assets, http->request) : NULL;
  return problem ? problem
                 : iv_response_problem(IV_PROBLEM_NOT_FOUND, "There is nothing at this address.");
}

int iv_http_begin(IvConnection *connection, struct lws *wsi) {
  g_clear_pointer(&connection->http, iv_http_free);
  IvHttp *http = connection->http = g_new0(IvHttp, 1);
  http->loop = iv_loop_of(wsi);
  http->wsi = wsi;
  enter(http, STAGE_TAKING);
  lws_set_timer_usecs(wsi, LWS_SET_TIMER_USEC_CANCEL); /* of the request before */
  gint64 length = iv_request_body_length(wsi);
  http->request = iv_request_from_lws(wsi);
  if (!http->request) {
    http->close = TRUE;
    return answer(http, iv_response_problem(IV_PROBLEM_BAD_REQUEST,
                                            "The address, a header or the query is too long, or "
                                            "the method is not one of this API."));
  }
  http->is_head = http->request->head;
  IvResponse *response = find_answer(http);
  return response ? refuse(http, length, response) : begin_body(http, length);
}

int iv_http_take(IvHttp *http, struct lws *wsi, const void *bytes, gsize n) {
  (void)wsi;
  if (!http || http->stage != STAGE_TAKING || !http->body)
    return 0; /* refused: what still comes is dropped */
  if (http->body->len + n > body_max(http))
    return -1;
  g_byte_array_append(http->body, bytes, (guint)n);
  return 0;
}

int iv_http_taken(IvHttp *http, struct lws *wsi) {
  (void)wsi;
  if (!http || http->stage != STAGE_TAKING)
    return 0;
  if (http->refusal)
    return answer(http, g_steal_pointer(&http->refusal));
  return http->body ? ask(http) : 0;
}

typedef enum { PEER_QUIET, PEER_TALKS, PEER_GONE } Peer;

/* Nothing is read of a client while it waits for its answer or is written to: what it does
 * meanwhile shows up only when looked for. */
static Peer look(struct lws *wsi) {
  char byte;
  gssize n = recv(lws_get_socket_fd(wsi), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n > 0 ? PEER_TALKS : n == 0 ? PEER_GONE : PEER_QUIET;
}

static int tick_waiting(IvHttp *http) {
  if (look(http->wsi) == PEER_GONE)
    return -1;
  if (iv_clock_monotonic() - http->since > IV_HTTP_ANSWER_TIME) {
    iv_errand_forget(&g_steal_pointer(&http->errand)->errand);
    return answer(http, iv_response_problem(IV_PROBLEM_BUSY, "Try again in a moment."));
  }
  lws_set_timer_usecs(http->wsi, IV_HTTP_PEEK_TIME);
  return 0;
}

/* libwebsockets spins on a client that sends in the middle of its answer and doesn't take it: such
 * a one is let go. What it sent may lie in libwebsockets' own buffer, where only the spinning
 * shows. */
static int tick_writing(IvHttp *http) {
  guint64 turns = iv_loop_turns(http->loop);
  if (http->hungry)
    ask_for_more(http);
  gboolean spins = turns - http->turns > IV_HTTP_SPIN_TURNS;
  if (http->is_stalled && (spins || look(http->wsi) != PEER_QUIET))
    return -1;
  http->is_stalled = TRUE;
  http->turns = turns;
  lws_set_timer_usecs(http->wsi, IV_HTTP_PEEK_TIME);
  return 0;
}

int iv_http_tick(IvHttp *http, struct lws *wsi) {
  (void)wsi;
  switch (http->stage) {
  case STAGE_TAKING:
    return -1; /* the body took too long */
  case STAGE_WAITING:
    return tick_waiting(http);
  case STAGE_WRITING:
    return tick_writing(http);
  }
  return 0;
}

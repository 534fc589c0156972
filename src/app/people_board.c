/* SPDX-License-Identifier: Apache-2.0 */
#include "app/people_board.h"

#include "base/clock.h"

#define SIGHTS 64
#define SIGHT_BOXES 128 /* more people in one picture: all of it is covered */
#define FOLLOW_SPAN (5 * IV_SECOND)
#define SET_BACK IV_SECOND   /* the camera's time went back: a new beginning */
#define HOLE (2 * IV_SECOND) /* between two pictures that were looked at: what was in between? */
#define MARGIN_X 0.2f        /* of a box's width, on each side */
#define MARGIN_Y 0.12f       /* of its height */
#define MARGIN_MIN 0.01f     /* of the picture */

typedef struct {
  IvTime ts;
  gboolean too_many;
  guint n;
  IvBox boxes[SIGHT_BOXES];
} Sight;

struct IvPeopleBoard {
  gatomicrefcount refs;
  GMutex mutex;
  GCond changed;
  gboolean closed;
  gboolean blind;       /* nobody looks for people */
  Sight sights[SIGHTS]; /* a ring; the newest at `newest` */
  guint n, newest;
  IvTime expected, expected_before; /* the last that are or were being analysed; IV_TIME_NONE */
  IvTime seen;                      /* the last that was analysed; IV_TIME_NONE = none was */
  IvTime passed;                    /* the last in which nothing moved; IV_TIME_NONE likewise */
  IvTime known; /* up to there it is known who is where; IV_TIME_NONE = nowhere */
  IvTime since; /* and from there on */
  Sight followed;
};

static void forget(IvPeopleBoard *board) {
  board->n = 0;
  board->followed.n = 0;
  board->followed.too_many = FALSE;
  board->known = board->since = board->seen = board->passed = IV_TIME_NONE;
  board->expected = board->expected_before = IV_TIME_NONE;
}

IvPeopleBoard *iv_people_board_new(void) {
  IvPeopleBoard *board = g_new0(IvPeopleBoard, 1);
  g_atomic_ref_count_init(&board->refs);
  g_mutex_init(&board->mutex);
  g_cond_init(&board->changed);
  forget(board);
  return board;
}

IvPeopleBoard *iv_people_board_ref(IvPeopleBoard *board) {
  g_atomic_ref_count_inc(&board->refs);
  return board;
}

void iv_people_board_unref(IvPeopleBoard *board) {
  if (!g_atomic_ref_count_dec(&board->refs))
    return;
  g_cond_clear(&board->changed);
  g_mutex_clear(&board->mutex);
  g_free(board);
}

/* ---- with the mutex ---- */

/* Before the first analysed picture nobody knows what is in those that are like it; and what is
 * being analysed may show somebody. */
static void advance(IvPeopleBoard *board) {
  IvTime known = board->seen;
  if (known == IV_TIME_NONE)
    return;
  if (board->expected == IV_TIME_NONE || board->expected <= board->seen)
    known = MAX(known, board->passed);
  if (board->known == IV_TIME_NONE || known > board->known + HOLE)
    board->since = known;
  board->known = board->known == IV_TIME_NONE ? known : MAX(board->known, known);
  g_cond_broadcast(&board->changed);
}

static void add_box(Sight *sight, const IvBox *box) {
  if (sight->n < SIGHT_BOXES)
    sight->boxes[sight->n++] = *box;
  else
    sight->too_many = TRUE;
}

/* ---- what is seen ---- */

static Sight *next_sight(IvPeopleBoard *board) {
  board->newest = (board->newest + 1) % SIGHTS;
  board->n = MIN(board->n + 1, SIGHTS);
  return &board->sights[board->newest];
}

static gboolean is_set_back(const IvPeopleBoard *board, IvTime ts) {
  return board->known != IV_TIME_NONE && ts < board->known - SET_BACK;
}

void iv_people_board_see(IvPeopleBoard *board, IvTime ts, const IvDetection *detections, guint n) {
  g_mutex_lock(&board->mutex);
  if (is_set_back(board, ts))
    forget(board);
  Sight *sight = next_sight(board);
  sight->ts = ts;
  sight->n = 0;
  sight->too_many = FALSE;
  for (guint i = 0; i < n; i++)
    add_box(sight, &detections[i].box);
  board->seen = board->seen == IV_TIME_NONE ? ts : MAX(board->seen, ts);
  advance(board);
  g_mutex_unlock(&board->mutex);
}

void iv_people_board_expect(IvPeopleBoard *board, IvTime ts) {
  g_mutex_lock(&board->mutex);
  board->expected_before = board->expected;
  board->expected = ts;
  g_mutex_unlock(&board->mutex);
}

void iv_people_board_withdraw(IvPeopleBoard *board, IvTime ts) {
  g_mutex_lock(&board->mutex);
  if (board->expected == ts)
    board->expected = board->expected_before;
  g_mutex_unlock(&board->mutex);
}

void iv_people_board_pass(IvPeopleBoard *board, IvTime ts) {
  g_mutex_lock(&board->mutex);
  if (is_set_back(board, ts))
    forget(board);
  board->expected = board->expected_before;
  board->passed = ts;
  advance(board);
  g_mutex_unlock(&board->mutex);
}

void iv_people_board_follow(IvPeopleBoard *board, IvTime ts, const IvTrackPoint *tracks, guint n) {
  g_mutex_lock(&board->mutex);
  Sight *followed = &board->followed;
  followed->ts = ts;
  followed->n = 0;
  followed->too_many = FALSE;
  for (guint i = 0; i < n; i++)
    if (tracks[i].state != IV_TRACK_ENDED)
      add_box(followed, &tracks[i].box);
  g_mutex_unlock(&board->mutex);
}

void iv_people_board_clear(IvPeopleBoard *board, gboolean looks) {
  g_mutex_lock(&board->mutex);
  forget(board);
  board->blind = !looks;
  g_cond_broadcast(&board->changed);
  g_mutex_unlock(&board->mutex);
}

void iv_people_board_close(IvPeopleBoard *board) {
  g_mutex_lock(&board->mutex);
  board->closed = TRUE;
  g_cond_broadcast(&board->changed);
  g_mutex_unlock(&board->mutex);
}

/* ---- what is to be covered, with the mutex ---- */

IvBox iv_cover_box(const IvBox *box) {
  float dx = MAX(MARGIN_X * iv_box_width(box), MARGIN_MIN);
  float dy = MAX(MARGIN_Y * iv_box_height(box), MARGIN_MIN);
  IvBox all = {0, 0, 1, 1};
  IvBox wide = {box->x0 - dx, box->y0 - dy, box->x1 + dx, box->y1 + dy};
  return iv_box_clip(&wide, &all);
}

/* FALSE when there are too many to tell. */
static gboolean gather(const Sight *sight, IvBox *boxes, guint *n) {
  if (sight->too_many || *n + sight->n > IV_COVER_MAX)
    return FALSE;
  for (guint i = 0; i < sight->n; i++)
    boxes[(*n)++] = iv_cover_box(&sight->boxes[i]);
  return TRUE;
}

/* The first sight at or after `ts`; G_MAXINT64 = none. */
static IvTime next_after(const IvPeopleBoard *board, IvTime ts) {
  IvTime next = G_MAXINT64;
  for (guint i = 0; i < board->n; i++) {
    IvTime t = board->sights[(board->newest + SIGHTS - i) % SIGHTS].ts;
    if (t >= ts)
      next = MIN(next, t);
  }
  return next;
}

/* The last sight before `ts`, which holds as long as nothing moves; IV_TIME_NONE = none. */
static IvTime last_before(const IvPeopleBoard *board, IvTime ts) {
  IvTime last = IV_TIME_NONE;
  for (guint i = 0; i < board->n; i++) {
    IvTime t = board->sights[(board->newest + SIGHTS - i) % SIGHTS].ts;
    if (t <= ts && (last == IV_TIME_NONE || t > last))
      last = t;
  }
  return last;
}

static gboolean gather_all(const IvPeopleBoard *board, IvTime ts, IvBox *boxes, guint *ret_n) {
  IvTime until = next_after(board, ts), last = last_before(board, ts);
  IvTime from = last == IV_TIME_NONE ? ts : MIN(ts - IV_COVER_HOLD, last);
  guint n = 0;
  for (guint i = 0; i < board->n; i++) {
    const Sight *sight = &board->sights[(board->newest + SIGHTS - i) % SIGHTS];
    if (sight->ts >= from && sight->ts <= until && !gather(sight, boxes, &n))
      return FALSE;
  }
  if (ABS(board->followed.ts - ts) <= FOLLOW_SPAN && !gather(&board->followed, boxes, &n))
    return FALSE;
  *ret_n = n;
  return TRUE;
}

gboolean iv_people_board_cover(IvPeopleBoard *board, IvTime ts, IvTime deadline,
                               IvBox ret_boxes[IV_COVER_MAX], guint *ret_n) {
  g_mutex_lock(&board->mutex);
  while (!board->closed && !board->blind && deadline > 0 &&
         (board->known == IV_TIME_NONE || board->known < ts) &&
         g_cond_wait_until(&board->changed, &board->mutex, deadline))
    ;
  gboolean is_known = board->known != IV_TIME_NONE && ts <= board->known && ts >= board->since &&
                      gather_all(board, ts, ret_boxes, ret_n);
  g_mutex_unlock(&board->mutex);
  return is_known;
}

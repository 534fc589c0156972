/* SPDX-License-Identifier: Apache-2.0 */
#include "outbox/outbox.h"

#include <string.h>

#include "base/clock.h"
#include "outbox/spool.h"

#define COMMIT_SPAN (50 * IV_MS) /* between two commits, unless COMMIT_EVENTS wait */
#define COMMIT_EVENTS 500
#define DELETE_DELAY IV_SECOND /* answered events wait so long for a commit to go with */
#define LOSS_LOG_SPAN IV_MINUTE
#define RETRY_MIN (100 * IV_MS)
#define RETRY_WRITE_MAX (5 * IV_SECOND)
#define RETRY_SEND_MAX (30 * IV_SECOND)

struct IvOutbox {
  IvSql *spool_writer; /* the writer thread's */
  IvSql *spool_reader; /* the sender thread's */
  const IvLink *link;
  gpointer link_self;
  guint queue_max;
  GThread *writer, *sender;

  GMutex mutex; /* the only one; guards everything below. No disk or network under it */
  GCond wake_writer, wake_sender, settled;
  GPtrArray *incoming; /* of IvEvent, not yet taken by the writer */
  guint in_hand;       /* events the writer is busy with */
  GArray *refusals;    /* of IvSpoolRefusal, for the writer to move aside */
  gint64 committed;    /* number of the last event on disk */
  gint64 answered;     /* number of the last event that was answered for */
  gint64 deleted;      /* up to here they are gone from the disk */
  IvTime answered_at;  /* monotonic: since when there is something to delete */
  gboolean stop_writer, stop_sender;
  IvTime told_of_loss; /* monotonic: when it was logged last; 0 = never */
  IvOutboxStats stats;
};

/* ---- the writer ---- */

/* What one commit is made of. */
typedef struct {
  GPtrArray *events; /* of IvEvent; kept until they are on disk */
  GArray *refusals;
  gint64 answered;
} Load;

static gboolean has_deletes(const IvOutbox *outbox) {
  return outbox->answered > outbox->deleted;
}

/* Mutex held. Waits until a commit is due; FALSE = time to stop, nothing is left. */
static gboolean wait_for_load(IvOutbox *outbox, IvTime last_commit) {
  for (;;) {
    IvTime now = iv_clock_monotonic(), until = -1;
    if (outbox->incoming->len >= COMMIT_EVENTS || outbox->stop_writer)
      return outbox->incoming->len > 0 || has_deletes(outbox);
    if (outbox->incoming->len > 0)
      until = last_commit + COMMIT_SPAN;
    else if (has_deletes(outbox))
      until = outbox->answered_at + DELETE_DELAY;
    if (until >= 0 && until <= now)
      return TRUE;
    if (until >= 0)
      g_cond_wait_until(&outbox->wake_writer, &outbox->mutex, until);
    else
      g_cond_wait(&outbox->wake_writer, &outbox->mutex);
  }
}

/* Mutex held. What was answered for meanwhile can go too, and makes room. */
static void take_answers(IvOutbox *outbox, Load *load) {
  if (outbox->refusals->len > 0)
    g_array_append_vals(load->refusals, outbox->refusals->data, outbox->refusals->len);
  g_array_set_size(outbox->refusals, 0);
  load->answered = outbox->answered;
}

/* Mutex held. */
static void take_load(IvOutbox *outbox, Load *load) {
  guint room = COMMIT_EVENTS - load->events->len;
  guint n = MIN(room, outbox->incoming->len);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add(load->events, g_ptr_array_index(outbox->incoming, i));
  if (n > 0)
    g_ptr_array_remove_range(outbox->incoming, 0, n); /* has no free function: they moved */
  outbox->in_hand = load->events->len;
}

/* Mutex held. */
static void note_written(IvOutbox *outbox, Load *load, gint64 last, guint deleted) {
  outbox->stats.spooled += load->events->len;
  outbox->stats.spooled -= MIN(outbox->stats.spooled, deleted);
  outbox->deleted = load->answered;
  if (load->events->len > 0)
    outbox->committed = last;
  outbox->in_hand = 0;
  outbox->stats.disk_ok = TRUE;
  g_ptr_array_set_size(load->events, 0);
  g_array_set_size(load->refusals, 0);
  g_cond_signal(&outbox->wake_sender);
  g_cond_broadcast(&outbox->settled);
}

/* Mutex held; waits a while, sooner ended by stop. */
static void pause_thread(IvOutbox *outbox, GCond *cond, const gboolean *stop, IvTime span) {
  IvTime until = iv_clock_monotonic() + span;
  while (!*stop && g_cond_wait_until(cond, &outbox->mutex, until))
    ;
}

static gboolean write_load(IvOutbox *outbox, Load *load, gint64 *ret_last, guint *ret_deleted,
                           gboolean was_ok) {
  g_autoptr(GError) error = NULL;
  IvSpoolWrite write = {(IvEvent *const *)load->events->pdata, load->events->len, load->answered,
                        load->refusals, IV_OUTBOX_REFUSED_MAX};
  gboolean ok = iv_spool_write(outbox->spool_writer, &write, ret_last, ret_deleted, &error);
  if (!ok && was_ok)
    g_warning("%s. New events wait in memory (at most %u) until they can be written",
              error->message, outbox->queue_max);
  else if (ok && !was_ok)
    g_message("the outbox can be written again");
  return ok;
}

/* Mutex held on entry and exit. FALSE = the disk refused and we are to stop: the load is lost. */
static gboolean commit_load(IvOutbox *outbox, Load *load) {
  gint64 last = 0;
  guint deleted = 0;
  for (IvTime pause = RETRY_MIN;; pause = MIN(pause * 2, RETRY_WRITE_MAX)) {
    gboolean was_ok = outbox->stats.disk_ok, last_try = outbox->stop_writer;
    take_answers(outbox, load);
    g_mutex_unlock(&outbox->mutex);
    gboolean ok = write_load(outbox, load, &last, &deleted, was_ok);
    g_mutex_lock(&outbox->mutex);
    if (ok) {
      note_written(outbox, load, last, deleted);
      return TRUE;
    }
    outbox->stats.disk_ok = FALSE;
    outbox->stats.write_failures++;
    if (last_try)
      return FALSE;
    pause_thread(outbox, &outbox->wake_writer, &outbox->stop_writer, pause);
  }
}

/* Mutex held: at the end with a full disk. */
static void count_lost(IvOutbox *outbox, Load *load) {
  guint lost = load->events->len + outbox->incoming->len;
  if (lost == 0)
    return;
  outbox->stats.dropped += lost;
  outbox->in_hand = 0;
  g_warning("%u events could not be written before the end and are lost", lost);
}

static gpointer write_events(gpointer user_data) {
  IvOutbox *outbox = user_data;
  Load load = {.events = g_ptr_array_new_with_free_func(g_free),
               .refusals = g_array_new(FALSE, FALSE, sizeof(IvSpoolRefusal))};
  IvTime last_commit = 0;
  g_mutex_lock(&outbox->mutex);
  while (wait_for_load(outbox, last_commit)) {
    take_load(outbox, &load);
    if (!commit_load(outbox, &load)) {
      count_lost(outbox, &load);
      break;
    }
    last_commit = iv_clock_monotonic();
  }
  g_mutex_unlock(&outbox->mutex);
  g_ptr_array_unref(load.events);
  g_array_unref(load.refusals);
  return NULL;
}

/* ---- the sender ---- */

typedef struct {
  GArray *events;   /* of IvEvent */
  GArray *seqs;     /* of gint64, one per event */
  GArray *refusals; /* of IvSpoolRefusal */
  gint64 last;
  IvReceipt receipts[IV_BATCH_MAX];
} Parcel;

/* Mutex held. */
static void note_answered(IvOutbox *outbox, const Parcel *parcel) {
  IvOutboxStats *stats = &outbox->stats;
  for (guint i = 0; i < parcel->events->len; i++) {
    stats->duplicates += parcel->receipts[i].verdict == IV_VERDICT_DUPLICATE;
    stats->late += parcel->receipts[i].verdict == IV_VERDICT_NEW && parcel->receipts[i].late;
  }
  stats->refused += parcel->refusals->len;
  stats->delivered += parcel->events->len;
  stats->link_ok = TRUE;
  stats->oldest_ts = IV_TIME_NONE;
  if (parcel->refusals->len > 0)
    g_array_append_vals(outbox->refusals, parcel->refusals->data, parcel->refusals->len);
  if (!has_deletes(outbox))
    outbox->answered_at = iv_clock_monotonic();
  outbox->answered = parcel->last;
  g_cond_signal(&outbox->wake_writer);
  g_cond_broadcast(&outbox->settled);
}

static void gather_refusals(Parcel *parcel) {
  for (guint i = 0; i < parcel->events->len; i++) {
    if (parcel->receipts[i].verdict != IV_VERDICT_REFUSED)
      continue;
    IvSpoolRefusal refusal = {.seq = g_array_index(parcel->seqs, gint64, i)};
    g_strlcpy(refusal.reason, parcel->receipts[i].reason, sizeof refusal.reason);
    g_array_append_val(parcel->refusals, refusal);
  }
  if (parcel->refusals->len > 0)
    g_warning("%u events were refused, one because: %s; they are kept aside in outbox.db, table "
              "refused",
              parcel->refusals->len, g_array_index(parcel->refusals, IvSpoolRefusal, 0).reason);
}

static gboolean read_parcel(IvOutbox *outbox, Parcel *parcel, gint64 after, gint64 committed,
                            GError **error) {
  g_array_set_size(parcel->events, 0);
  g_array_set_size(parcel->seqs, 0);
  g_array_set_size(parcel->refusals, 0);
  parcel->last = after;
  if (!iv_spool_read(outbox->spool_reader, after, IV_BATCH_MAX, parcel->events, parcel->seqs,
                     parcel->refusals, &parcel->last, error))
    return FALSE;
  if (parcel->last == after) /* numbers without rows: they were answered by an earlier process */
    parcel->last = committed;
  return TRUE;
}

static gboolean deliver_parcel(IvOutbox *outbox, Parcel *parcel, GError **error) {
  if (parcel->events->len == 0)
    return TRUE;
  const IvEvent *events = &g_array_index(parcel->events, IvEvent, 0);
  g_mutex_lock(&outbox->mutex);
  outbox->stats.oldest_ts = events[0].ts;
  g_mutex_unlock(&outbox->mutex);
  return outbox->link->deliver(outbox->link_self, events, parcel->events->len, parcel->receipts,
                               error);
}

static gboolean send_parcel(IvOutbox *outbox, Parcel *parcel, gint64 after, gint64 committed,
                            gboolean was_ok) {
  g_autoptr(GError) error = NULL;
  gboolean ok = read_parcel(outbox, parcel, after, committed, &error) &&
                deliver_parcel(outbox, parcel, &error);
  if (ok)
    gather_refusals(parcel);
  if (!ok && was_ok)
    g_warning("events can't be delivered: %s. They are kept and sent again", error->message);
  else if (ok && !was_ok)
    g_message("events are delivered again");
  return ok;
}

/* Mutex held. FALSE = stop. */
static gboolean wait_for_parcel(IvOutbox *outbox) {
  while (!outbox->stop_sender && outbox->committed <= outbox->answered)
    g_cond_wait(&outbox->wake_sender, &outbox->mutex);
  return !outbox->stop_sender;
}

static gpointer send_events(gpointer user_data) {
  IvOutbox *outbox = user_data;
  Parcel *parcel = g_new0(Parcel, 1);
  IvTime pause = RETRY_MIN;
  parcel->events = g_array_new(FALSE, FALSE, sizeof(IvEvent));
  parcel->seqs = g_array_new(FALSE, FALSE, sizeof(gint64));
  parcel->refusals = g_array_new(FALSE, FALSE, sizeof(IvSpoolRefusal));
  g_mutex_lock(&outbox->mutex);
  while (wait_for_parcel(outbox)) {
    gint64 after = outbox->answered, committed = outbox->committed;
    gboolean was_ok = outbox->stats.link_ok;
    g_mutex_unlock(&outbox->mutex);
    gboolean ok = send_parcel(outbox, parcel, after, committed, was_ok);
    g_mutex_lock(&outbox->mutex);
    if (ok) {
      note_answered(outbox, parcel);
      pause = RETRY_MIN;
      continue;
    }
    outbox->stats.link_ok = FALSE;
    outbox->stats.send_failures++;
    pause_thread(outbox, &outbox->wake_sender, &outbox->stop_sender, pause);
    pause = MIN(pause * 2, RETRY_SEND_MAX);
  }
  g_mutex_unlock(&outbox->mutex);
  g_array_unref(parcel->events);
  g_array_unref(parcel->seqs);
  g_array_unref(parcel->refusals);
  g_free(parcel);
  return NULL;
}

/* ---- life ---- */

static IvOutbox *outbox_new(const IvOutboxOptions *options) {
  IvOutbox *outbox = g_new0(IvOutbox, 1);
  outbox->link = options->link;
  outbox->link_self = options->link_self;
  outbox->queue_max = options->queue_max ? options->queue_max : IV_OUTBOX_QUEUE_MAX;
  outbox->incoming = g_ptr_array_new();
  outbox->refusals = g_array_new(FALSE, FALSE, sizeof(IvSpoolRefusal));
  outbox->stats.oldest_ts = IV_TIME_NONE;
  outbox->stats.disk_ok = outbox->stats.link_ok = TRUE;
  g_mutex_init(&outbox->mutex);
  g_cond_init(&outbox->wake_writer);
  g_cond_init(&outbox->wake_sender);
  g_cond_init(&outbox->settled);
  return outbox;
}

static void outbox_free(IvOutbox *outbox) {
  g_ptr_array_foreach(outbox->incoming, (GFunc)(void (*)(void))g_free, NULL);
  g_ptr_array_unref(outbox->incoming);
  g_array_unref(outbox->refusals);
  iv_sql_close(outbox->spool_reader);
  iv_sql_close(outbox->spool_writer); /* last, so that it tidies the log away */
  g_cond_clear(&outbox->settled);
  g_cond_clear(&outbox->wake_sender);
  g_cond_clear(&outbox->wake_writer);
  g_mutex_clear(&outbox->mutex);
  g_free(outbox);
}

static gboolean open_spool(IvOutbox *outbox, const IvOutboxOptions *options, GError **error) {
  guint64 bytes = options->spool_bytes ? options->spool_bytes : IV_OUTBOX_SPOOL_BYTES;
  outbox->spool_writer = iv_spool_open(options->path, bytes, error);
  if (!outbox->spool_writer ||
      !iv_spool_count(outbox->spool_writer, &outbox->stats.spooled, &outbox->committed, error))
    return FALSE;
  outbox->spool_reader = iv_sql_open(options->path, IV_SQL_READ, error);
  if (outbox->stats.spooled == 0)
    outbox->answered = outbox->deleted = outbox->committed;
  return outbox->spool_reader != NULL;
}

IvOutbox *iv_outbox_open(const IvOutboxOptions *options, GError **error) {
  IvOutbox *outbox = outbox_new(options);
  if (!open_spool(outbox, options, error)) {
    outbox_free(outbox);
    return NULL;
  }
  outbox->writer = g_thread_new("iv-outbox", write_events, outbox);
  if (outbox->link)
    outbox->sender = g_thread_new("iv-sender", send_events, outbox);
  return outbox;
}

static void stop_thread(IvOutbox *outbox, gboolean *stop, GCond *cond, GThread *thread) {
  g_mutex_lock(&outbox->mutex);
  *stop = TRUE;
  g_cond_broadcast(cond);
  g_mutex_unlock(&outbox->mutex);
  if (thread)
    g_thread_join(thread);
}

void iv_outbox_close(IvOutbox *outbox) {
  if (!outbox)
    return;
  /* The sender first: the writer then still deletes what was answered for. */
  stop_thread(outbox, &outbox->stop_sender, &outbox->wake_sender, outbox->sender);
  stop_thread(outbox, &outbox->stop_writer, &outbox->wake_writer, outbox->writer);
  outbox_free(outbox);
}

/* ---- what others call ---- */

/* Mutex held. Loss goes on for hours; its log does not. */
static gboolean is_time_to_tell(IvOutbox *outbox) {
  IvTime now = iv_clock_monotonic();
  if (outbox->told_of_loss && now - outbox->told_of_loss < LOSS_LOG_SPAN)
    return FALSE;
  outbox->told_of_loss = now;
  return TRUE;
}

guint iv_outbox_append(IvOutbox *outbox, const IvEvent *events, guint n) {
  g_mutex_lock(&outbox->mutex);
  guint waiting = outbox->incoming->len + outbox->in_hand;
  guint room = outbox->queue_max - MIN(outbox->queue_max, waiting);
  guint taken = outbox->stop_writer ? 0 : MIN(n, room);
  for (guint i = 0; i < taken; i++)
    g_ptr_array_add(outbox->incoming, g_memdup2(&events[i], sizeof events[i]));
  outbox->stats.appended += taken;
  outbox->stats.dropped += n - taken;
  guint64 lost = taken < n && is_time_to_tell(outbox) ? outbox->stats.dropped : 0;
  g_cond_signal(&outbox->wake_writer);
  g_mutex_unlock(&outbox->mutex);
  if (lost > 0)
    g_warning("events can't be written and %u wait in memory already: new ones are dropped "
              "(%" G_GUINT64_FORMAT " since the start); make room on the disk",
              outbox->queue_max, lost);
  return n - taken;
}

/* Mutex held. */
static gboolean is_settled(const IvOutbox *outbox) {
  return outbox->incoming->len == 0 && outbox->in_hand == 0 &&
         (!outbox->link || outbox->answered >= outbox->committed);
}

gboolean iv_outbox_drain(IvOutbox *outbox, IvTime timeout) {
  IvTime until = iv_clock_monotonic() + timeout;
  g_mutex_lock(&outbox->mutex);
  while (!is_settled(outbox))
    if (!g_cond_wait_until(&outbox->settled, &outbox->mutex, until))
      break;
  gboolean settled = is_settled(outbox);
  g_mutex_unlock(&outbox->mutex);
  return settled;
}

void iv_outbox_stats(IvOutbox *outbox, IvOutboxStats *ret_stats) {
  g_mutex_lock(&outbox->mutex);
  *ret_stats = outbox->stats;
  ret_stats->queued = outbox->incoming->len + outbox->in_hand;
  g_mutex_unlock(&outbox->mutex);
}

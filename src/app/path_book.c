/* SPDX-License-Identifier: Apache-2.0 */
#include "app/path_book.h"

#include "base/queue.h"

#define BATCH_MAX 64
#define RETRY_SPAN (2 * IV_SECOND)

struct IvPathBook {
  IvStore *store;
  const char *store_id;
  IvQueue *queue; /* IvPathRow */
  GThread *thread;
  GMutex mutex;
  IvPathBookStats stats; /* under `mutex` */
};

static void row_free(gpointer p) {
  iv_path_row_clear(p);
  g_free(p);
}

typedef struct {
  const char *store_id;
  const GPtrArray *rows;
} Batch;

/* A camera that is not in the database any more takes nobody else's pieces with it. */
static gboolean put(IvSql *sql, gpointer arg, GError **error) {
  const Batch *batch = arg;
  for (guint i = 0; i < batch->rows->len; i++) {
    GError *wrong = NULL;
    if (iv_paths_put(sql, batch->store_id, batch->rows->pdata[i], &wrong))
      continue;
    if (!g_error_matches(wrong, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND)) {
      g_propagate_error(error, wrong);
      return FALSE;
    }
    g_clear_error(&wrong);
  }
  return TRUE;
}

static void note(IvPathBook *book, const GPtrArray *rows, gboolean stored) {
  g_mutex_lock(&book->mutex);
  for (guint i = 0; stored && i < rows->len; i++)
    book->stats.bytes += ((const IvPathRow *)rows->pdata[i])->n;
  *(stored ? &book->stats.stored : &book->stats.dropped) += rows->len;
  g_mutex_unlock(&book->mutex);
}

/* Again and again until it works; at the end once more. */
static void store_batch(IvPathBook *book, const GPtrArray *rows) {
  Batch batch = {book->store_id, rows};
  gboolean told = FALSE;
  for (;;) {
    g_autoptr(GError) error = NULL;
    gboolean last = iv_queue_is_closed(book->queue);
    if (iv_store_write(book->store, put, &batch, &error)) {
      note(book, rows, TRUE);
      return;
    }
    if (!told)
      g_warning("trajectories cannot be stored: %s", error->message);
    told = TRUE;
    if (last) {
      note(book, rows, FALSE);
      return;
    }
    gint64 until = g_get_monotonic_time() + RETRY_SPAN;
    while (!iv_queue_is_closed(book->queue) && g_get_monotonic_time() < until)
      g_usleep(50 * IV_MS);
  }
}

static gpointer run(gpointer user_data) {
  IvPathBook *book = user_data;
  for (IvPathRow *row; (row = iv_queue_pop(book->queue, -1));) {
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(row_free);
    g_ptr_array_add(rows, row);
    while (rows->len < BATCH_MAX && (row = iv_queue_pop(book->queue, 0)))
      g_ptr_array_add(rows, row);
    store_batch(book, rows);
  }
  return NULL;
}

IvPathBook *iv_path_book_new(IvStore *store, const char *store_id) {
  IvPathBook *book = g_new0(IvPathBook, 1);
  book->store = store;
  book->store_id = store_id;
  book->queue = iv_queue_new(IV_PATH_BOOK_QUEUE, row_free);
  g_mutex_init(&book->mutex);
  book->thread = g_thread_new("paths", run, book);
  return book;
}

void iv_path_book_free(IvPathBook *book) {
  if (!book)
    return;
  iv_queue_close(book->queue);
  g_thread_join(book->thread);
  iv_queue_free(book->queue);
  g_mutex_clear(&book->mutex);
  g_free(book);
}

void iv_path_book_put(IvPathBook *book, const IvSlug *camera_id, IvPathPiece *piece) {
  IvPathRow *row = g_new0(IvPathRow, 1);
  *row = (IvPathRow){*camera_id, piece->from, piece->to, piece->track_us, piece->bytes, piece->n};
  *piece = (IvPathPiece){.lost = piece->lost};
  guint dropped = iv_queue_push(book->queue, row);
  g_mutex_lock(&book->mutex);
  book->stats.dropped += dropped;
  book->stats.points_lost += piece->lost;
  g_mutex_unlock(&book->mutex);
}

void iv_path_book_stats(IvPathBook *book, IvPathBookStats *ret_stats) {
  g_mutex_lock(&book->mutex);
  *ret_stats = book->stats;
  g_mutex_unlock(&book->mutex);
  ret_stats->queued = iv_queue_length(book->queue);
}

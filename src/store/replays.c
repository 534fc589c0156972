/* SPDX-License-Identifier: Apache-2.0 */
#include "store/replays.h"

#include <string.h>

#include "store/lookup.h"

static const char *const state_names[IV_REPLAY_STATES] = {
    [IV_REPLAY_WAITING] = "waiting",
    [IV_REPLAY_WORKING] = "working",
    [IV_REPLAY_DONE] = "done",
    [IV_REPLAY_FAILED] = "failed",
};

const char *iv_replay_state_name(IvReplayState state) {
  return state_names[state];
}

static IvReplayState state_of(const char *name) {
  for (int i = 0; i < IV_REPLAY_STATES; i++)
    if (strcmp(state_names[i], name) == 0)
      return (IvReplayState)i;
  return IV_REPLAY_FAILED;
}

void iv_replay_wish_clear(IvReplayWish *wish) {
  g_clear_pointer(&wish->asked_by, g_free);
  g_clear_pointer(&wish->what, g_free);
  g_clear_pointer(&wish->reason, g_free);
  g_clear_pointer(&wish->result, g_free);
}

static void clear_item(gpointer wish) {
  iv_replay_wish_clear(wish);
}

/* ---- writing ---- */

static gboolean check_room(IvSql *sql, gint64 store, GError **error) {
  gint64 n = 0;
  IvStatement *st = iv_sql_statement(sql, "SELECT count(*) FROM replays WHERE store_no = $1 AND "
                                          "state IN ('waiting', 'working')");
  iv_bind_int(st, store);
  if (!iv_lookup_int(st, 0, &n, error))
    return FALSE;
  if (n < IV_REPLAYS_WAITING_MAX)
    return TRUE;
  g_set_error(error, IV_STORE_ERROR, IV_STORE_ERROR_CONFLICT,
              "%d replays wait already; try again when some are done, or delete some.",
              IV_REPLAYS_WAITING_MAX);
  return FALSE;
}

static gboolean forget_old(IvSql *sql, gint64 store, GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "DELETE FROM replays WHERE store_no = $1 AND state IN ('done', 'failed') AND replay_no "
           "NOT IN (SELECT replay_no FROM replays WHERE store_no = $1 ORDER BY replay_no DESC "
           "LIMIT $2)");
  iv_bind_int(st, store);
  iv_bind_int(st, IV_REPLAYS_KEPT_MAX);
  return iv_step_done(st, error);
}

gboolean iv_replays_add(IvSql *sql, const char *store_id, IvReplayWish *wish, GError **error) {
  IvStoreKey store;
  gint64 camera;
  if (!iv_lookup_store(sql, store_id, &store, error) || !check_room(sql, store.no, error) ||
      (wish->camera[0] && !iv_lookup_camera(sql, store.no, wish->camera, &camera, error)))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      sql, "INSERT INTO replays (store_no, asked_ts, asked_by, from_ts, to_ts, camera, what, "
           "state, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', '')");
  iv_bind_int(st, store.no);
  iv_bind_time(st, wish->asked);
  iv_bind_text(st, wish->asked_by);
  iv_bind_time(st, wish->from);
  iv_bind_time(st, wish->to);
  iv_bind_text(st, wish->camera);
  iv_bind_text(st, wish->what);
  if (!iv_step_done(st, error))
    return FALSE;
  wish->no = iv_sql_last_row(sql);
  return forget_old(sql, store.no, error);
}

gboolean iv_replays_recover(IvSql *sql, const char *store_id, GError **error) {
  IvStoreKey store;
  if (!iv_lookup_store(sql, store_id, &store, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      sql, "UPDATE replays SET state = 'waiting' WHERE store_no = $1 AND state = 'working'");
  iv_bind_int(st, store.no);
  return iv_step_done(st, error);
}

gboolean iv_replays_settle(IvSql *sql, const IvReplayWish *wish, gboolean *ret_fits,
                           GError **error) {
  IvStatement *st = iv_sql_statement(
      sql, "UPDATE replays SET state = $1, reason = $2, result = $3 WHERE replay_no = $4");
  iv_bind_text(st, state_names[wish->state]);
  iv_bind_text(st, wish->reason ? wish->reason : "");
  iv_bind_text(st, wish->result);
  iv_bind_int(st, wish->no);
  if (!iv_step_done(st, error))
    return FALSE;
  *ret_fits = iv_sql_changes(sql) == 1;
  return TRUE;
}

gboolean iv_replays_remove(IvSql *sql, const char *store_id, gint64 no, gboolean *ret_fits,
                           GError **error) {
  IvStoreKey store;
  if (!iv_lookup_store(sql, store_id, &store, error))
    return FALSE;
  IvStatement *st =
      iv_sql_statement(sql, "DELETE FROM replays WHERE store_no = $1 AND replay_no = $2");
  iv_bind_int(st, store.no);
  iv_bind_int(st, no);
  if (!iv_step_done(st, error))
    return FALSE;
  *ret_fits = iv_sql_changes(sql) == 1;
  return TRUE;
}

/* ---- reading ---- */

#define COLUMNS "replay_no, asked_ts, asked_by, from_ts, to_ts, camera, what, state, reason, "

static IvReplayWish read_wish(IvStatement *st) {
  IvReplayWish wish = {.no = iv_column_int(st, 0),
                       .asked = iv_column_time(st, 1),
                       .asked_by = g_strdup(iv_column_text(st, 2)),
                       .from = iv_column_time(st, 3),
                       .to = iv_column_time(st, 4),
                       .what = g_strdup(iv_column_text(st, 6)),
                       .state = state_of(iv_column_text(st, 7)),
                       .reason = g_strdup(iv_column_text(st, 8)),
                       .result = iv_column_is_null(st, 9) ? NULL : g_strdup(iv_column_text(st, 9))};
  g_strlcpy(wish.camera, iv_column_text(st, 5), sizeof wish.camera);
  return wish;
}

GArray *iv_replays_list(IvStore *store, const char *store_id, gboolean waiting, IvTime deadline,
                        GError **error) {
  IvStoreKey key;
  g_autoptr(GError) wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return NULL;
  g_autoptr(GArray) list = g_array_new(FALSE, TRUE, sizeof(IvReplayWish));
  g_array_set_clear_func(list, clear_item);
  IvStatement *st = iv_sql_statement(
      read.sql, waiting ? "SELECT " COLUMNS "NULL FROM replays WHERE store_no = $1 AND state = "
                          "'waiting' ORDER BY replay_no"
                        : "SELECT " COLUMNS "NULL FROM replays WHERE store_no = $1 ORDER BY "
                          "replay_no DESC");
  iv_bind_int(st, key.no);
  while (iv_step_row(st, &wrong)) {
    IvReplayWish wish = read_wish(st);
    g_array_append_val(list, wish);
  }
  if (!wrong)
    return g_steal_pointer(&list);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

gboolean iv_replays_get(IvStore *store, const char *store_id, gint64 no, IvTime deadline,
                        IvReplayWish *ret_wish, GError **error) {
  IvStoreKey key;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, deadline, error);
  if (!read.sql || !iv_lookup_store(read.sql, store_id, &key, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(read.sql, "SELECT " COLUMNS "result FROM replays WHERE "
                                               "store_no = $1 AND replay_no = $2");
  iv_bind_int(st, key.no);
  iv_bind_int(st, no);
  if (!iv_step_row(st, error))
    return FALSE;
  *ret_wish = read_wish(st);
  iv_statement_reset(st);
  return TRUE;
}

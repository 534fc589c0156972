/* SPDX-License-Identifier: Apache-2.0 */
#include "store/simulations.h"

#include <string.h>

#include "store/lookup.h"

static gboolean refuse(GError **error, const char *message) {
  g_set_error_literal(error, IV_STORE_ERROR, IV_STORE_ERROR_CONFLICT, message);
  return FALSE;
}

static gboolean ask(IvSql *sql, const char *text, gboolean *ret_any, GError **error) {
  gint64 any = 0;
  if (!iv_lookup_int(iv_sql_statement(sql, text), 0, &any, error))
    return FALSE;
  *ret_any = any != 0;
  return TRUE;
}

static void read_simulation(IvStatement *st, IvSimulation *ret_simulation) {
  *ret_simulation = (IvSimulation){
      .seed = iv_column_int(st, 2), .from = iv_column_time(st, 3), .until = iv_column_time(st, 4)};
  g_strlcpy(ret_simulation->scenario, iv_column_text(st, 0), sizeof ret_simulation->scenario);
  g_strlcpy(ret_simulation->digest, iv_column_text(st, 1), sizeof ret_simulation->digest);
}

/* A store without a single event or receipt is of no sort yet. */
static gboolean check_real(IvSql *sql, GError **error) {
  gboolean any;
  if (!ask(sql,
           "SELECT EXISTS (SELECT 1 FROM stores s WHERE NOT EXISTS (SELECT 1 FROM simulations m "
           "WHERE m.store_no = s.store_no) AND (EXISTS (SELECT 1 FROM events e WHERE e.store_no = "
           "s.store_no) OR EXISTS (SELECT 1 FROM transactions t WHERE t.store_no = s.store_no)))",
           &any, error))
    return FALSE;
  return !any || refuse(error, "it holds real counts; a simulated store needs a folder of its own");
}

static gboolean check_same(IvSql *sql, const IvSimulation *wanted, GError **error) {
  g_autoptr(GError) wrong = NULL;
  gboolean same = TRUE;
  IvStatement *st =
      iv_sql_statement(sql, "SELECT scenario, digest, seed, from_ts, until_ts FROM simulations");
  while (iv_step_row(st, &wrong)) {
    IvSimulation there;
    read_simulation(st, &there);
    same = same && there.seed == wanted->seed && strcmp(there.digest, wanted->digest) == 0;
  }
  if (wrong) {
    g_propagate_error(error, g_steal_pointer(&wrong));
    return FALSE;
  }
  return same || refuse(error, "it holds another simulated store, or the same with another seed; "
                               "take another folder, or the same scenario and seed");
}

gboolean iv_simulations_check(IvStore *store, const IvSimulation *wanted, GError **error) {
  gboolean any;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql)
    return FALSE;
  if (wanted)
    return check_real(read.sql, error) && check_same(read.sql, wanted, error);
  if (!ask(read.sql, "SELECT EXISTS (SELECT 1 FROM simulations)", &any, error))
    return FALSE;
  return !any || refuse(error, "it holds a simulated store; real cameras need a folder of their "
                               "own (or start it with its simulate.scenario)");
}

typedef struct {
  const char *store_id;
  const IvSimulation *simulation;
  IvTime until;
} Job;

static gboolean begin(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  IvStoreKey key;
  if (!iv_lookup_store(sql, job->store_id, &key, error))
    return FALSE;
  IvStatement *st = iv_sql_statement(
      sql, "INSERT OR IGNORE INTO simulations (store_no, scenario, digest, seed, from_ts, until_ts)"
           " VALUES ($1, $2, $3, $4, $5, $6)");
  iv_bind_int(st, key.no);
  iv_bind_text(st, job->simulation->scenario);
  iv_bind_text(st, job->simulation->digest);
  iv_bind_int(st, job->simulation->seed);
  iv_bind_time(st, job->simulation->from);
  iv_bind_time(st, job->simulation->until);
  return iv_step_done(st, error);
}

gboolean iv_simulations_begin(IvStore *store, const char *store_id, const IvSimulation *simulation,
                              GError **error) {
  Job job = {.store_id = store_id, .simulation = simulation};
  return iv_store_write(store, begin, &job, error);
}

static gboolean advance(IvSql *sql, gpointer arg, GError **error) {
  const Job *job = arg;
  IvStatement *st =
      iv_sql_statement(sql, "UPDATE simulations SET until_ts = max(until_ts, $1) "
                            "WHERE store_no = (SELECT store_no FROM stores WHERE id = $2)");
  iv_bind_time(st, job->until);
  iv_bind_text(st, job->store_id);
  return iv_step_done(st, error);
}

gboolean iv_simulations_advance(IvStore *store, const char *store_id, IvTime until,
                                GError **error) {
  Job job = {.store_id = store_id, .until = until};
  return iv_store_write(store, advance, &job, error);
}

gboolean iv_simulations_get(IvStore *store, const char *store_id, IvSimulation *ret_simulation,
                            GError **error) {
  g_autoptr(GError) wrong = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, error);
  if (!read.sql)
    return FALSE;
  IvStatement *st = iv_sql_statement(
      read.sql, "SELECT m.scenario, m.digest, m.seed, m.from_ts, m.until_ts FROM simulations m "
                "JOIN stores s ON s.store_no = m.store_no WHERE s.id = $1");
  iv_bind_text(st, store_id);
  if (iv_step_row(st, &wrong)) {
    read_simulation(st, ret_simulation);
    iv_statement_reset(st);
    return TRUE;
  }
  if (wrong)
    g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <string.h>

#include "api/auth/password.h"
#include "api/auth/token.h"
#include "api/net/pool.h"
#include "api/net/request.h"
#include "api/routes/looks.h"
#include "base/clock.h"
#include "base/throttle.h"
#include "store/audit.h"
#include "store/store.h"
#include "store/users.h"

/* What stands between a stranger and the rest. */

static void test_throttle(void) {
  g_autoptr(IvThrottle) throttle = iv_throttle_new(2);
  IvTime now = 1000 * IV_SECOND;
  g_assert_cmpint(iv_throttle_wait(throttle, "a", now), ==, 0);
  static const IvTime waits[] = {0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300};
  for (gsize i = 0; i < G_N_ELEMENTS(waits); i++) {
    iv_throttle_attempt(throttle, "a", now);
    g_assert_cmpint(iv_throttle_wait(throttle, "a", now), ==, waits[i] * IV_SECOND);
  }
  g_assert_cmpint(iv_throttle_wait(throttle, "a", now + 299 * IV_SECOND), ==, IV_SECOND);
  g_assert_cmpint(iv_throttle_wait(throttle, "a", now + 301 * IV_SECOND), ==, 0);
  g_assert_cmpint(iv_throttle_wait(throttle, "b", now), ==, 0);
  iv_throttle_attempt(throttle, "a", now + IV_THROTTLE_FORGET + IV_SECOND);
  g_assert_cmpint(iv_throttle_wait(throttle, "a", now + IV_THROTTLE_FORGET + IV_SECOND), ==, 0);
  for (int i = 0; i < 3; i++)
    iv_throttle_attempt(throttle, "c", now);
  iv_throttle_take_back(throttle, "c");
  g_assert_cmpint(iv_throttle_wait(throttle, "c", now), ==, 0);
  iv_throttle_attempt(throttle, "c", now);
  iv_throttle_clear(throttle, "c");
  iv_throttle_attempt(throttle, "c", now);
  g_assert_cmpint(iv_throttle_wait(throttle, "c", now), ==, 0);
}

static void test_throttle_is_bounded(void) {
  g_autoptr(IvThrottle) throttle = iv_throttle_new(0);
  iv_throttle_attempt(throttle, "kept", 2000000 * IV_SECOND);
  for (int i = 0; i < IV_THROTTLE_KEYS_MAX + 10; i++) {
    g_autofree char *key = g_strdup_printf("%d", i);
    iv_throttle_attempt(throttle, key, (1000000 + i) * IV_SECOND);
  }
  g_assert_cmpint(iv_throttle_wait(throttle, "0", 1000000 * IV_SECOND), ==, 0); /* forgotten */
  g_assert_cmpint(iv_throttle_wait(throttle, "kept", 2000000 * IV_SECOND), ==, IV_SECOND);
}

static void test_tokens(void) {
  IvToken token, again;
  guint8 hash[IV_TOKEN_HASH_BYTES], hash_again[IV_TOKEN_HASH_BYTES];
  iv_token_make(&token);
  g_autofree char *cookie = iv_token_to_cookie(&token, FALSE);
  char *end = strchr(cookie, ';');
  g_assert_nonnull(strstr(end, "HttpOnly"));
  *end = '\0';
  g_autofree char *cookies = g_strdup_printf("a=b; %s;c=d", cookie);
  g_assert_true(iv_token_from_cookies(cookies, &again));
  g_assert_cmpstr(token.text, ==, again.text);
  iv_token_hash(&token, hash);
  iv_token_hash(&again, hash_again);
  g_assert_cmpmem(hash, sizeof hash, hash_again, sizeof hash_again);
  iv_token_make(&again);
  g_assert_cmpstr(token.text, !=, again.text);
  g_assert_false(iv_token_from_cookies(NULL, &again));
  g_assert_false(iv_token_from_cookies("xinveye_session=aaaa", &again));
}

static void test_passwords(void) {
  char hash[IV_PASSWORD_HASH_MAX];
  char *made = iv_password_make();
  g_assert_null(iv_password_fault(made, "admin"));
  g_assert_true(iv_password_hash(made, hash));
  g_assert_true(g_str_has_prefix(hash, "$argon2id$"));
  g_assert_true(iv_password_verify(hash, made));
  g_assert_false(iv_password_verify(hash, "something else"));
  g_assert_false(iv_password_verify(NULL, made));
  g_assert_false(iv_password_verify("not a hash", made));
  g_assert_false(iv_password_is_outdated(hash));
  iv_password_free(made);
  iv_password_free(NULL);
}

static void test_origin(void) {
  static const struct {
    const char *origin, *host, *site;
    gboolean same;
  } cases[] = {
      {NULL, "a:8080", NULL, TRUE},
      {"http://a:8080", "a:8080", NULL, TRUE},
      {"https://A:8080", "a:8080", "same-origin", TRUE},
      {"http://a", "a:8080", NULL, FALSE},
      {"http://a:8080.evil", "a:8080", NULL, FALSE},
      {"null", "a:8080", NULL, FALSE},
      {"http://a:8080", NULL, NULL, FALSE},
      {"http://a:8080", "a:8080", "cross-site", FALSE},
      {NULL, "a:8080", "cross-site", FALSE},
      {NULL, "a:8080", "none", TRUE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(IvRequest) request = iv_request_new();
    request->headers[IV_HEADER_ORIGIN] = g_strdup(cases[i].origin);
    request->headers[IV_HEADER_HOST] = g_strdup(cases[i].host);
    request->headers[IV_HEADER_SEC_FETCH_SITE] = g_strdup(cases[i].site);
    g_assert_cmpint(iv_request_is_same_origin(request), ==, cases[i].same);
  }
}

static void test_looks(void) {
  g_autoptr(IvLooks) looks = iv_looks_new();
  g_assert_true(iv_looks_is_new(looks, "s", "a", 0));
  g_assert_false(iv_looks_is_new(looks, "s", "a", IV_LOOKS_AGAIN - 1));
  g_assert_true(iv_looks_is_new(looks, "s", "b", 1));
  g_assert_true(iv_looks_is_new(looks, "t", "a", 1));
  g_assert_true(iv_looks_is_new(looks, "s", "a", IV_LOOKS_AGAIN));
  iv_looks_forget(looks, "s", "a");
  g_assert_true(iv_looks_is_new(looks, "s", "a", IV_LOOKS_AGAIN));
}

/* --- the pool --- */

typedef struct {
  IvWork work;
  gint *heavy_now, *heavy_most, *done, *late;
  GMutex *gate; /* held by the test until everything is submitted */
} Job;

static void run_job(IvWork *work, gpointer worker, gboolean late) {
  Job *job = (Job *)work;
  (void)worker;
  g_mutex_lock(job->gate);
  g_mutex_unlock(job->gate);
  if (late)
    g_atomic_int_inc(job->late);
  if (work->weight == IV_WORK_HEAVY) {
    gint now = g_atomic_int_add(job->heavy_now, 1) + 1;
    for (gint most = g_atomic_int_get(job->heavy_most);
         now > most && !g_atomic_int_compare_and_exchange(job->heavy_most, most, now);)
      most = g_atomic_int_get(job->heavy_most);
    g_thread_yield();
    g_atomic_int_add(job->heavy_now, -1);
  }
  g_atomic_int_inc(job->done);
}

static void free_job(IvWork *work) {
  g_free(work);
}

static void test_pool(void) {
  static const IvPoolCalls no_calls = {NULL, NULL, NULL};
  gint heavy_now = 0, heavy_most = 0, done = 0, late = 0;
  GMutex gate;
  g_mutex_init(&gate);
  g_mutex_lock(&gate);
  g_autoptr(IvPool) pool = iv_pool_new(IV_POOL_WORKERS_MIN, 64, &no_calls);
  guint taken = 0, refused = 0;
  for (guint i = 0; i < 100; i++) {
    Job *job = g_new0(Job, 1);
    iv_work_init(&job->work);
    job->work.weight = i % 3 == 0 ? IV_WORK_HEAVY : IV_WORK_LIGHT;
    job->work.deadline = i == 1 ? 0 : G_MAXINT64;
    job->work.run = run_job;
    job->work.free = free_job;
    job->heavy_now = &heavy_now, job->heavy_most = &heavy_most;
    job->done = &done, job->late = &late, job->gate = &gate;
    *(iv_pool_submit(pool, &job->work) ? &taken : &refused) += 1;
    iv_work_unref(&job->work);
  }
  g_assert_cmpuint(taken, >=, 60);
  g_assert_cmpuint(refused, >=, 20);
  g_mutex_unlock(&gate);
  iv_pool_stop(pool);
  g_assert_cmpint(done, ==, taken); /* also those that waited */
  g_assert_cmpint(late, >=, 1);
  g_assert_cmpint(heavy_most, <=, IV_POOL_HEAVY_MAX);
  IvPoolStats stats;
  iv_pool_stats(pool, &stats);
  g_assert_cmpuint(stats.refused, ==, refused);
  g_mutex_clear(&gate);
}

/* --- the audit log --- */

static gboolean add_entries(IvSql *sql, gpointer arg, GError **error) {
  for (int i = 0; i < GPOINTER_TO_INT(arg); i++) {
    IvAuditEntry entry = {.ts = (i + 1) * IV_SECOND,
                          .action = IV_AUDIT_LOGIN,
                          .actor = "a\xff",
                          .subject = i % 2 ? "x" : "",
                          .address = "",
                          .store_id = i % 3 ? "s" : NULL};
    if (!iv_audit_add(sql, &entry, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean prune(IvSql *sql, gpointer arg, GError **error) {
  return iv_audit_prune(sql, 6 * IV_SECOND, 1000, 100 * IV_SECOND, arg, error);
}

static gboolean tamper(IvSql *sql, gpointer arg, GError **error) {
  return iv_sql_script(sql, arg, error);
}

static gint64 first_broken(IvStore *store) {
  gint64 broken = -1;
  g_auto(IvStoreRead) read = iv_store_read_begin(store, IV_TIME_NONE, NULL);
  g_assert_true(iv_audit_verify(read.sql, &broken, NULL));
  return broken;
}

static void test_audit_chain(void) {
  g_autofree char *folder = g_dir_make_tmp("inveye-audit-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "inveye.db", NULL);
  g_autoptr(GError) error = NULL;
  IvStore *store = iv_store_open(path, &error);
  g_assert_no_error(error);
  g_assert_cmpint(first_broken(store), ==, 0);
  g_assert_true(iv_store_write(store, add_entries, GINT_TO_POINTER(10), &error));
  g_assert_cmpint(first_broken(store), ==, 0);
  g_assert_false(
      iv_store_write(store, tamper, (gpointer) "UPDATE audit_log SET actor = 'b'", NULL));
  g_assert_false(iv_store_write(store, tamper, (gpointer) "DELETE FROM audit_log", NULL));
  guint deleted = 0;
  g_assert_true(iv_store_write(store, prune, &deleted, &error));
  g_assert_cmpuint(deleted, ==, 5);
  g_assert_cmpint(first_broken(store), ==, 0);
  g_assert_false(iv_store_write(store, tamper, (gpointer) "DELETE FROM audit_log", NULL));
  static const char around[] = "DROP TRIGGER audit_log_no_update;"
                               "UPDATE audit_log SET actor = 'b' WHERE id = 8";
  g_assert_true(iv_store_write(store, tamper, (gpointer)around, &error));
  g_assert_cmpint(first_broken(store), ==, 8);
  static const char hole[] = "DROP TRIGGER audit_log_no_delete; DELETE FROM audit_log WHERE id = 7";
  g_assert_true(iv_store_write(store, tamper, (gpointer)hole, &error));
  g_assert_cmpint(first_broken(store), ==, 8);
  iv_store_close(store);
  for (const char *const *suffix = (const char *const[]){"", "-wal", "-shm", NULL}; *suffix;
       suffix++) {
    g_autofree char *file = g_strconcat(path, *suffix, NULL);
    g_remove(file);
  }
  g_rmdir(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  iv_password_init();
  g_test_add_func("/guards/throttle", test_throttle);
  g_test_add_func("/guards/throttle-bounded", test_throttle_is_bounded);
  g_test_add_func("/guards/tokens", test_tokens);
  g_test_add_func("/guards/passwords", test_passwords);
  g_test_add_func("/guards/origin", test_origin);
  g_test_add_func("/guards/looks", test_looks);
  g_test_add_func("/guards/pool", test_pool);
  g_test_add_func("/guards/audit", test_audit_chain);
  return g_test_run();
}

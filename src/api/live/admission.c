/* SPDX-License-Identifier: Apache-2.0 */
#define G_LOG_DOMAIN "inveye-api"
#include "api/live/admission.h"

#include <string.h>

#include "api/live/topic.h"
#include "base/clock.h"
#include "store/catalog.h"

void iv_admission_clear(IvAdmission *admission) {
  g_clear_pointer(&admission->statuses, g_free);
}

static int status_of(const GError *error) {
  return g_error_matches(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND) ? 404 : 503;
}

static int ask_store(IvApi *api, const IvAccess *access, const char *id, IvTime deadline) {
  IvStoreRow row;
  g_autoptr(GError) error = NULL;
  if (!iv_access_has_store(access, id))
    return 404;
  return iv_catalog_store(api->store, id, deadline, &row, &error) ? 200 : status_of(error);
}

static gboolean has_camera(const GArray *cameras, const char *id) {
  for (guint i = 0; i < cameras->len; i++)
    if (strcmp(g_array_index(cameras, IvCameraRow, i).id.text, id) == 0)
      return TRUE;
  return FALSE;
}

/* A camera's topic does not name the store: he must be bound to every store with such a camera. */
static int ask_camera(IvApi *api, const IvAccess *access, const char *id, IvTime deadline) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) stores = iv_catalog_stores(api->store, deadline, &error);
  int status = 404;
  for (guint i = 0; stores && i < stores->len; i++) {
    const char *store_id = g_array_index(stores, IvStoreRow, i).id.text;
    g_autoptr(GArray) cameras = iv_catalog_cameras(api->store, store_id, deadline, &error);
    if (!cameras)
      return status_of(error);
    if (!has_camera(cameras, id))
      continue;
    if (!iv_access_has_store(access, store_id))
      return 404;
    status = 200;
  }
  return stores ? status : status_of(error);
}

static int ask_topic(IvApi *api, const IvAccess *access, const char *topic, IvTime deadline) {
  IvTopicKind kind;
  IvSlug id;
  if (!iv_topic_parse(topic, &kind, &id))
    return 404;
  if (!iv_access_may(access, iv_topic_kind_info(kind)->permission))
    return 403;
  return kind == IV_TOPIC_TRACKS ? ask_camera(api, access, id.text, deadline)
                                 : ask_store(api, access, id.text, deadline);
}

typedef struct {
  const IvAccess *access;
  IvTime now;
} Touch;

static gboolean touch(IvSql *sql, gpointer arg, GError **error) {
  const Touch *t = arg;
  return iv_sessions_touch(sql, t->access->session.hash, t->now, error);
}

static void touch_session(IvApi *api, const IvAccess *access, IvTime now) {
  g_autoptr(GError) error = NULL;
  Touch t = {access, now};
  if (now - access->session.seen_at >= IV_SESSION_TOUCH &&
      !iv_store_write(api->store, touch, &t, &error))
    g_warning("session: %s", error->message);
}

static IvAccess *find_access(IvApi *api, const IvToken *token, IvTime deadline, GError **error) {
  g_auto(IvStoreRead) read = iv_store_read_begin(api->store, deadline, error);
  return read.sql ? iv_access_find(read.sql, token, iv_clock_now(), error) : NULL;
}

gboolean iv_admission_may_watch(IvApi *api, const IvWatcher *watcher, IvTime deadline) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvAccess) access = NULL;
  g_auto(IvStoreRead) read = iv_store_read_begin(api->store, deadline, &error);
  if (read.sql)
    access = iv_access_find_login(read.sql, watcher->login, iv_clock_now(), &error);
  if (access)
    return iv_access_may(access, IV_PERMISSION_VIDEO_WATCH) &&
           iv_access_has_store(access, watcher->store_id) &&
           (watcher->blur_people || !iv_privacy_hides(api->privacy.blur_live, access));
  return !g_error_matches(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND);
}

char *iv_admission_login(IvApi *api, const IvToken *token, IvTime deadline, gint64 *ret_user_id) {
  g_autoptr(IvAccess) access = find_access(api, token, deadline, NULL);
  if (!access || !iv_access_may(access, IV_PERMISSION_VIDEO_WATCH))
    return NULL;
  *ret_user_id = access->user->id;
  return iv_access_login(access);
}

void iv_admission_decide(IvApi *api, const IvToken *token, char *const *topics, IvTime deadline,
                         IvAdmission *ret_admission) {
  g_autoptr(GError) error = NULL;
  g_autoptr(IvAccess) access = find_access(api, token, deadline, &error);
  *ret_admission = (IvAdmission){.outcome = IV_ADMISSION_GRANTED};
  if (!access) {
    gboolean ended = g_error_matches(error, IV_STORE_ERROR, IV_STORE_ERROR_NOT_FOUND);
    ret_admission->outcome = ended ? IV_ADMISSION_ENDED : IV_ADMISSION_UNKNOWN;
    return;
  }
  touch_session(api, access, iv_clock_now());
  ret_admission->user_id = access->user->id;
  ret_admission->n_topics = g_strv_length((char **)topics);
  ret_admission->statuses = g_new0(int, ret_admission->n_topics + 1);
  for (guint i = 0; i < ret_admission->n_topics; i++)
    ret_admission->statuses[i] = ask_topic(api, access, topics[i], deadline);
}

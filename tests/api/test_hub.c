/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api/live/command.h"
#include "api/live/hub.h"

/* Topics, numbers, snapshots and slow clients, without a network. */

typedef struct {
  IvHubClient client;
  guint woken;
} Listener;

static void wake(IvHubClient *client) {
  ((Listener *)client)->woken++;
}

static void publish(IvHub *hub, const char *topic, json_t *data) {
  iv_hub_publish(hub, iv_publication_new(topic, data, IV_SECOND));
}

/* Next message as JSON; NULL when there is none. */
static json_t *next(Listener *listener) {
  g_autoptr(GBytes) bytes = iv_hub_client_next(&listener->client);
  if (!bytes)
    return NULL;
  gsize n;
  const char *text = g_bytes_get_data(bytes, &n);
  json_t *json = json_loadb(text, n, 0, NULL);
  g_assert_nonnull(json);
  return json;
}

static void assert_next(Listener *listener, const char *type, json_int_t seq, json_int_t n) {
  json_t *message = next(listener);
  g_assert_nonnull(message);
  g_assert_cmpstr(json_string_value(json_object_get(message, "type")), ==, type);
  g_assert_cmpstr(json_string_value(json_object_get(message, "epoch")), ==, "e1");
  g_assert_cmpint(json_integer_value(json_object_get(message, "seq")), ==, seq);
  g_assert_cmpint(json_integer_value(json_object_get(json_object_get(message, "data"), "n")), ==,
                  n);
  json_decref(message);
}

static void test_state_topic(void) {
  g_autoptr(IvHub) hub = iv_hub_new("e1");
  Listener early = {0}, late = {0};
  iv_hub_client_init(&early.client, wake);
  iv_hub_client_init(&late.client, wake);
  g_assert_true(iv_hub_join(hub, &early.client, "store/a/kpi", 0));
  g_assert_null(next(&early));
  publish(hub, "store/a/kpi", json_pack("{si}", "n", 1));
  publish(hub, "store/b/kpi", json_pack("{si}", "n", 9));
  publish(hub, "store/a/kpi", json_pack("{si}", "n", 2));
  g_assert_true(iv_hub_join(hub, &late.client, "store/a/kpi", 0));
  publish(hub, "store/a/kpi", json_pack("{si}", "n", 3));
  assert_next(&early, "snapshot", 1, 1);
  assert_next(&early, "update", 2, 2);
  assert_next(&early, "update", 3, 3);
  assert_next(&late, "snapshot", 2, 2);
  assert_next(&late, "update", 3, 3);
  g_assert_null(next(&early));
  g_assert_null(next(&late));
  g_assert_cmpuint(early.woken, ==, 3);
  iv_hub_client_clear(hub, &early.client);
  iv_hub_client_clear(hub, &late.client);
  g_assert_false(iv_hub_is_wanted(hub, "store/a/kpi"));
}

static void test_latest_wins(void) {
  g_autoptr(IvHub) hub = iv_hub_new("e1");
  Listener listener = {0};
  iv_hub_client_init(&listener.client, wake);
  publish(hub, "camera/a/tracks", json_pack("{si}", "n", 0));
  iv_hub_join(hub, &listener.client, "camera/a/tracks", 0);
  iv_hub_join(hub, &listener.client, "camera/b/tracks", 0);
  g_assert_null(next(&listener)); /* nobody knows how old the last one is */
  for (int i = 1; i <= 5; i++)
    publish(hub, "camera/a/tracks", json_pack("{si}", "n", i));
  publish(hub, "camera/b/tracks", json_pack("{si}", "n", 7));
  assert_next(&listener, "update", 6, 5);
  assert_next(&listener, "snapshot", 1, 7);
  g_assert_null(next(&listener));
  IvHubStats stats;
  iv_hub_stats(hub, &stats);
  g_assert_cmpuint(stats.replaced, ==, 4);
  publish(hub, "camera/a/tracks", json_pack("{si}", "n", 6));
  iv_hub_leave(hub, &listener.client, "camera/a/tracks"); /* with a message waiting */
  g_assert_null(next(&listener));
  iv_hub_client_clear(hub, &listener.client);
}

static void test_too_far_behind(void) {
  g_autoptr(IvHub) hub = iv_hub_new("e1");
  Listener slow = {0}, quick = {0};
  iv_hub_client_init(&slow.client, wake);
  iv_hub_client_init(&quick.client, wake);
  iv_hub_join(hub, &slow.client, "store/a/kpi", 0);
  iv_hub_join(hub, &quick.client, "store/a/kpi", 0);
  g_autofree char *filler = g_strnfill(100 * 1024, 'x');
  for (int i = 1; i <= 20; i++) {
    publish(hub, "store/a/kpi", json_pack("{si ss}", "n", i, "filler", filler));
    assert_next(&quick, i == 1 ? "snapshot" : "update", i, i);
    g_assert_cmpuint(slow.client.behind, <=, IV_HUB_BEHIND_MAX + 110 * 1024);
  }
  g_assert_true(slow.client.is_overrun);
  g_assert_false(quick.client.is_overrun);
  iv_hub_client_clear(hub, &slow.client);
  iv_hub_client_clear(hub, &quick.client);
}

static void test_lost_publications_leave_a_gap(void) {
  g_autoptr(IvHub) hub = iv_hub_new("e1");
  Listener listener = {0};
  iv_hub_client_init(&listener.client, wake);
  iv_hub_join(hub, &listener.client, "store/a/kpi", 0);
  publish(hub, "store/a/kpi", json_pack("{si}", "n", 1));
  iv_hub_lose(hub);
  publish(hub, "store/a/kpi", json_pack("{si}", "n", 2));
  assert_next(&listener, "snapshot", 1, 1);
  assert_next(&listener, "update", 3, 2);
  iv_hub_client_clear(hub, &listener.client);
}

static void test_topics_per_client(void) {
  g_autoptr(IvHub) hub = iv_hub_new("e1");
  Listener listener = {0};
  iv_hub_client_init(&listener.client, wake);
  for (int i = 0; i < IV_HUB_TOPICS_PER_CLIENT_MAX; i++) {
    g_autofree char *topic = g_strdup_printf("store/s%d/kpi", i);
    g_assert_true(iv_hub_join(hub, &listener.client, topic, 0));
  }
  g_assert_true(iv_hub_join(hub, &listener.client, "store/s1/kpi", 0));
  g_assert_false(iv_hub_join(hub, &listener.client, "store/more/kpi", 0));
  iv_hub_leave(hub, &listener.client, "store/s1/kpi");
  iv_hub_leave(hub, &listener.client, "store/s1/kpi");
  g_assert_true(iv_hub_join(hub, &listener.client, "store/more/kpi", 0));
  iv_hub_client_clear(hub, &listener.client);
}

static void test_names(void) {
  static const char *const bad[] = {"",
                                    "store",
                                    "store/a",
                                    "store/a/b",
                                    "store/a/kpi/x",
                                    "/store/a/kpi",
                                    "store/A/kpi",
                                    "store/../kpi",
                                    "camera/a/kpi",
                                    "store/a/tracks",
                                    "store//kpi"};
  IvTopicKind kind = IV_TOPIC_KINDS;
  IvSlug id;
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    g_assert_false(iv_topic_parse(bad[i], &kind, &id));
  g_assert_cmpint(kind, ==, IV_TOPIC_KINDS);
  g_assert_true(iv_topic_parse("camera/front-door-2/tracks", &kind, &id));
  g_assert_cmpint(kind, ==, IV_TOPIC_TRACKS);
  g_assert_cmpstr(id.text, ==, "front-door-2");
}

static void test_commands(void) {
  static const char *const bad[] = {"",
                                    "{}",
                                    "[]",
                                    "{\"subscribe\":{}}",
                                    "{\"subscribe\":[null]}",
                                    "{\"subscribe\":[],\"x\":1}",
                                    "{\"subscribe\":[]} x"};
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    IvLiveCommand command = {NULL, NULL};
    g_autoptr(GError) error = NULL;
    g_assert_false(iv_live_command_parse(bad[i], strlen(bad[i]), &command, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    g_assert_null(command.subscribe);
  }
  g_auto(IvLiveCommand) command = {NULL, NULL};
  static const char good[] = "{\"unsubscribe\":[\"a\"],\"subscribe\":[\"b\",\"c\"]}";
  g_assert_true(iv_live_command_parse(good, strlen(good), &command, NULL));
  g_assert_cmpuint(g_strv_length(command.subscribe), ==, 2);
  g_assert_cmpstr(command.unsubscribe[0], ==, "a");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/hub/state", test_state_topic);
  g_test_add_func("/hub/latest", test_latest_wins);
  g_test_add_func("/hub/behind", test_too_far_behind);
  g_test_add_func("/hub/lost", test_lost_publications_leave_a_gap);
  g_test_add_func("/hub/topics", test_topics_per_client);
  g_test_add_func("/live/names", test_names);
  g_test_add_func("/live/commands", test_commands);
  return g_test_run();
}

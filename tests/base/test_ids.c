/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ids.h"

#include <string.h>

static void test_slugs(void) {
  static const struct {
    const char *text;
    gboolean good;
  } cases[] = {{"a", TRUE},
               {"door-1", TRUE},
               {"-", TRUE},
               {"0123456789012345678901234567890123456789", TRUE},
               {"01234567890123456789012345678901234567890", FALSE},
               {"", FALSE},
               {"Door", FALSE},
               {"a_b", FALSE},
               {"a b", FALSE},
               {"caf\xc3\xa9", FALSE},
               {NULL, FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    IvSlug slug = {"before"};
    g_assert_cmpint(iv_slug_is_valid(cases[i].text), ==, cases[i].good);
    g_assert_cmpint(iv_slug_set(&slug, cases[i].text), ==, cases[i].good);
    g_assert_cmpstr(slug.text, ==, cases[i].good ? cases[i].text : "before");
  }
}

/* A shorter slug leaves nothing of a longer one: slugs are compared and hashed as bytes. */
static void test_slug_bytes(void) {
  IvSlug a = {""}, b = {""};
  iv_slug_set(&a, "a-long-one");
  iv_slug_set(&a, "b");
  iv_slug_set(&b, "b");
  g_assert_cmpint(memcmp(&a, &b, sizeof a), ==, 0);
}

static void test_uuid_text(void) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(3);
  for (guint i = 0; i < 1000; i++) {
    IvUuid uuid, again;
    char text[IV_UUID_TEXT_MAX];
    for (guint k = 0; k < 16; k++)
      uuid.bytes[k] = (guint8)g_rand_int(rand);
    g_assert_true(g_uuid_string_is_valid(iv_uuid_to_text(&uuid, text)));
    g_assert_true(iv_uuid_from_text(text, &again));
    g_assert_cmpint(memcmp(&uuid, &again, sizeof uuid), ==, 0);
    g_autofree char *upper = g_ascii_strup(text, -1);
    g_assert_true(iv_uuid_from_text(upper, &again));
    g_assert_cmpint(memcmp(&uuid, &again, sizeof uuid), ==, 0);
  }
}

static void test_uuid_refused(void) {
  static const char *const texts[] = {"",
                                      "0193a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2",
                                      "0193a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b0",
                                      "0193a1b2xc3d4-7e5f-8a6b-7c8d9e0f1a2b",
                                      "0193a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2g",
                                      "{193a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2}",
                                      NULL};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    IvUuid uuid = {{9}};
    g_assert_false(iv_uuid_from_text(texts[i], &uuid));
    g_assert_cmpint(uuid.bytes[0], ==, 9);
  }
}

static void test_uuid_v7(void) {
  IvTime ts = 1700000000123456;
  IvUuid a = iv_uuid_v7_from(ts, "seed", 4), b = iv_uuid_v7_from(ts, "seed", 4);
  IvUuid c = iv_uuid_v7_from(ts, "seee", 4), later = iv_uuid_v7_from(ts + IV_MS, "seed", 4);
  guint64 ms = 0;
  for (int i = 0; i < 6; i++)
    ms = ms << 8 | a.bytes[i];
  g_assert_cmpuint(ms, ==, 1700000000123);
  g_assert_cmpint(a.bytes[6] >> 4, ==, 7);
  g_assert_cmpint(a.bytes[8] >> 6, ==, 2);
  g_assert_cmpint(memcmp(&a, &b, sizeof a), ==, 0);
  g_assert_cmpint(memcmp(&a, &c, sizeof a), !=, 0);
  g_assert_cmpint(memcmp(&a, &later, sizeof a), <, 0); /* ids sort by time */
  IvUuid early = iv_uuid_v7_from(-5 * IV_SECOND, "seed", 4), zero = iv_uuid_v7_from(0, "seed", 4);
  g_assert_cmpint(memcmp(&early, &zero, sizeof early), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/ids/slugs", test_slugs);
  g_test_add_func("/base/ids/slug-bytes", test_slug_bytes);
  g_test_add_func("/base/ids/uuid-text", test_uuid_text);
  g_test_add_func("/base/ids/uuid-refused", test_uuid_refused);
  g_test_add_func("/base/ids/uuid-v7", test_uuid_v7);
  return g_test_run();
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The four requests that Amazon's guide to S3 signs, with its keys and the signatures it prints. */
#include "archive/sigv4.h"

#include <string.h>

#define KEY "AKIAIOSFODNN7EXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define DATE "20130524T000000Z"
#define HOST "examplebucket.s3.amazonaws.com"
#define MOMENT (1369353600 * IV_SECOND)

static const IvSigv4Login login = {KEY, SECRET, "us-east-1", "s3"};

static void expect(const IvSigv4Request *request, const char *names, const char *signature) {
  g_autofree char *wanted =
      g_strdup_printf("AWS4-HMAC-SHA256 Credential=" KEY "/20130524/us-east-1/s3/aws4_request, "
                      "SignedHeaders=%s, Signature=%s",
                      names, signature);
  g_autofree char *got = iv_sigv4_authorization(&login, request, MOMENT);
  g_assert_cmpstr(got, ==, wanted);
}

static void test_get_range(void) {
  const IvSigv4Pair headers[] = {{"host", HOST},
                                 {"range", "bytes=0-9"},
                                 {"x-amz-content-sha256", NOTHING},
                                 {"x-amz-date", DATE}};
  IvSigv4Request request = {"GET", "/test.txt", "", headers, 4, NOTHING};
  expect(&request, "host;range;x-amz-content-sha256;x-amz-date",
         "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

static void test_put(void) {
  const char *text = "Welcome to Amazon S3.";
  g_autofree char *path = iv_sigv4_encode("/test$file.text", TRUE);
  g_autofree char *sha256 = iv_sigv4_hash(text, strlen(text));
  const IvSigv4Pair headers[] = {{"date", "Fri, 24 May 2013 00:00:00 GMT"},
                                 {"host", HOST},
                                 {"x-amz-content-sha256", sha256},
                                 {"x-amz-date", DATE},
                                 {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
  IvSigv4Request request = {"PUT", path, "", headers, 5, sha256};
  g_assert_cmpstr(path, ==, "/test%24file.text");
  expect(&request, "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
         "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

static void expect_query(const IvSigv4Pair *pairs, guint n, const char *query,
                         const char *signature) {
  const IvSigv4Pair headers[] = {
      {"host", HOST}, {"x-amz-content-sha256", NOTHING}, {"x-amz-date", DATE}};
  g_autofree char *written = iv_sigv4_query(pairs, n);
  IvSigv4Request request = {"GET", "/", written, headers, 3, NOTHING};
  g_assert_cmpstr(written, ==, query);
  expect(&request, "host;x-amz-content-sha256;x-amz-date", signature);
}

static void test_query(void) {
  const IvSigv4Pair lifecycle[] = {{"lifecycle", NULL}};
  const IvSigv4Pair list[] = {{"prefix", "J"}, {"max-keys", "2"}};
  expect_query(lifecycle, 1,
               "lifecycle=", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  expect_query(list, 2, "max-keys=2&prefix=J",
               "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

static void test_date(void) {
  char date[IV_SIGV4_DATE_SIZE];
  iv_sigv4_date(MOMENT, date);
  g_assert_cmpstr(date, ==, DATE);
}

/* Bytes of UTF-8 each, capitals, no slash where it is none of a path. */
static void test_encode(void) {
  g_autofree char *text = iv_sigv4_encode("a/b c+é~", FALSE);
  g_autofree char *path = iv_sigv4_encode("a/b", TRUE);
  g_assert_cmpstr(text, ==, "a%2Fb%20c%2B%C3%A9~");
  g_assert_cmpstr(path, ==, "a/b");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sigv4/get-range", test_get_range);
  g_test_add_func("/sigv4/put", test_put);
  g_test_add_func("/sigv4/query", test_query);
  g_test_add_func("/sigv4/date", test_date);
  g_test_add_func("/sigv4/encode", test_encode);
  return g_test_run();
}

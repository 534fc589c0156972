/* SPDX-License-Identifier: Apache-2.0 */
/* Where requests go and what host they are signed for, as AWS and others want it. */
#include <string.h>

#include "archive/s3_private.h"

static void expect(const char *endpoint, IvArchiveAddressing addressing, const char *origin,
                   const char *host, const char *bucket_path) {
  IvArchiveConfig config = {.target = IV_ARCHIVE_S3,
                            .endpoint = (char *)endpoint,
                            .region = (char *)"eu-central-1",
                            .bucket = (char *)"examplebucket",
                            .prefix = (char *)"inveye",
                            .addressing = (int)addressing,
                            .access_key = (char *)"key",
                            .secret_key = (char *)"secret"};
  g_autoptr(IvArchive) archive = iv_archive_new(&config, NULL);
  const IvS3 *s3 = (const IvS3 *)archive;
  g_assert_cmpstr(s3->origin, ==, origin);
  g_assert_cmpstr(s3->host, ==, host);
  g_assert_cmpstr(s3->bucket_path, ==, bucket_path);
}

/* The host of test_sigv4.c's published signatures is this one's. */
static void test_bucket_in_the_host(void) {
  expect("https://s3.amazonaws.com", IV_ARCHIVE_BY_HOST, "https://examplebucket.s3.amazonaws.com",
         "examplebucket.s3.amazonaws.com", "");
  expect("https://s3.eu-central-1.amazonaws.com/", IV_ARCHIVE_BY_HOST,
         "https://examplebucket.s3.eu-central-1.amazonaws.com",
         "examplebucket.s3.eu-central-1.amazonaws.com", "");
}

static void test_bucket_in_the_path(void) {
  expect("https://minio.shop.lan:9000", IV_ARCHIVE_BY_PATH, "https://minio.shop.lan:9000",
         "minio.shop.lan:9000", "/examplebucket");
  expect("http://[fd00::7]:9000", IV_ARCHIVE_BY_PATH, "http://[fd00::7]:9000", "[fd00::7]:9000",
         "/examplebucket");
}

/* A scheme's own port is not in the header that is sent, so it is not in what is signed. */
static void test_usual_ports(void) {
  expect("https://s3.amazonaws.com:443", IV_ARCHIVE_BY_HOST,
         "https://examplebucket.s3.amazonaws.com:443", "examplebucket.s3.amazonaws.com", "");
  expect("http://store:80", IV_ARCHIVE_BY_PATH, "http://store:80", "store", "/examplebucket");
  expect("http://store:443", IV_ARCHIVE_BY_PATH, "http://store:443", "store:443", "/examplebucket");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/address/bucket-in-the-host", test_bucket_in_the_host);
  g_test_add_func("/address/bucket-in-the-path", test_bucket_in_the_path);
  g_test_add_func("/address/usual-ports", test_usual_ports);
  return g_test_run();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/range.h"

static void test_range(void) {
  static const struct {
    const char *header;
    guint64 size;
    IvRange range;
    guint64 offset, length;
  } cases[] = {
      {NULL, 100, IV_RANGE_WHOLE, 0, 100},
      {"bytes=0-0", 100, IV_RANGE_PART, 0, 1},
      {"bytes=10-19", 100, IV_RANGE_PART, 10, 10},
      {"bytes=10-", 100, IV_RANGE_PART, 10, 90},
      {"bytes=99-1000", 100, IV_RANGE_PART, 99, 1},
      {"bytes=-30", 100, IV_RANGE_PART, 70, 30},
      {"bytes=-300", 100, IV_RANGE_PART, 0, 100},
      {"bytes=0-18446744073709551615", 100, IV_RANGE_PART, 0, 100},
      {"bytes=100-", 100, IV_RANGE_BEYOND, 0, 100},
      {"bytes=100-200", 100, IV_RANGE_BEYOND, 0, 100},
      {"bytes=99999999999999999999-", 100, IV_RANGE_BEYOND, 0, 100},
      {"bytes=-0", 100, IV_RANGE_BEYOND, 0, 100},
      {"bytes=0-", 0, IV_RANGE_BEYOND, 0, 0},
      {"bytes=-1", 0, IV_RANGE_BEYOND, 0, 0},
      {"bytes=20-10", 100, IV_RANGE_WHOLE, 0, 100}, /* not understood: as if it were not there */
      {"bytes=", 100, IV_RANGE_WHOLE, 0, 100},
      {"bytes=-", 100, IV_RANGE_WHOLE, 0, 100},
      {"bytes=a-b", 100, IV_RANGE_WHOLE, 0, 100},
      {"bytes=1-2,5-6", 100, IV_RANGE_WHOLE, 0, 100},
      {"bytes=1", 100, IV_RANGE_WHOLE, 0, 100},
      {"bytes= 1-2", 100, IV_RANGE_WHOLE, 0, 100},
      {"bytes=+1-2", 100, IV_RANGE_WHOLE, 0, 100},
      {"bytes=--2", 100, IV_RANGE_WHOLE, 0, 100},
      {"lines=1-2", 100, IV_RANGE_WHOLE, 0, 100},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    guint64 offset, length;
    IvRange range = iv_range_read(cases[i].header, cases[i].size, &offset, &length);
    if (range != cases[i].range || offset != cases[i].offset || length != cases[i].length)
      g_error("%s: %d, %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT, cases[i].header, (int)range,
              offset, length);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/api/range", test_range);
  return g_test_run();
}

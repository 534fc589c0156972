/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target without a fuzzer: every file of its corpus as it is, then small changes of
 * them from a fixed seed. So each test run covers the targets, with any compiler. */
#include "target.h"

#define CHANGES_PER_FILE 400
#define INPUT_MAX (64 * 1024)

static GPtrArray *corpus; /* GBytes */

static int by_name(gconstpointer a, gconstpointer b) {
  return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

static void load_corpus(const char *folder) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
  g_assert_no_error(error);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (const char *name; (name = g_dir_read_name(dir));)
    g_ptr_array_add(names, g_build_filename(folder, name, NULL));
  g_ptr_array_sort(names, by_name);
  for (guint i = 0; i < names->len; i++) {
    char *text;
    gsize length;
    g_assert_true(g_file_get_contents(g_ptr_array_index(names, i), &text, &length, &error));
    g_ptr_array_add(corpus, g_bytes_new_take(text, MIN(length, INPUT_MAX)));
  }
}

static gconstpointer any_input(GRand *rand, gsize *ret_length) {
  guint i = (guint)g_rand_int_range(rand, 0, (gint32)corpus->len);
  return g_bytes_get_data(g_ptr_array_index(corpus, i), ret_length);
}

/* One of: a byte changed, a span cut out, a span doubled, a span of another input put in. */
static void change(GRand *rand, GByteArray *input) {
  guint from = (guint)g_rand_int_range(rand, 0, (gint32)input->len + 1);
  guint wanted = (guint)g_rand_int_range(rand, 1, 32);
  guint span = MIN(input->len - from, wanted);
  gsize other_length;
  const guint8 *other = any_input(rand, &other_length);
  switch (g_rand_int_range(rand, 0, 4)) {
  case 0:
    if (span > 0)
      input->data[from] = (guint8)g_rand_int(rand);
    break;
  case 1:
    if (span > 0)
      g_byte_array_remove_range(input, from, span);
    break;
  case 2:
    if (span > 0) {
      g_autofree guint8 *copy = g_memdup2(input->data + from, span);
      g_byte_array_append(input, copy, span);
    }
    break;
  default:
    if (other_length > 0)
      g_byte_array_append(input, other, (guint)g_rand_int_range(rand, 1, (gint32)other_length + 1));
  }
}

static void test_corpus(void) {
  g_assert_cmpuint(corpus->len, >, 0);
  for (guint i = 0; i < corpus->len; i++) {
    gsize length;
    const guint8 *input = g_bytes_get_data(g_ptr_array_index(corpus, i), &length);
    LLVMFuzzerTestOneInput(input, length);
  }
  LLVMFuzzerTestOneInput((const guint8 *)"", 0);
}

static void test_changes(void) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(20260101);
  for (guint i = 0; i < corpus->len * CHANGES_PER_FILE; i++) {
    gsize length;
    gconstpointer start = g_bytes_get_data(g_ptr_array_index(corpus, i % corpus->len), &length);
    g_autoptr(GByteArray) input = g_byte_array_new();
    if (length > 0)
      g_byte_array_append(input, start, (guint)length);
    for (int n = g_rand_int_range(rand, 1, 5); n > 0; n--)
      change(rand, input);
    LLVMFuzzerTestOneInput(input->data ? input->data : (const guint8 *)"",
                           MIN(input->len, INPUT_MAX));
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_assert_cmpint(argc, ==, 2);
  corpus = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  load_corpus(argv[1]);
  g_test_add_func("/fuzz/corpus", test_corpus);
  g_test_add_func("/fuzz/changes", test_changes);
  int status = g_test_run();
  g_ptr_array_unref(corpus);
  return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "config/wording.h"

#include <string.h>

#include "base/url.h"

#define WORD_MAX 48 /* longer words are not misspelt keys */
#define QUOTED_MAX 60

static char fold(char c) {
  return c == '_' ? '-' : g_ascii_tolower(c);
}

/* Optimal string alignment distance, by rows. */
static guint slips(const char *a, const char *b) {
  guint row[3][WORD_MAX + 1];
  guint n = (guint)strlen(a), m = (guint)strlen(b);
  for (guint j = 0; j <= m; j++)
    row[0][j] = j;
  for (guint i = 1; i <= n; i++) {
    guint *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
    now[0] = i;
    for (guint j = 1; j <= m; j++) {
      guint change = fold(a[i - 1]) == fold(b[j - 1]) ? 0 : 1;
      now[j] = MIN(MIN(last[j] + 1, now[j - 1] + 1), last[j - 1] + change);
      if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) && fold(a[i - 2]) == fold(b[j - 1]))
        now[j] = MIN(now[j], before[j - 2] + 1);
    }
  }
  return row[n % 3][m];
}

const char *iv_nearest_name(const char *word, const char *const *names, guint n) {
  gsize length = strnlen(word, WORD_MAX + 1);
  if (length == 0 || length > WORD_MAX)
    return NULL;
  const char *best = NULL;
  guint allowed = length < 3 ? 1 : (guint)length / 3 + 1;
  guint fewest = MIN(allowed, (guint)length - 1) + 1;
  for (guint i = 0; i < n; i++) {
    if (strlen(names[i]) > WORD_MAX)
      continue;
    guint d = slips(word, names[i]);
    if (d < fewest && d < strlen(names[i])) {
      fewest = d;
      best = names[i];
    }
  }
  return best;
}

char *iv_nearest_hint(const char *word, const char *const *names, guint n) {
  const char *near = iv_nearest_name(word, names, n);
  return near ? g_strdup_printf(" (did you mean \"%s\"?)", near) : g_strdup("");
}

char *iv_names_joined(const char *const *names, guint n) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < n; i++)
    g_string_append_printf(text, "%s%s", i ? ", " : "", names[i]);
  return g_string_free(text, FALSE);
}

char *iv_printable(char *text) {
  if (!g_utf8_validate(text, -1, NULL)) {
    char *valid = g_utf8_make_valid(text, -1);
    g_free(text);
    text = valid;
  }
  for (char *p = text; *p; p++)
    if (g_ascii_iscntrl(*p))
      *p = ' ';
  return text;
}

char *iv_quoted(const char *text) {
  g_autofree char *shown = iv_printable(iv_url_mask(text));
  gboolean long_text = g_utf8_strlen(shown, -1) > QUOTED_MAX;
  if (long_text)
    *g_utf8_offset_to_pointer(shown, QUOTED_MAX) = '\0';
  return g_strdup_printf("\"%s%s\"", shown, long_text ? "..." : "");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "model/csv.h"

#include <string.h>

struct IvCsv {
  char *text;
  const char *at, *end;
  char delimiter;
  guint line, row_line; /* of `at`; of the last row */
  GPtrArray *cells;
};

static char *from_latin1(const char *text, gsize length, gsize *ret_length) {
  GString *utf8 = g_string_sized_new(length + length / 8);
  for (gsize i = 0; i < length; i++)
    g_string_append_unichar(utf8, (guchar)text[i]);
  *ret_length = utf8->len;
  return g_string_free(utf8, FALSE);
}

static char find_delimiter(const char *text, const char *end) {
  static const char known[] = {',', ';', '\t'};
  guint counts[sizeof known] = {0}, best = 0;
  gboolean quoted = FALSE;
  for (const char *at = text; at < end && (quoted || *at != '\n'); at++) {
    quoted ^= *at == '"';
    for (guint i = 0; !quoted && i < sizeof known; i++)
      counts[i] += *at == known[i];
  }
  for (guint i = 1; i < sizeof known; i++)
    if (counts[i] > counts[best])
      best = i;
  return known[best];
}

IvCsv *iv_csv_new(const char *text, gsize length) {
  static const char mark[] = "\xef\xbb\xbf";
  g_assert(length <= IV_CSV_BYTES_MAX);
  IvCsv *csv = g_new0(IvCsv, 1);
  if (length >= 3 && memcmp(text, mark, 3) == 0) {
    text += 3;
    length -= 3;
  }
  csv->text = g_utf8_validate(text, (gssize)length, NULL) ? g_strndup(text, length)
                                                          : from_latin1(text, length, &length);
  csv->at = csv->text;
  csv->end = csv->text + length;
  csv->line = 1;
  csv->delimiter = find_delimiter(csv->at, csv->end);
  csv->cells = g_ptr_array_new_with_free_func(g_free);
  return csv;
}

void iv_csv_free(IvCsv *csv) {
  if (!csv)
    return;
  g_ptr_array_unref(csv->cells);
  g_free(csv->text);
  g_free(csv);
}

/* A cell up to its delimiter or line end; FALSE when a quote stays open. */
static gboolean read_cell(IvCsv *csv, GString *cell) {
  gboolean quoted = FALSE;
  g_string_truncate(cell, 0);
  for (; csv->at < csv->end; csv->at++) {
    char c = *csv->at;
    if (c == '"' && quoted && csv->at + 1 < csv->end && csv->at[1] == '"')
      g_string_append_c(cell, *++csv->at);
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == csv->delimiter || c == '\n'))
      break;
    else {
      csv->line += c == '\n';
      if (cell->len <= IV_CSV_ROW_BYTES_MAX)
        g_string_append_c(cell, c);
    }
  }
  return !quoted;
}

/* `ret_bytes` gets what the row's cells hold together. */
static gboolean read_row(IvCsv *csv, gsize *ret_bytes) {
  g_autoptr(GString) cell = g_string_new(NULL);
  gboolean good = TRUE, more = TRUE;
  g_ptr_array_set_size(csv->cells, 0);
  *ret_bytes = 0;
  csv->row_line = csv->line;
  while (more) {
    good = read_cell(csv, cell) && good;
    *ret_bytes += cell->len;
    if (csv->cells->len <= IV_CSV_COLUMNS_MAX && *ret_bytes <= IV_CSV_ROW_BYTES_MAX)
      g_ptr_array_add(csv->cells, g_strstrip(g_strndup(cell->str, cell->len)));
    more = csv->at < csv->end && *csv->at == csv->delimiter;
    if (csv->at < csv->end)
      csv->line += *csv->at++ == '\n';
  }
  return good;
}

IvCsvStep iv_csv_next(IvCsv *csv, GPtrArray **ret_cells) {
  while (csv->at < csv->end) {
    gsize bytes = 0;
    gboolean good = read_row(csv, &bytes);
    if (!good || bytes > IV_CSV_ROW_BYTES_MAX || csv->cells->len > IV_CSV_COLUMNS_MAX)
      return IV_CSV_BAD_ROW;
    if (csv->cells->len == 1 && ((char *)csv->cells->pdata[0])[0] == '\0')
      continue; /* an empty line */
    *ret_cells = csv->cells;
    return IV_CSV_ROW;
  }
  return IV_CSV_END;
}

guint iv_csv_line(const IvCsv *csv) {
  return csv->row_line;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "model/receipt_csv.h"

#include <string.h>

#include "model/csv.h"
#include "model/receipt_json.h"

typedef enum {
  TERMINAL,
  RECEIPT,
  TS,
  DATE,
  TIME,
  KIND,
  AMOUNT,
  CURRENCY,
  ITEMS,
  KEY,
  SKU,
  NAME,
  QUANTITY,
  UNIT_PRICE,
  DISCOUNT,
  FIELDS,
} FieldId;

static const char *const field_names[FIELDS] = {
    [TERMINAL] = "terminal",
    [RECEIPT] = "receipt",
    [TS] = "ts",
    [DATE] = "date",
    [TIME] = "time",
    [KIND] = "kind",
    [AMOUNT] = "amount",
    [CURRENCY] = "currency",
    [ITEMS] = "items",
    [KEY] = "key",
    [SKU] = "sku",
    [NAME] = "name",
    [QUANTITY] = "quantity",
    [UNIT_PRICE] = "unit_price",
    [DISCOUNT] = "discount",
};

struct IvPosReceiptCsv {
  IvCsv *csv;
  GTimeZone *zone;
  const char *currency;
  IvTime now;
  int columns[FIELDS]; /* -1 = the file has none */
  guint line;          /* of the last receipt */
  gboolean ahead;      /* `cells` is a row that is not taken yet */
  IvCsvStep step;
  GPtrArray *cells;
};

#define REFUSE(...)                                                                                \
  (g_set_error(error, IV_POS_RECEIPT_ERROR, IV_POS_RECEIPT_ERROR_INVALID, __VA_ARGS__), FALSE)

/* ---- the head ---- */

static int find_name(const char *name) {
  for (int i = 0; i < FIELDS; i++)
    if (g_ascii_strcasecmp(field_names[i], name) == 0)
      return i;
  return -1;
}

static int find_column(const GPtrArray *head, const char *name) {
  for (guint i = 0; i < head->len; i++)
    if (g_ascii_strcasecmp(head->pdata[i], name) == 0)
      return (int)i;
  return -1;
}

static gboolean take_map(IvPosReceiptCsv *csv, const GPtrArray *head, const char *map,
                         GError **error) {
  const char *equals = strrchr(map, '=');
  g_autofree char *column = equals ? g_strndup(map, (gsize)(equals - map)) : NULL;
  int field = equals ? find_name(equals + 1) : -1;
  if (field < 0) {
    const char *names[FIELDS + 1] = {NULL};
    memcpy(names, field_names, sizeof field_names);
    g_autofree char *known = g_strjoinv(", ", (char **)names);
    return REFUSE("the map \"%.80s\" is not COLUMN=field; fields are %s", map, known);
  }
  csv->columns[field] = find_column(head, column);
  return csv->columns[field] >= 0 ||
         REFUSE("the file has no column \"%.80s\" that the map names", column);
}

static gboolean check_needed(const IvPosReceiptCsv *csv, GError **error) {
  static const FieldId needed[] = {TERMINAL, RECEIPT};
  for (gsize i = 0; i < G_N_ELEMENTS(needed); i++)
    if (csv->columns[needed[i]] < 0)
      return REFUSE("the file has no column \"%s\"; name yours with a map, COLUMN=%s",
                    field_names[needed[i]], field_names[needed[i]]);
  if (csv->columns[TS] < 0 && (csv->columns[DATE] < 0 || csv->columns[TIME] < 0))
    return REFUSE("the file has no column \"ts\" (or \"date\" and \"time\"); name yours with a "
                  "map, COLUMN=ts");
  if (csv->columns[AMOUNT] < 0 && csv->columns[UNIT_PRICE] < 0)
    return REFUSE("the file has no column \"amount\" (or \"unit_price\"); name yours with a map, "
                  "COLUMN=amount");
  return TRUE;
}

static gboolean read_head(IvPosReceiptCsv *csv, const char *const *maps, GError **error) {
  GPtrArray *head = NULL;
  if (iv_csv_next(csv->csv, &head) != IV_CSV_ROW)
    return REFUSE("the file has no head: its first row names the columns");
  for (int i = 0; i < FIELDS; i++)
    csv->columns[i] = find_column(head, field_names[i]);
  for (guint i = 0; maps && maps[i]; i++)
    if (i >= IV_POS_RECEIPT_CSV_MAPS_MAX || !take_map(csv, head, maps[i], error))
      return error && *error ? FALSE : REFUSE("more than %d maps", IV_POS_RECEIPT_CSV_MAPS_MAX);
  return check_needed(csv, error);
}

IvPosReceiptCsv *iv_pos_receipt_csv_new(const char *text, gsize length,
                                        const IvPosReceiptCsvOptions *options, GError **error) {
  if (length > IV_CSV_BYTES_MAX) {
    g_set_error(error, IV_POS_RECEIPT_ERROR, IV_POS_RECEIPT_ERROR_INVALID,
                "the file has more than %d MiB; cut it into parts", IV_CSV_BYTES_MAX / 1024 / 1024);
    return NULL;
  }
  g_autoptr(IvPosReceiptCsv) csv = g_new0(IvPosReceiptCsv, 1);
  g_autoptr(GError) wrong = NULL;
  csv->csv = iv_csv_new(text, length);
  csv->zone = g_time_zone_ref(options->zone);
  csv->currency = options->currency;
  csv->now = options->now;
  if (read_head(csv, options->maps, &wrong))
    return g_steal_pointer(&csv);
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

void iv_pos_receipt_csv_free(IvPosReceiptCsv *csv) {
  if (!csv)
    return;
  iv_csv_free(csv->csv);
  g_time_zone_unref(csv->zone);
  g_free(csv);
}

guint iv_pos_receipt_csv_line(const IvPosReceiptCsv *csv) {
  return csv->line;
}

/* ---- a row ---- */

/* "" when the file has no such column or the row ends before it. */
static const char *cell(const IvPosReceiptCsv *csv, FieldId field) {
  int column = csv->columns[field];
  return column >= 0 && (guint)column < csv->cells->len ? csv->cells->pdata[column] : "";
}

static gboolean look_ahead(IvPosReceiptCsv *csv) {
  if (!csv->ahead)
    csv->step = iv_csv_next(csv->csv, &csv->cells);
  csv->ahead = TRUE;
  return csv->step == IV_CSV_ROW;
}

/* What stands for one receipt in all its rows. */
static char *identity(const IvPosReceiptCsv *csv) {
  return g_strjoin("\x1f", cell(csv, TERMINAL), cell(csv, RECEIPT), cell(csv, TS), cell(csv, DATE),
                   cell(csv, TIME), NULL);
}

static char *complain(const IvPosReceiptCsv *csv, FieldId field, const char *fault) {
  g_autofree char *shown =
      g_utf8_substring(cell(csv, field), 0, MIN(g_utf8_strlen(cell(csv, field), -1), 40));
  return g_strdup_printf("line %u: %s: \"%s\" %s", iv_csv_line(csv->csv), field_names[field],
                         g_strdelimit(shown, "\r\n\t", ' '), fault);
}

static gboolean read_time(const IvPosReceiptCsv *csv, IvTime *ret_time) {
  if (csv->columns[TS] >= 0)
    return iv_local_time_read(cell(csv, TS), csv->zone, ret_time);
  g_autofree char *both = g_strjoin(" ", cell(csv, DATE), cell(csv, TIME), NULL);
  return iv_local_time_read(both, csv->zone, ret_time);
}

/* An empty cell leaves `ret_value` as it is. */
static gboolean read_number(const IvPosReceiptCsv *csv, FieldId field, int digits,
                            gint64 *ret_value) {
  return cell(csv, field)[0] == '\0' || iv_decimal_read(cell(csv, field), digits, ret_value);
}

static const char *read_currency(const IvPosReceiptCsv *csv, IvPosReceipt *receipt) {
  g_autofree char *text =
      g_ascii_strup(cell(csv, CURRENCY)[0] ? cell(csv, CURRENCY) : csv->currency, -1);
  if (text[0] && !iv_currency_is_valid(text))
    return "must be three letters, such as EUR";
  g_strlcpy(receipt->currency, text, sizeof receipt->currency);
  return NULL;
}

/* Also "No_Sale": tills differ. */
static const char *read_kind(const IvPosReceiptCsv *csv, IvPosReceipt *receipt) {
  g_autofree char *word = g_ascii_strdown(cell(csv, KIND), -1);
  int kind = word[0] ? iv_pos_receipt_kind_from_name(g_strdelimit(word, "_ ", '-'))
                     : (int)IV_POS_RECEIPT_SALE;
  receipt->kind = (IvPosReceiptKind)MAX(kind, 0);
  return kind < 0 ? "must be sale, refund, void or no-sale" : NULL;
}

static const char *copy(const IvPosReceiptCsv *csv, FieldId field, char *at, gsize size) {
  return g_strlcpy(at, cell(csv, field), size) < size ? NULL : "is too long";
}

#define TRY(field, call)                                                                           \
  do {                                                                                             \
    const char *fault_ = (call);                                                                   \
    if (fault_)                                                                                    \
      return complain(csv, field, fault_);                                                         \
  } while (0)
#define NO_NUMBER "is no amount with that many decimals"

/* What the receipt says as a whole; NULL, or the problem. */
static char *read_receipt(const IvPosReceiptCsv *csv, IvPosReceipt *receipt,
                          gboolean *ret_has_amount) {
  TRY(TERMINAL, copy(csv, TERMINAL, receipt->terminal, sizeof receipt->terminal));
  TRY(RECEIPT, copy(csv, RECEIPT, receipt->number, sizeof receipt->number));
  TRY(KEY, copy(csv, KEY, receipt->key, sizeof receipt->key));
  TRY(csv->columns[TS] >= 0 ? TS : DATE,
      read_time(csv, &receipt->ts) ? NULL : "is no time such as 2026-11-24 09:00:00");
  TRY(CURRENCY, read_currency(csv, receipt));
  TRY(KIND, read_kind(csv, receipt));
  int digits = iv_currency_digits(receipt->currency);
  TRY(AMOUNT, read_number(csv, AMOUNT, digits, &receipt->amount) ? NULL : NO_NUMBER);
  TRY(ITEMS, read_number(csv, ITEMS, 0, &receipt->units) ? NULL : "is no whole number");
  *ret_has_amount = cell(csv, AMOUNT)[0] != '\0';
  return NULL;
}

static char *read_item(const IvPosReceiptCsv *csv, IvPosReceipt *receipt) {
  if (cell(csv, SKU)[0] == '\0')
    return NULL;
  IvPosReceiptItem *item = iv_pos_receipt_add_item(receipt);
  int digits = iv_currency_digits(receipt->currency);
  TRY(SKU, item ? NULL : "is one line more than a receipt may have (500)");
  TRY(SKU, copy(csv, SKU, item->sku, sizeof item->sku));
  item->name = cell(csv, NAME)[0] ? g_strdup(cell(csv, NAME)) : NULL;
  item->quantity_milli = 1000;
  TRY(QUANTITY, read_number(csv, QUANTITY, 3, &item->quantity_milli)
                    ? NULL
                    : "is no number with at most three decimals");
  TRY(UNIT_PRICE, read_number(csv, UNIT_PRICE, digits, &item->unit_price) ? NULL : NO_NUMBER);
  TRY(DISCOUNT, read_number(csv, DISCOUNT, digits, &item->discount) ? NULL : NO_NUMBER);
  return NULL;
}

static gint64 sum_of_items(const IvPosReceipt *receipt) {
  gint64 sum = 0;
  for (guint i = 0; i < receipt->items->len; i++)
    sum += iv_pos_receipt_item_amount(&g_array_index(receipt->items, IvPosReceiptItem, i));
  return sum;
}

/* Takes the rows of one receipt, all of them also when one is wrong. */
static char *read_rows(IvPosReceiptCsv *csv, IvPosReceipt *receipt) {
  gboolean has_amount = FALSE;
  g_autofree char *first = identity(csv);
  char *problem = read_receipt(csv, receipt, &has_amount);
  for (gboolean same = TRUE; same;) {
    if (!problem)
      problem = read_item(csv, receipt);
    csv->ahead = FALSE;
    g_autofree char *next = look_ahead(csv) ? identity(csv) : NULL;
    same = g_strcmp0(first, next) == 0;
  }
  if (!has_amount)
    receipt->amount = sum_of_items(receipt);
  return problem;
}

IvPosReceiptCsvStep iv_pos_receipt_csv_next(IvPosReceiptCsv *csv, IvPosReceipt **ret_receipt,
                                            char **ret_problem) {
  const char *field = NULL;
  if (!look_ahead(csv)) {
    csv->ahead = FALSE;
    csv->line = iv_csv_line(csv->csv);
    if (csv->step == IV_CSV_END)
      return IV_POS_RECEIPT_CSV_END;
    *ret_problem = g_strdup_printf("line %u: the row is too long, has too many columns, or a quote "
                                   "stays open",
                                   csv->line);
    return IV_POS_RECEIPT_CSV_BAD;
  }
  csv->line = iv_csv_line(csv->csv);
  IvPosReceipt *receipt = g_new0(IvPosReceipt, 1);
  iv_pos_receipt_init(receipt);
  char *problem = read_rows(csv, receipt);
  const char *fault = problem ? NULL : iv_pos_receipt_fault(receipt, csv->now, &field);
  if (fault)
    problem = g_strdup_printf("line %u: %s: %s", csv->line, field, fault);
  if (problem) {
    *ret_problem = problem;
    iv_pos_receipt_free(receipt);
    return IV_POS_RECEIPT_CSV_BAD;
  }
  iv_pos_receipt_settle(receipt);
  *ret_receipt = receipt;
  return IV_POS_RECEIPT_CSV_RECEIPT;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "model/receipt_csv.h"
#include "model/receipt_json.h"

#define NOW (G_GINT64_CONSTANT(1795600800) * IV_SECOND) /* 2026-11-25T10:00:00Z */

/* ---- numbers and times ---- */

static void test_decimals(void) {
  static const struct {
    const char *text;
    int digits;
    gboolean good;
    gint64 value;
  } cases[] = {
      {"12.50", 2, TRUE, 1250},
      {"12,5", 2, TRUE, 1250},
      {"-3", 2, TRUE, -300},
      {"1.234,50", 2, TRUE, 123450},
      {"1,234.50", 2, TRUE, 123450},
      {"1 234,5", 2, TRUE, 123450},
      {"1.234.567,89", 2, TRUE, 123456789},
      {"12.500", 2, TRUE, 1250},
      {"1.234", 2, FALSE, 0},
      {"0.532", 3, TRUE, 532},
      {"7", 0, TRUE, 7},
      {"7.5", 0, FALSE, 0},
      {"", 2, FALSE, 0},
      {"-", 2, FALSE, 0},
      {"12x", 2, FALSE, 0},
      {"1e3", 2, FALSE, 0},
      {".5", 2, FALSE, 0},
      {"99999999999999999999", 2, FALSE, 0},
      {"12.-5", 2, FALSE, 0},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    gint64 value = -7;
    g_test_message("%s", cases[i].text);
    g_assert_cmpint(iv_decimal_read(cases[i].text, cases[i].digits, &value), ==, cases[i].good);
    g_assert_cmpint(value, ==, cases[i].good ? cases[i].value : -7);
  }
}

static void test_times(void) {
  static const struct {
    const char *text, *expected; /* NULL = none */
  } cases[] = {
      {"2026-11-24T09:00:00Z", "2026-11-24T09:00:00.000Z"},
      {"2026-11-24 09:00", "2026-11-24T08:00:00.000Z"},
      {"2026-07-24 09:00:30", "2026-07-24T07:00:30.000Z"},
      {"24.11.2026 09:00:05", "2026-11-24T08:00:05.000Z"},
      {"24/11/2026 09:00", NULL},
      {"2026-13-24 09:00", NULL},
      {"2026-11-24 25:00", NULL},
      {"2026-11-24 09:00:00 x", NULL},
      {"2026-11-24", NULL},
      {"", NULL},
  };
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Berlin");
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    IvTime t;
    char text[IV_TIME_TEXT_MAX];
    gboolean good = iv_local_time_read(cases[i].text, zone, &t);
    g_assert_cmpstr(good ? iv_time_to_text(t, text) : NULL, ==, cases[i].expected);
  }
}

/* ---- the receipt ---- */

static void test_items(void) {
  IvPosReceiptItem item = {.quantity_milli = 533, .unit_price = 1999, .discount = 5};
  g_assert_cmpint(iv_pos_receipt_item_amount(&item), ==, 1060); /* 1065.467 → 1065 */
  item = (IvPosReceiptItem){.quantity_milli = -1500, .unit_price = 1};
  g_assert_cmpint(iv_pos_receipt_item_amount(&item), ==, -2); /* half away from zero */
  item = (IvPosReceiptItem){.quantity_milli = IV_QUANTITY_MILLI_MAX, .unit_price = IV_MONEY_MAX};
  g_assert_cmpint(iv_pos_receipt_item_amount(&item), ==, IV_MONEY_MAX); /* no overflow */
  g_assert_cmpint(iv_currency_digits("JPY"), ==, 0);
  g_assert_cmpint(iv_currency_digits("KWD"), ==, 3);
  g_assert_cmpint(iv_currency_digits("EUR"), ==, 2);
  g_assert_cmpint(iv_currency_digits(""), ==, 2);
}

static gboolean read_json(const char *text, IvPosReceipt *ret_receipt, char **ret_fault) {
  g_autoptr(GError) error = NULL;
  json_t *json = json_loads(text, 0, NULL);
  g_assert_nonnull(json);
  iv_pos_receipt_init(ret_receipt);
  gboolean good = iv_pos_receipt_from_json(json, NOW, ret_receipt, &error);
  *ret_fault = error ? g_strdup(error->message) : NULL;
  json_decref(json);
  return good;
}

#define HEAD "{\"terminal_id\":\"1\",\"receipt\":\"7\",\"ts\":\"2026-11-24T09:00:00Z\","

static void test_json(void) {
  g_autofree char *fault = NULL;
  g_auto(IvPosReceipt) receipt = {.items = NULL};
  g_assert_true(read_json(HEAD "\"kind\":\"refund\",\"amount_minor\":-500,\"items\":["
                               "{\"sku\":\"a\",\"quantity\":-2,\"unit_price_minor\":200},"
                               "{\"sku\":\"b\",\"name\":\"Ä\",\"quantity\":0.25,"
                               "\"unit_price_minor\":400,\"discount_minor\":1}]}",
                          &receipt, &fault));
  g_assert_cmpint(receipt.amount, ==, 500);
  g_assert_cmpint(receipt.units, ==, 1); /* two pieces back, and a weighed line */
  g_assert_cmpint(g_array_index(receipt.items, IvPosReceiptItem, 1).quantity_milli, ==, 250);
}

static void test_json_faults(void) {
  static const struct {
    const char *text, *fault;
  } cases[] = {
      {"[]", ": must be an object"},
      {"{}", "/terminal_id: is missing"},
      {HEAD "\"amount_minor\":1.5}", "/amount_minor: must be a whole number"},
      {HEAD "\"amount_minor\":1,\"x\":1}", "/x: there is no such key here"},
      {HEAD "\"amount_minor\":1,\"a\\nb\":1}", "/?: there is no such key here"},
      {HEAD "\"amount_minor\":1,\"kind\":\"gift\"}", "/kind: must be"},
      {HEAD "\"amount_minor\":1,\"currency\":\"eur\"}", "/currency: must be three"},
      {HEAD "\"amount_minor\":1000000000001}", "/amount_minor: is out of range"},
      {HEAD "\"amount_minor\":1,\"items_count\":-2}", "/items_count: is out of range"},
      {HEAD "\"amount_minor\":1,\"items\":{}}", "/items: must be a list"},
      {HEAD "\"amount_minor\":1,\"items\":[{\"sku\":\"a\"}]}", "/items/0/quantity: is missing"},
      {HEAD "\"amount_minor\":1,\"items\":[{\"sku\":\"\",\"quantity\":1,\"unit_price_minor\":1}]}",
       "/items: sku"},
      {HEAD
       "\"amount_minor\":1,\"items\":[{\"sku\":\"a\",\"quantity\":1.0005,\"unit_price_minor\":1}]}",
       "/items/0/quantity: must be"},
      {"{\"terminal_id\":\"1\",\"receipt\":\"7\",\"ts\":\"2026-11-25T11:00:01Z\","
       "\"amount_minor\":1}",
       "/ts: lies in the future"},
      {"{\"terminal_id\":\"1\",\"receipt\":\"7\",\"ts\":\"1999-11-25T11:00:01Z\","
       "\"amount_minor\":1}",
       "/ts: lies before 2000"},
      {"{\"terminal_id\":\"a\\nb\",\"receipt\":\"7\",\"ts\":\"2026-11-24T09:00:00Z\","
       "\"amount_minor\":1}",
       "/terminal_id: is missing, or"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *fault = NULL;
    g_auto(IvPosReceipt) receipt = {.items = NULL};
    g_assert_false(read_json(cases[i].text, &receipt, &fault));
    if (!g_str_has_prefix(fault, cases[i].fault))
      g_error("%s: \"%s\"", cases[i].text, fault);
  }
}

static void test_digest(void) {
  static const char *const texts[] = {
      HEAD "\"amount_minor\":1}",
      HEAD "\"amount_minor\":2}",
      HEAD "\"amount_minor\":1,\"kind\":\"void\"}",
      HEAD "\"amount_minor\":1,\"items_count\":1}",
      HEAD "\"amount_minor\":1,\"items\":[{\"sku\":\"a\",\"quantity\":1,\"unit_price_minor\":1}]}",
      HEAD "\"amount_minor\":1,\"items\":[{\"sku\":\"a\",\"quantity\":1,\"unit_price_minor\":2}]}",
  };
  guint8 digests[G_N_ELEMENTS(texts)][IV_POS_RECEIPT_DIGEST_BYTES],
      keyed[IV_POS_RECEIPT_DIGEST_BYTES];
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *fault = NULL;
    g_auto(IvPosReceipt) receipt = {.items = NULL};
    g_assert_true(read_json(texts[i], &receipt, &fault));
    iv_pos_receipt_digest(&receipt, digests[i]);
    g_strlcpy(receipt.key, "k", sizeof receipt.key);
    iv_pos_receipt_digest(&receipt, keyed);
    g_assert_cmpmem(digests[i], sizeof keyed, keyed, sizeof keyed);
    for (gsize k = 0; k < i; k++)
      g_assert_true(memcmp(digests[i], digests[k], sizeof digests[i]) != 0);
  }
}

/* ---- CSV ---- */

/* What a file amounts to, a line for each receipt or problem. */
static char *read_csv(const char *text, gsize length, const char *const *maps) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Berlin");
  IvPosReceiptCsvOptions options = {zone, "EUR", maps, NOW};
  g_autoptr(IvPosReceiptCsv) csv = iv_pos_receipt_csv_new(text, length, &options, &error);
  GString *told = g_string_new(error ? error->message : NULL);
  IvPosReceiptCsvStep step = IV_POS_RECEIPT_CSV_END;
  IvPosReceipt *receipt;
  char *problem, ts[IV_TIME_TEXT_MAX];
  while (csv &&
         (step = iv_pos_receipt_csv_next(csv, &receipt, &problem)) != IV_POS_RECEIPT_CSV_END) {
    if (step == IV_POS_RECEIPT_CSV_BAD) {
      g_string_append_printf(told, "%s\n", problem);
      g_free(problem);
      continue;
    }
    g_string_append_printf(told, "%s %s %s %s %" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT "/%u\n",
                           receipt->terminal, receipt->number, iv_time_to_text(receipt->ts, ts),
                           iv_pos_receipt_kind_name(receipt->kind), receipt->amount,
                           receipt->currency, receipt->units, receipt->items->len);
    iv_pos_receipt_free(receipt);
  }
  return g_string_free(told, FALSE);
}

static void assert_csv(const char *text, const char *const *maps, const char *expected) {
  g_autofree char *told = read_csv(text, strlen(text), maps);
  g_assert_cmpstr(told, ==, expected);
}

static void test_csv(void) {
  assert_csv("terminal,receipt,ts,amount\n1,7,2026-11-24 09:00,12.50\n", NULL,
             "1 7 2026-11-24T08:00:00.000Z sale 1250 EUR -1/0\n");
  assert_csv("\xef\xbb\xbfTerminal;Receipt;TS;Kind;Amount;SKU;Quantity;Unit_Price\r\n"
             "1;7;24.11.2026 09:00;sale;;a;2;1,50\r\n"
             "1;7;24.11.2026 09:00;sale;;b;0,5;10,00\r\n"
             "\r\n"
             "1;8;24.11.2026 09:01;refund;-3,00;;;\r\n",
             NULL,
             "1 7 2026-11-24T08:00:00.000Z sale 800 EUR 3/2\n"
             "1 8 2026-11-24T08:01:00.000Z refund 300 EUR -1/0\n");
  assert_csv("Kasse;Bon;Datum;Zeit;Summe;W\n\"K;1\";\"a \"\"b\"\"\";2026-11-24;09:00;1;JPY\n",
             (const char *const[]){"Kasse=terminal", "Bon=receipt", "Datum=date", "Zeit=time",
                                   "Summe=amount", "W=currency", NULL},
             "K;1 a \"b\" 2026-11-24T08:00:00.000Z sale 1 JPY -1/0\n");
}

/* What `inveye simulate` writes. */
static void test_csv_simulated(void) {
  assert_csv("receipt,time,terminal,kind,sku,units,price,amount,currency\n"
             "s-1,2026-11-24T09:00:00.000Z,T1,sale,a,2,1.50,4.00,EUR\n"
             "s-1,2026-11-24T09:00:00.000Z,T1,sale,b,1,1.00,4.00,EUR\n"
             "s-2,2026-11-24T09:01:00.000Z,T1,no_sale,,0,0.00,0.00,EUR\n",
             (const char *const[]){"time=ts", "units=quantity", "price=unit_price", NULL},
             "T1 s-1 2026-11-24T09:00:00.000Z sale 400 EUR 3/2\n"
             "T1 s-2 2026-11-24T09:01:00.000Z no-sale 0 EUR -1/0\n");
}

static void test_csv_latin1(void) {
  static const char text[] = "terminal,receipt,ts,amount,sku,name\n"
                             "K\xe4sse,7,2026-11-24 09:00,1,a,B\xfcrste\n";
  g_autofree char *told = read_csv(text, sizeof text - 1, NULL);
  g_assert_cmpstr(told, ==, "Kässe 7 2026-11-24T08:00:00.000Z sale 100 EUR 1/1\n");
}

static void test_csv_faults(void) {
  assert_csv("", NULL, "the file has no head: its first row names the columns");
  assert_csv("a,b\n", NULL,
             "the file has no column \"terminal\"; name yours with a map, COLUMN=terminal");
  assert_csv("terminal,receipt,ts,amount\n", (const char *const[]){"Bon=receipt", NULL},
             "the file has no column \"Bon\" that the map names");
  assert_csv("terminal,receipt,ts,amount,sku,quantity,unit_price\n"
             "1,7,yesterday,1,,,\n"
             "1,8,2026-11-24 09:00,12.345,,,\n"
             "1,9,2026-11-24 09:00,1,a,1,1\n"
             "1,9,2026-11-24 09:00,1,b,x,1\n"
             "1,9,2026-11-24 09:00,1,c,1,1\n"
             ",10,2026-11-24 09:00,1,,,\n"
             "1,11,2026-11-26 09:00,1,,,\n"
             "1,12,2026-11-24 09:00,1,,,\n"
             "1,13,\"2026-11-24 09:00,1,,,\n",
             NULL,
             "line 2: ts: \"yesterday\" is no time such as 2026-11-24 09:00:00\n"
             "line 3: amount: \"12.345\" is no amount with that many decimals\n"
             "line 5: quantity: \"x\" is no number with at most three decimals\n"
             "line 7: terminal_id: is missing, or no text of 1 to 40 bytes\n"
             "line 8: ts: lies in the future; check the till's clock and the time zone\n"
             "1 12 2026-11-24T08:00:00.000Z sale 100 EUR -1/0\n"
             "line 10: the row is too long, has too many columns, or a quote stays open\n");
}

static void test_csv_bounds(void) {
  g_autofree char *cell = g_strnfill(80 * 1024, 'x');
  g_autofree char *commas = g_strnfill(500, ',');
  g_autofree char *text = g_strdup_printf("terminal,receipt,ts,amount\n"
                                          "1,%s,2026-11-24 09:00,1\n%s\n"
                                          "1,7,2026-11-24 09:00,1\n",
                                          cell, commas);
  assert_csv(text, NULL,
             "line 2: the row is too long, has too many columns, or a quote stays open\n"
             "line 3: the row is too long, has too many columns, or a quote stays open\n"
             "1 7 2026-11-24T08:00:00.000Z sale 100 EUR -1/0\n");
  GString *rows = g_string_new("terminal,receipt,ts,amount,sku,quantity\n");
  for (int i = 0; i < IV_POS_RECEIPT_ITEMS_MAX + 1; i++)
    g_string_append(rows, "1,7,2026-11-24 09:00,1,a,1\n");
  assert_csv(rows->str, NULL,
             "line 502: sku: \"a\" is one line more than a receipt may have (500)\n");
  g_string_free(rows, TRUE);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/receipt/decimals", test_decimals);
  g_test_add_func("/receipt/times", test_times);
  g_test_add_func("/receipt/items", test_items);
  g_test_add_func("/receipt/json", test_json);
  g_test_add_func("/receipt/json-faults", test_json_faults);
  g_test_add_func("/receipt/digest", test_digest);
  g_test_add_func("/receipt/csv", test_csv);
  g_test_add_func("/receipt/csv-simulated", test_csv_simulated);
  g_test_add_func("/receipt/csv-latin1", test_csv_latin1);
  g_test_add_func("/receipt/csv-faults", test_csv_faults);
  g_test_add_func("/receipt/csv-bounds", test_csv_bounds);
  return g_test_run();
}

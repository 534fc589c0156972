/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* A receipt as a point of sale tells of it. Money is whole minor units (cents) of one currency,
 * quantities are whole thousandths: sums are exact, and no order of adding changes them. */

#define IV_TERMINAL_ID_MAX 40 /* bytes of these names, in UTF-8 without control characters */
#define IV_POS_RECEIPT_NUMBER_MAX 64
#define IV_POS_RECEIPT_KEY_MAX 128
#define IV_SKU_MAX 64
#define IV_ITEM_NAME_MAX 200
#define IV_POS_RECEIPT_ITEMS_MAX 500                        /* lines */
#define IV_MONEY_MAX G_GINT64_CONSTANT(1000000000000)       /* minor units, either sign */
#define IV_QUANTITY_MILLI_MAX G_GINT64_CONSTANT(1000000000) /* a million pieces, either sign */
#define IV_POS_RECEIPT_UNITS_MAX 1000000
#define IV_POS_RECEIPT_FUTURE_MAX IV_HOUR /* a till's clock may go before by this much */

/* Refunds, voids and no-sales are kept, but are no transactions. */
typedef enum {
  IV_POS_RECEIPT_SALE,
  IV_POS_RECEIPT_REFUND,
  IV_POS_RECEIPT_VOID,
  IV_POS_RECEIPT_NO_SALE, /* the drawer was opened */
  IV_POS_RECEIPT_KINDS,
} IvPosReceiptKind;

const char *
iv_pos_receipt_kind_name(IvPosReceiptKind kind);     /* "sale", "refund", "void", "no-sale" */
int iv_pos_receipt_kind_from_name(const char *name); /* -1 = none */

typedef struct {
  char sku[IV_SKU_MAX + 1];
  char *name; /* NULL = not told */
  gint64 quantity_milli;
  gint64 unit_price; /* of one piece (or kilogram, ...) */
  gint64 discount;   /* of the whole line, taken off */
} IvPosReceiptItem;

typedef struct {
  char key[IV_POS_RECEIPT_KEY_MAX + 1]; /* the sender's idempotency key; "" = none */
  char terminal[IV_TERMINAL_ID_MAX + 1];
  char number[IV_POS_RECEIPT_NUMBER_MAX + 1];
  IvTime ts; /* completion */
  IvPosReceiptKind kind;
  gint64 amount;    /* paid; of a refund: given back */
  char currency[4]; /* ISO 4217; "" = the store's */
  gint64 units;     /* pieces sold; -1 = not told */
  GArray *items;    /* of IvPosReceiptItem, owned; never NULL after iv_pos_receipt_init */
} IvPosReceipt;

/* An empty sale without a time. Clear it. */
void iv_pos_receipt_init(IvPosReceipt *receipt);
void iv_pos_receipt_clear(IvPosReceipt *receipt);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvPosReceipt, iv_pos_receipt_clear)
void iv_pos_receipt_free(IvPosReceipt *receipt); /* from the heap */
GPtrArray *iv_receipts_new(void);                /* of IvPosReceipt on the heap, owning */

/* Adds an empty line and returns it, valid until the next is added; NULL when there are too many.
 */
IvPosReceiptItem *iv_pos_receipt_add_item(IvPosReceipt *receipt);

/* Quantity × price − discount, rounded half away from zero. */
gint64 iv_pos_receipt_item_amount(const IvPosReceiptItem *item);

/* Puts it into the one form that is stored: a refund's amount is positive, lines decide `units`
 * where there are any. A line of whole pieces counts them, a weighed one counts one. */
void iv_pos_receipt_settle(IvPosReceipt *receipt);

/* NULL when it may be stored; else what is wrong (static text) and in which field. Looks at ranges,
 * at text and at the time, which must lie in 2000 or later and not in the future. */
const char *iv_pos_receipt_fault(const IvPosReceipt *receipt, IvTime now, const char **ret_field);

/* A name that is told in UTF-8, not empty, within `max` bytes and without control characters. */
gboolean iv_pos_receipt_text_is_valid(const char *text, gsize max);

/* SHA-256 over everything but the key: the same receipt gives the same, a changed one another. */
#define IV_POS_RECEIPT_DIGEST_BYTES 32
void iv_pos_receipt_digest(const IvPosReceipt *receipt, guint8 *ret_digest);

/* Digits of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD. `currency` is upper case. */
int iv_currency_digits(const char *currency);
gboolean iv_currency_is_valid(const char *currency); /* three capital letters */

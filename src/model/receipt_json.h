/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "model/receipt.h"

/* A receipt in JSON as a point of sale pushes it; docs/api/openapi.yaml, schema NewTransaction. */

#define IV_POS_RECEIPT_ERROR iv_pos_receipt_error_quark()
GQuark iv_pos_receipt_error_quark(void);
typedef enum { IV_POS_RECEIPT_ERROR_INVALID } IvPosReceiptError;

/* Reads and settles one; `ret_receipt` must be initialised and is cleared by the caller either way.
 * FALSE with the first thing that is wrong: the message is "/items/2/sku: must be a text", a JSON
 * pointer and what to do. Unknown keys are mistakes. */
gboolean iv_pos_receipt_from_json(const json_t *json, IvTime now, IvPosReceipt *ret_receipt,
                                  GError **error);

/* New reference: sku, name, quantity, unit_price_minor, discount_minor, amount_minor. */
json_t *iv_pos_receipt_item_to_json(const IvPosReceiptItem *item);

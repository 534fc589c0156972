/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"

/* What stands between the outbox of an edge and the ledger of a server: in one process a function
 * call into the receiver (outbox/receiver.h), else HTTP. */

#define IV_BATCH_MAX 500 /* events in one delivery, all of one store */

typedef enum {
  IV_VERDICT_NEW,       /* stored and counted now */
  IV_VERDICT_DUPLICATE, /* was there already; nothing changed */
  IV_VERDICT_REFUSED,   /* can never be taken; `reason` says why */
} IvVerdict;

typedef struct {
  IvVerdict verdict;
  gboolean late;      /* new, but its bucket was no longer provisional */
  const char *reason; /* static text; NULL unless refused */
} IvReceipt;

/* `self` is the first argument of each call. */
typedef struct {
  /* Delivers a batch (1 to IV_BATCH_MAX events of one store) and fills one receipt per event. TRUE
   * = everything is answered for and durable on the other side. FALSE with an error = nothing is
   * known, the whole batch will come again. Blocks; called from the sender's thread only. */
  gboolean (*deliver)(gpointer self, const IvEvent *events, guint n, IvReceipt *ret_receipts,
                      GError **error);
} IvLink;

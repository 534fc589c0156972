/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"
#include "sim/scenario.h"

/* What happened in the simulated store, one fact at a time: the truth that figures are held
 * against. docs/simulator.md says of each kind what it means. */

typedef enum {
  IV_FACT_VISIT_BEGIN,
  IV_FACT_VISIT_END,
  IV_FACT_LINE_CROSS,
  IV_FACT_PASS_BY,
  IV_FACT_TURN_BACK,
  IV_FACT_ZONE_ENTER,
  IV_FACT_ZONE_LEAVE,
  IV_FACT_SIGHT_FOUND,
  IV_FACT_SIGHT_LOST,
  IV_FACT_QUEUE_JOIN,
  IV_FACT_QUEUE_CALLED,
  IV_FACT_QUEUE_OUT,
  IV_FACT_QUEUE_SERVED,
  IV_FACT_QUEUE_ABANDON,
  IV_FACT_QUEUE_LEFT,
  IV_FACT_QUEUE_BALK,
  IV_FACT_QUEUE_SERVICE_END,
  IV_FACT_DISPLAY_PASS,
  IV_FACT_DISPLAY_LOOK,
  IV_FACT_DISPLAY_STOP,
  IV_FACT_SLOT_VIEW,
  IV_FACT_SLOT_TOUCH,
  IV_FACT_SLOT_PICK,
  IV_FACT_SLOT_RETURN,
  IV_FACT_SLOT_KEEP,
  IV_FACT_FITTING_WAIT,
  IV_FACT_FITTING_ENTER,
  IV_FACT_FITTING_LEAVE,
  IV_FACT_FITTING_ABANDON,
  IV_FACT_THEFT_CONCEAL,
  IV_FACT_THEFT_TAG,
  IV_FACT_THEFT_SWEEP,
  IV_FACT_THEFT_EXIT,
  IV_FACT_ACCESS_UNAUTHORISED,
  IV_FACT_ACCESS_AFTER_HOURS,
  IV_FACT_STAFF_ON,
  IV_FACT_STAFF_OFF,
  IV_FACT_STAFF_BREAK,
  IV_FACT_LANE_OPEN,
  IV_FACT_LANE_CLOSE,
  IV_FACTS
} IvFactKind;

typedef struct {
  IvTime ts;
  IvFactKind kind;
  guint32 agent; /* 0: nobody, as when a lane opens */
  guint32 party; /* 0: none */
  gboolean staff;
  int who;     /* kind of shopper, or role of staff; -1 passer-by, -2 who turned back, -3 nobody,
                      -4 an intruder at night */
  int subject; /* line, zone, lane, group's line, display, slot, cabin or room, as the kind says */
  int number;  /* see IvFactShape */
} IvFact;

/* How a kind is written. */
typedef struct {
  const char *name; /* "zone.enter" */
  const char
      *subject; /* "line", "zone", "queue", "lane", "display", "slot", "cabin", "room" or NULL */
  const char *number; /* "in" (0 or 1, written as dir), "position", "units", "height_cm" or NULL */
} IvFactShape;
const IvFactShape *iv_fact_shape(IvFactKind kind);

/* The subject of queue facts before a lane is known: queue groups come after the lanes. */
static inline int iv_fact_queue_of_group(const IvScenario *s, int group) {
  return (int)s->n_lanes + group;
}

typedef enum {
  IV_RECEIPT_SALE,
  IV_RECEIPT_REFUND,
  IV_RECEIPT_VOID,
  IV_RECEIPT_NO_SALE
} IvReceiptKind;
const char *iv_receipt_kind_name(IvReceiptKind kind);

#define IV_RECEIPT_ITEMS_MAX 128

typedef struct {
  int product;
  int units;
} IvReceiptItem;

typedef struct {
  IvTime ts;
  guint32 number;       /* counts up through a run */
  guint32 agent, party; /* 0: nobody was at the till */
  int lane;
  IvReceiptKind kind;
  int cents; /* of all items; a refund's are positive too */
  const IvReceiptItem *items;
  guint n_items;
} IvReceipt;

/* One JSON object and a newline each, appended to `text`. The header is the first line of a script:
 * all that a reader must know of the store to compute its figures. */
typedef struct {
  guint64 seed;
  IvTime start, until;
} IvScriptHeader;
void iv_fact_write_header(const IvScenario *s, const IvScriptHeader *header, GString *text);
void iv_fact_write(const IvScenario *s, const IvFact *fact, GString *text);
void iv_receipt_write(const IvScenario *s, const IvReceipt *receipt, GString *text);

/* CSV, one row an item (a receipt without items has one row with an empty sku). */
void iv_receipt_csv_header(GString *text);
void iv_receipt_csv(const IvScenario *s, const IvReceipt *receipt, GString *text);

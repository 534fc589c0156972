/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "base/ids.h"
#include "sim/floor.h"
#include "sim/random.h"

/* A place in a JSON document that remembers how it was reached, so that a mistake names it:
 * "lanes[2].service_point: ...". The first mistake is kept in the reading, and everything read
 * after it gives a harmless value; the reader looks once, at the end. Nodes live on the stack,
 * below the node they were reached from, and borrow its keys. */

#define IV_SCENARIO_ERROR (iv_scenario_error_quark())
GQuark iv_scenario_error_quark(void);
typedef enum { IV_SCENARIO_ERROR_SYNTAX, IV_SCENARIO_ERROR_VALUE } IvScenarioError;

typedef struct {
  GError *error;    /* the first mistake, or NULL */
  GPtrArray *owned; /* what iv_node_alloc gave; elements are freed with it */
} IvReading;

typedef struct IvNode {
  IvReading *reading;
  const struct IvNode *up;
  const char *key; /* NULL in a list */
  guint index;
  const json_t *json; /* NULL when it is absent */
} IvNode;

/* Keeps the message as the reading's mistake unless there is one already. */
void iv_node_fault(const IvNode *node, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* n zeroed elements that live as long as the scenario; never NULL. */
gpointer iv_node_alloc(const IvNode *node, gsize n, gsize size);

IvNode iv_node_root(IvReading *reading, const json_t *json);
IvNode iv_node_member(const IvNode *up, const char *key);   /* a mistake when it is not there */
IvNode iv_node_optional(const IvNode *up, const char *key); /* json is NULL when absent or null */
IvNode iv_node_item(const IvNode *up, guint index);

/* Length of a list; a mistake, and 0, when it is none or outside of min..max. */
guint iv_node_length(const IvNode *list, guint min, guint max);

/* Bounds are included. A value outside is a mistake, and gives min. */
double iv_node_number(const IvNode *up, const char *key, double min, double max);
double iv_node_number_or(const IvNode *up, const char *key, double min, double max, double absent);
double iv_node_item_number(const IvNode *list, guint index, double min, double max);
int iv_node_whole(const IvNode *up, const char *key, int min, int max);
gboolean iv_node_flag(const IvNode *up, const char *key, gboolean absent);

/* Text of 1..max bytes without control characters; borrowed from the document, "" on a mistake. */
const char *iv_node_text(const IvNode *up, const char *key, gsize max);
IvSlug iv_node_slug(const IvNode *up, const char *key);

/* Index of the text in a table of names; a mistake, and 0, when it is none of them. */
int iv_node_choice(const IvNode *up, const char *key, const char *const *names, guint n);

/* "HH:MM" as minutes of the day; 24:00 is 1440. */
int iv_node_clock(const IvNode *list, guint index);

IvSpot iv_node_spot(const IvNode *up, const char *key);
IvSpan iv_node_span(const IvNode *holder); /* its members a and b, not in one place */
/* A list of at least `min` spots; a polygon (min 3) must not cross itself. */
IvOutline iv_node_outline(const IvNode *up, const char *key, guint min);

/* {dist, mean, sd}; the mean within 0..max. */
IvRange iv_node_spread(const IvNode *up, const char *key, double max);
void iv_node_pair(const IvNode *up, const char *key, double min, double max, double ret_pair[2]);

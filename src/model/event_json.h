/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "model/event.h"

/* The envelope in JSON as API and outbox carry it: absent fields are left out, times are RFC 3339.
 * Returns a new reference (caller json_decref). */
json_t *iv_event_to_json(const IvEvent *event);

/* Its "attrs" alone; a new reference. */
json_t *iv_event_attrs_to_json(const IvEvent *event);

/* Reads one. Unknown keys and attributes are ignored; unknown kinds are kept by name. FALSE with
 * the first thing that is wrong (missing id, store_id, kind or ts; wrong type; too long).
 * `ret_event` untouched on failure. */
#define IV_EVENT_ERROR iv_event_error_quark()
GQuark iv_event_error_quark(void);
typedef enum { IV_EVENT_ERROR_INVALID } IvEventError;
gboolean iv_event_from_json(const json_t *json, IvEvent *ret_event, GError **error);

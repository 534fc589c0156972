/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* How many streams are pulled at once from one host: a recorder (NVR) with many channels takes only
 * so many connections, and one that is asked for more may drop those it has. Reference counted; any
 * thread. */
typedef struct IvHostSlots IvHostSlots;

/* `per_host` > 0. */
IvHostSlots *iv_host_slots_new(guint per_host);
IvHostSlots *iv_host_slots_ref(IvHostSlots *slots);
void iv_host_slots_unref(IvHostSlots *slots);

guint iv_host_slots_limit(const IvHostSlots *slots);

/* FALSE while the host has all it may have. Host names are taken as they are written, without
 * regard to case. What was taken is given back once. */
gboolean iv_host_slots_take(IvHostSlots *slots, const char *host);
void iv_host_slots_give(IvHostSlots *slots, const char *host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvHostSlots, iv_host_slots_unref)

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* A listening TCP socket of our own, so that what goes wrong can be told in plain words. */

/* Binds `address` (an IPv4 or IPv6 address, no name) and listens; non-blocking, close-on-exec.
 * `port` 0 takes a free one. Returns the descriptor and the port that is bound, or -1 with
 * IV_SERVER_ERROR_PORT_BUSY or _LISTEN. */
int iv_listener_open(const char *address, guint16 port, guint16 *ret_port, GError **error);

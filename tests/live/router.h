/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>
#include <netinet/in.h>

/* An address of this machine by which others reach it, for WebRTC leaves 127.0.0.1 alone; that
 * where there is no network. */
struct in_addr router_here(void);

/* What stands between two networks: datagrams that come to its port of router_here are passed on,
 * or not, on a thread of its own. */
typedef struct Router Router;

/* A router as shops have one: each of those behind it gets a port of its own outside, from which
 * what he sends goes to `outside`. */
Router *router_nat_new(const struct sockaddr_in *outside);

/* A firewall: only what comes from one of router_gate's two goes on, to the other one. */
Router *router_firewall_new(void);
void router_gate(Router *router, const struct sockaddr_in *a, const struct sockaddr_in *b);

struct sockaddr_in router_address(const Router *router);

/* TRUE when it is a port that somebody behind a NAT got outside. */
gboolean router_gave_port(Router *router, guint port);

/* Datagrams. */
guint64 router_passed(Router *router);
guint64 router_refused(Router *router);

void router_free(Router *router);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Router, router_free)

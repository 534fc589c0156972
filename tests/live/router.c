/* SPDX-License-Identifier: Apache-2.0 */
#include "router.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define INSIDE_MAX 16 /* behind a NAT */
#define LOOK_MS 20    /* whether it is to stop */

/* One behind a NAT, or one of a firewall's two. */
typedef struct {
  struct sockaddr_in address;
  int outside; /* its socket there; -1 at a firewall */
  guint port;
} Place;

struct Router {
  int inside;
  struct sockaddr_in address, to;
  gboolean nat;
  GThread *thread;

  GMutex mutex; /* guards what follows */
  gboolean stopping;
  Place places[INSIDE_MAX];
  guint n;
  guint64 passed, refused;
};

/* Where packets to somewhere else would come from; none is sent. */
struct in_addr router_here(void) {
  struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(9)};
  struct sockaddr_in here = {.sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof here;
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  inet_pton(AF_INET, "203.0.113.1", &there.sin_addr);
  if (connect(fd, (struct sockaddr *)&there, sizeof there) == 0)
    getsockname(fd, (struct sockaddr *)&here, &size);
  close(fd);
  return here.sin_addr;
}

/* Any free port. */
static int open_socket(struct sockaddr_in *ret_address) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = router_here()};
  socklen_t size = sizeof address;
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint(fd, >=, 0);
  g_assert_cmpint(bind(fd, (struct sockaddr *)&address, size), ==, 0);
  g_assert_cmpint(getsockname(fd, (struct sockaddr *)&address, &size), ==, 0);
  *ret_address = address;
  return fd;
}

static gboolean same(const struct sockaddr_in *a, const struct sockaddr_in *b) {
  return a->sin_port == b->sin_port && a->sin_addr.s_addr == b->sin_addr.s_addr;
}

/* Called with the mutex. */
static Place *find(Router *router, const struct sockaddr_in *from) {
  for (guint i = 0; i < router->n; i++)
    if (same(&router->places[i].address, from))
      return &router->places[i];
  return NULL;
}

static Place *find_or_add(Router *router, const struct sockaddr_in *from) {
  struct sockaddr_in outside;
  Place *place = find(router, from);
  if (place || router->n == INSIDE_MAX)
    return place;
  place = &router->places[router->n++];
  *place = (Place){.address = *from, .outside = open_socket(&outside)};
  place->port = ntohs(outside.sin_port);
  return place;
}

static gboolean send_on(int fd, const guint8 *bytes, gssize n, const struct sockaddr_in *to) {
  return sendto(fd, bytes, (gsize)n, 0, (const struct sockaddr *)to, sizeof *to) == n;
}

static gboolean from_inside(Router *router, const guint8 *bytes, gssize n,
                            const struct sockaddr_in *from) {
  if (router->nat) {
    const Place *place = find_or_add(router, from);
    return place && send_on(place->outside, bytes, n, &router->to);
  }
  const Place *place = find(router, from);
  const Place *other = place == &router->places[0] ? &router->places[1] : &router->places[0];
  return place && send_on(router->inside, bytes, n, &other->address);
}

static void take(Router *router, int fd, const Place *place) {
  guint8 bytes[2048];
  struct sockaddr_in from;
  socklen_t size = sizeof from;
  gssize n = recvfrom(fd, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&from, &size);
  if (n < 0)
    return;
  g_mutex_lock(&router->mutex);
  gboolean passed = place ? send_on(router->inside, bytes, n, &place->address)
                          : from_inside(router, bytes, n, &from);
  router->passed += passed;
  router->refused += !passed;
  g_mutex_unlock(&router->mutex);
}

static gpointer run(gpointer user_data) {
  Router *router = user_data;
  for (gboolean stopping = FALSE; !stopping;) {
    struct pollfd fds[1 + INSIDE_MAX] = {{.fd = router->inside, .events = POLLIN}};
    g_mutex_lock(&router->mutex);
    guint n = router->nat ? router->n : 0;
    for (guint i = 0; i < n; i++)
      fds[1 + i] = (struct pollfd){.fd = router->places[i].outside, .events = POLLIN};
    stopping = router->stopping;
    g_mutex_unlock(&router->mutex);
    if (poll(fds, 1 + n, LOOK_MS) <= 0)
      continue;
    for (guint i = 0; i <= n; i++)
      if (fds[i].revents)
        take(router, fds[i].fd, i > 0 ? &router->places[i - 1] : NULL);
  }
  return NULL;
}

static Router *router_new(gboolean nat) {
  Router *router = g_new0(Router, 1);
  g_mutex_init(&router->mutex);
  router->inside = open_socket(&router->address);
  router->nat = nat;
  return router;
}

Router *router_nat_new(const struct sockaddr_in *outside) {
  Router *router = router_new(TRUE);
  router->to = *outside;
  router->thread = g_thread_new("nat", run, router);
  return router;
}

Router *router_firewall_new(void) {
  Router *router = router_new(FALSE);
  router->thread = g_thread_new("firewall", run, router);
  return router;
}

void router_gate(Router *router, const struct sockaddr_in *a, const struct sockaddr_in *b) {
  g_mutex_lock(&router->mutex);
  router->places[0] = (Place){*a, -1, 0};
  router->places[1] = (Place){*b, -1, 0};
  router->n = 2;
  g_mutex_unlock(&router->mutex);
}

struct sockaddr_in router_address(const Router *router) {
  return router->address;
}

gboolean router_gave_port(Router *router, guint port) {
  gboolean gave = FALSE;
  g_mutex_lock(&router->mutex);
  for (guint i = 0; i < router->n; i++)
    gave |= router->places[i].port == port;
  g_mutex_unlock(&router->mutex);
  return gave;
}

guint64 router_passed(Router *router) {
  g_mutex_lock(&router->mutex);
  guint64 passed = router->passed;
  g_mutex_unlock(&router->mutex);
  return passed;
}

guint64 router_refused(Router *router) {
  g_mutex_lock(&router->mutex);
  guint64 refused = router->refused;
  g_mutex_unlock(&router->mutex);
  return refused;
}

void router_free(Router *router) {
  g_mutex_lock(&router->mutex);
  router->stopping = TRUE;
  g_mutex_unlock(&router->mutex);
  g_thread_join(router->thread);
  for (guint i = 0; router->nat && i < router->n; i++)
    close(router->places[i].outside);
  close(router->inside);
  g_mutex_clear(&router->mutex);
  g_free(router);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/discovery.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ids.h"
#include "onvif/onvif_error.h"

#define GROUP "239.255.255.250"
#define PORT 3702
#define PROBES 3
#define PROBE_GAP (IV_SECOND / 2)
#define SECONDS 3.0
#define MS (IV_SECOND / 1000)
#define SOCKETS_MAX 32
#define DATAGRAM_MAX 65536
#define DATAGRAMS_MAX 4096 /* then it is a flood, and enough */

typedef struct {
  struct pollfd sockets[SOCKETS_MAX];
  guint n_sockets, n_datagrams;
  struct sockaddr_in target;
  char *probe;
  GPtrArray *found;
} Search;

static void search_clear(Search *search) {
  for (guint i = 0; i < search->n_sockets; i++)
    close(search->sockets[i].fd);
  g_free(search->probe);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

/* The same message each time, so that a device answers a repetition once. */
static char *make_probe(void) {
  guint8 seed[16] = {0};
  char id[IV_UUID_TEXT_MAX];
  if (getrandom(seed, sizeof seed, 0) < 0)
    memset(seed, 0, sizeof seed); /* the time alone then */
  IvUuid uuid = iv_uuid_v7_from(iv_clock_now(), seed, sizeof seed);
  return g_strdup_printf(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
      "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\""
      " xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\">"
      "<s:Header>"
      "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>"
      "<a:MessageID>urn:uuid:%s</a:MessageID>"
      "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>"
      "</s:Header><s:Body>"
      "<d:Probe xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\">"
      "<d:Types xmlns:n=\"http://www.onvif.org/ver10/network/wsdl\">n:NetworkVideoTransmitter"
      "</d:Types></d:Probe></s:Body></s:Envelope>",
      iv_uuid_to_text(&uuid, id));
}

/* ---- where to ask ---- */

static gboolean read_target(const char *text, struct sockaddr_in *ret_target, GError **error) {
  g_auto(GStrv) parts = g_strsplit(text ? text : GROUP, ":", 2);
  guint64 port = PORT;
  struct sockaddr_in target = {.sin_family = AF_INET};
  gboolean fine = inet_pton(AF_INET, parts[0], &target.sin_addr) == 1;
  if (fine && parts[1])
    fine = g_ascii_string_to_unsigned(parts[1], 10, 1, G_MAXUINT16, &port, NULL);
  if (!fine) {
    g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_INVALID,
                        "whom to ask must be an IPv4 address, with a port where it is not 3702");
    return FALSE;
  }
  target.sin_port = htons((guint16)port);
  *ret_target = target;
  return TRUE;
}

/* FALSE when this one can't be used; the others may. */
static gboolean add_socket(Search *search, struct in_addr from) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr = from};
  if (fd < 0)
    return FALSE;
  if (bind(fd, (struct sockaddr *)&local, sizeof local) < 0 ||
      setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &from, sizeof from) < 0) {
    close(fd);
    return FALSE;
  }
  search->sockets[search->n_sockets++] = (struct pollfd){.fd = fd, .events = POLLIN};
  return TRUE;
}

static gboolean is_wanted(const struct ifaddrs *one, const char *interface) {
  char address[INET_ADDRSTRLEN];
  if (!one->ifa_addr || one->ifa_addr->sa_family != AF_INET || !(one->ifa_flags & IFF_UP))
    return FALSE;
  if (!interface)
    return !(one->ifa_flags & IFF_LOOPBACK);
  inet_ntop(AF_INET, &((struct sockaddr_in *)one->ifa_addr)->sin_addr, address, sizeof address);
  return strcmp(interface, one->ifa_name) == 0 || strcmp(interface, address) == 0;
}

static gboolean open_sockets(Search *search, const IvDiscoveryConfig *config, GError **error) {
  struct ifaddrs *all = NULL;
  gboolean any = FALSE;
  if (config->target && !config->interface)
    any = add_socket(search, (struct in_addr){INADDR_ANY});
  else if (getifaddrs(&all) < 0)
    all = NULL;
  for (struct ifaddrs *one = all; one && search->n_sockets < SOCKETS_MAX; one = one->ifa_next)
    if (is_wanted(one, config->interface)) {
      any = TRUE;
      add_socket(search, ((struct sockaddr_in *)one->ifa_addr)->sin_addr);
    }
  freeifaddrs(all);
  if (search->n_sockets > 0)
    return TRUE;
  if (config->interface && !any)
    g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_INVALID,
                        "this machine has no network interface of that name or IPv4 address");
  else
    g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_UNREACHABLE,
                        "this machine is in no IPv4 network that could be asked");
  return FALSE;
}

/* ---- asking ---- */

/* How many networks took it. */
static guint send_probe(const Search *search) {
  guint taken = 0;
  gsize n = strlen(search->probe);
  for (guint i = 0; i < search->n_sockets; i++)
    taken += sendto(search->sockets[i].fd, search->probe, n, MSG_NOSIGNAL,
                    (const struct sockaddr *)&search->target, sizeof search->target) == (gssize)n;
  return taken;
}

static void receive(Search *search, int fd, char *buffer) {
  struct sockaddr_in from = {0};
  socklen_t length = sizeof from;
  char sender[INET_ADDRSTRLEN];
  ssize_t n;
  while (search->n_datagrams < DATAGRAMS_MAX &&
         (n = recvfrom(fd, buffer, DATAGRAM_MAX, 0, (struct sockaddr *)&from, &length)) > 0) {
    search->n_datagrams++;
    g_autoptr(xmlDoc) doc = iv_xml_read(buffer, (gsize)n, NULL);
    if (doc && inet_ntop(AF_INET, &from.sin_addr, sender, sizeof sender))
      iv_onvif_read_matches(doc, sender, IV_DISCOVERY_FOUND_MAX, search->found);
    length = sizeof from;
  }
}

/* Until `end` (monotonic). */
static void collect(Search *search, IvTime end, char *buffer) {
  for (IvTime now; (now = iv_clock_monotonic()) < end && search->n_datagrams < DATAGRAMS_MAX;) {
    if (poll(search->sockets, search->n_sockets, (int)((end - now) / MS) + 1) < 0 && errno != EINTR)
      return;
    for (guint i = 0; i < search->n_sockets; i++)
      if (search->sockets[i].revents)
        receive(search, search->sockets[i].fd, buffer);
  }
}

static int by_host(gconstpointer a, gconstpointer b) {
  const IvOnvifFound *first = *(IvOnvifFound *const *)a, *second = *(IvOnvifFound *const *)b;
  struct in_addr at[2] = {{0}, {0}};
  inet_aton(first->host, &at[0]);
  inet_aton(second->host, &at[1]);
  guint32 one = ntohl(at[0].s_addr), two = ntohl(at[1].s_addr);
  return one != two ? (one > two) - (one < two) : strcmp(first->host, second->host);
}

static gboolean ask(Search *search, IvTime duration, GError **error) {
  g_autofree char *buffer = g_malloc(DATAGRAM_MAX);
  IvTime begin = iv_clock_monotonic(), end = begin + duration;
  guint taken = 0;
  for (int i = 0; i < PROBES; i++) {
    taken += send_probe(search);
    collect(search, i + 1 < PROBES ? MIN(begin + (i + 1) * PROBE_GAP, end) : end, buffer);
  }
  if (taken == 0)
    g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_UNREACHABLE,
                        "no network took the question: is this machine connected?");
  return taken > 0;
}

GPtrArray *iv_onvif_discover(const IvDiscoveryConfig *config, GError **error) {
  g_auto(Search) search = {.probe = make_probe()};
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)iv_onvif_found_free);
  double seconds = config->seconds > 0 ? MIN(config->seconds, IV_DISCOVERY_SECONDS_MAX) : SECONDS;
  search.found = found;
  if (!read_target(config->target, &search.target, error) ||
      !open_sockets(&search, config, error) || !ask(&search, (IvTime)(seconds * IV_SECOND), error))
    return NULL;
  g_ptr_array_sort(found, by_host);
  return g_steal_pointer(&found);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "api/net/listener.h"

#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/server.h"

#define BACKLOG 256

static void set_bind_error(GError **error, int code, const char *address, guint16 port) {
  switch (code) {
  case EADDRINUSE:
    g_set_error(error, IV_SERVER_ERROR, IV_SERVER_ERROR_PORT_BUSY,
                "port %u of %s is in use by another program; choose another one with server.port "
                "in the configuration or --port (0 takes any free one)",
                port, address);
    return;
  case EACCES:
    g_set_error(error, IV_SERVER_ERROR, IV_SERVER_ERROR_LISTEN,
                "no right to listen on port %u of %s; choose a port from 1024 on with server.port "
                "in the configuration or --port",
                port, address);
    return;
  case EADDRNOTAVAIL:
    g_set_error(error, IV_SERVER_ERROR, IV_SERVER_ERROR_LISTEN,
                "%s is not an address of this machine; set server.listen to one of its addresses "
                "(127.0.0.1 for this machine only, 0.0.0.0 for every network)",
                address);
    return;
  default:
    g_set_error(error, IV_SERVER_ERROR, IV_SERVER_ERROR_LISTEN, "can't listen on port %u of %s: %s",
                port, address, g_strerror(code));
  }
}

static GSocketAddress *parse_address(const char *address, guint16 port, GError **error) {
  GSocketAddress *parsed = g_inet_socket_address_new_from_string(address, port);
  if (!parsed)
    g_set_error(error, IV_SERVER_ERROR, IV_SERVER_ERROR_LISTEN,
                "\"%s\" is not an IP address; set server.listen to one such as 127.0.0.1", address);
  return parsed;
}

static guint16 bound_port(int fd) {
  struct sockaddr_storage bound;
  socklen_t length = sizeof bound;
  if (getsockname(fd, (struct sockaddr *)&bound, &length) != 0)
    return 0;
  return bound.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&bound)->sin6_port)
                                     : ntohs(((struct sockaddr_in *)&bound)->sin_port);
}

static int bind_and_listen(const struct sockaddr *native, socklen_t length) {
  int on = 1;
  int fd = socket(native->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  /* A restart must not wait for connections of the last run to time out. */
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, native, length) == 0 && listen(fd, BACKLOG) == 0)
    return fd;
  int code = errno;
  close(fd);
  errno = code;
  return -1;
}

int iv_listener_open(const char *address, guint16 port, guint16 *ret_port, GError **error) {
  g_autoptr(GSocketAddress) parsed = parse_address(address, port, error);
  if (!parsed)
    return -1;
  struct sockaddr_storage native;
  gssize length = g_socket_address_get_native_size(parsed);
  if (!g_socket_address_to_native(parsed, &native, sizeof native, error))
    return -1;
  int fd = bind_and_listen((struct sockaddr *)&native, (socklen_t)length);
  if (fd < 0)
    set_bind_error(error, errno, address, port);
  else
    *ret_port = bound_port(fd);
  return fd;
}

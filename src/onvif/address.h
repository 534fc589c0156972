/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Addresses that people enter and devices tell. Pure; any thread. */

/* An HTTP address taken apart. */
typedef struct {
  char *scheme, *host,
      *path; /* "http" or "https"; without brackets; "" or from '/' on, with query */
  int port;  /* 0 = not said */
} IvOnvifAddress;
void iv_onvif_address_clear(IvOnvifAddress *address);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvOnvifAddress, iv_onvif_address_clear)

/* "192.168.1.20", "camera.shop:8080", "[fe80::1]", or a whole http or https address. FALSE with
 * IV_ONVIF_ERROR_INVALID; a login in front of the host is refused, and not repeated in the error.
 */
gboolean iv_onvif_address_read(const char *text, IvOnvifAddress *ret_address, GError **error);

/* The caller frees. `path` NULL = the address' own; port 0 = its own, too. */
char *iv_onvif_address_text(const IvOnvifAddress *address, int port, const char *path);
/* "host", "host:8080"; `address` must be whole. The caller frees. */
char *iv_onvif_address_place(const IvOnvifAddress *address);

/* A service as the device tells it, on the host that was reached: behind NAT, and after a change of
 * their network, devices tell addresses that lead nowhere, and none may send us elsewhere. Host,
 * port and scheme are those of `reached` unless the hosts are the same. NULL when it is not one of
 * HTTP. The caller frees. */
char *iv_onvif_service_at(const char *told, const IvOnvifAddress *reached);

/* Likewise a stream (rtsp, rtsps); its port stays. Without the login that some devices write into
 * it. NULL when cameras can't be read by it. The caller frees. */
char *iv_onvif_stream_at(const char *told, const IvOnvifAddress *reached);

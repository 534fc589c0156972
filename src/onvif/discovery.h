/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "onvif/answers.h"

/* Finding cameras and recorders in the network (WS-Discovery): each IPv4 network of this machine is
 * asked, some times, as datagrams get lost; who hears it answers within a second or so. */

#define IV_DISCOVERY_FOUND_MAX 512
#define IV_DISCOVERY_SECONDS_MAX 30

typedef struct {
  const char
      *interface;     /* name ("eth0") or IPv4 address of one to ask by; NULL = all but loopback */
  const char *target; /* IPv4 address, with :port if it is another one, to ask in place of the
                         group 239.255.255.250:3702; NULL = the group */
  double seconds;     /* how long to collect answers; 0 = 3 */
} IvDiscoveryConfig;

/* Blocks for `seconds`. Owning array of IvOnvifFound, by host; the caller unrefs. NULL with
 * IV_ONVIF_ERROR_INVALID, or _UNREACHABLE when no network could be asked. Any thread. */
GPtrArray *iv_onvif_discover(const IvDiscoveryConfig *config, GError **error);

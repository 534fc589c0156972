/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"
#include "onvif/xml.h"

/* What a device answers, beside its profiles (onvif/profile.h). Pure; any thread. */

/* Of GetSystemDateAndTimeResponse: UTC. FALSE when it tells none that can be (1970 to 2100). */
gboolean iv_onvif_read_time(const xmlNode *answer, IvTime *ret_time);

/* Addresses of the media services as the device tells them; "" = it has none. */
typedef struct {
  char *first, *second; /* ver10 and ver20; only the second one knows H.265 */
} IvOnvifMedia;
void iv_onvif_media_clear(IvOnvifMedia *media);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvOnvifMedia, iv_onvif_media_clear)

/* Of GetServicesResponse or GetCapabilitiesResponse. */
void iv_onvif_read_media(const xmlNode *answer, IvOnvifMedia *ret_media);

/* A device that answered a probe. */
typedef struct {
  char *endpoint;                   /* its name for ever, mostly "urn:uuid:..." */
  char *service;                    /* address of its device service, on the host that answered */
  char *host;                       /* that host, with its port where it is not 80 */
  char *name, *hardware, *location; /* as it says; "" = it does not */
} IvOnvifFound;
void iv_onvif_found_free(IvOnvifFound *found);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvOnvifFound, iv_onvif_found_free)

/* Each video device that a ProbeMatches (WS-Discovery) from `sender` (IP address) names is added to
 * `found` (owning array of IvOnvifFound), unless one with its endpoint is there or `found` has
 * `max` of them. What is no such message adds none. */
void iv_onvif_read_matches(const xmlDoc *doc, const char *sender, guint max, GPtrArray *found);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "onvif/address.h"
#include "onvif/device.h"
#include "onvif/post.h"

/* One conversation with a device; of this room alone. */
typedef struct {
  const IvOnvifQuery *query;
  IvPost *post;
  IvOnvifAddress reached; /* of the device service */
  IvTime end;             /* monotonic */
  gboolean has_login;
  IvOnvifDevice *device; /* what is known by now */
} IvTalk;
void iv_talk_clear(IvTalk *talk);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IvTalk, iv_talk_clear)

#define IV_DEVICE_NS "xmlns=\"http://www.onvif.org/ver10/device/wsdl\""

/* Finds the device service and reads its clock; fills device->service, ->host and the clock, and
 * makes `reached` what it is. FALSE with IV_ONVIF_ERROR. */
gboolean iv_talk_begin(IvTalk *talk, GError **error);

/* Asks, signed where there is a login. The element that answers, which lives in `ret_doc` (the
 * caller frees); NULL with IV_ONVIF_ERROR. */
xmlNode *iv_talk_ask(IvTalk *talk, const char *url, const char *body, xmlDoc **ret_doc,
                     GError **error);

gboolean iv_talk_is_login(const GError *error); /* the login is missing or refused */

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"
#include "onvif/profile.h"

/* Asking a camera or recorder by ONVIF what it is and which streams it has. */

typedef struct {
  const char *host;            /* iv_onvif_address_read: name or address, with port, or a whole
                                  address of its device service, as discovery tells it */
  const char *user, *password; /* NULL or "" = none */
  double seconds;              /* at most, for everything; 0 = 10 */
} IvOnvifQuery;

typedef struct {
  char *url;  /* as iv_url_split takes it; without a login in front of the host. What the device
                 itself writes behind the host stays, as it belongs to the address */
  char *name; /* of the profile */
  char codec[IV_PROFILE_CODEC_MAX];
  int width, height;        /* 0 = not told; likewise the next ones */
  double fps, bitrate;      /* as set: frames/s, bit/s */
  double keyframe_interval; /* seconds */
} IvOnvifStream;

typedef struct {
  guint number;                            /* from 1 on */
  char *source;                            /* the device's word for it */
  IvOnvifStream *main_stream, *sub_stream; /* at least one is there; the other may be NULL */
} IvOnvifChannel;

typedef struct {
  char *host;    /* that was reached, with its port where it is not 80 */
  char *service; /* address of its device service */
  char *manufacturer, *model, *firmware, *serial; /* "" = not told */
  gboolean clock_known;
  IvTime clock_offset;   /* its clock minus ours */
  GPtrArray *channels;   /* owning, of IvOnvifChannel; a camera has one */
  gboolean is_truncated; /* time ran out, or some streams were not told: there are more */
} IvOnvifDevice;
void iv_onvif_device_free(IvOnvifDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvOnvifDevice, iv_onvif_device_free)

/* A clock that is off by more than this is worth a word; logins are made by the device's own. */
#define IV_ONVIF_CLOCK_LIMIT (5 * IV_SECOND)
/* "1 h 0 min ahead", "42 s behind". The caller frees. */
char *iv_onvif_clock_text(IvTime offset);

/* Blocks for up to `seconds`. NULL with IV_ONVIF_ERROR. Any thread. */
IvOnvifDevice *iv_onvif_look_up(const IvOnvifQuery *query, GError **error);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Why a device could not be asked. Messages are for people: one line, what is so and what to do,
 * never a password. */
#define IV_ONVIF_ERROR (iv_onvif_error_quark())
GQuark iv_onvif_error_quark(void);
typedef enum {
  IV_ONVIF_ERROR_INVALID,     /* what was asked for can't be: no host, no such interface, ... */
  IV_ONVIF_ERROR_UNREACHABLE, /* nobody answers there */
  IV_ONVIF_ERROR_LOGIN,       /* a login is missing, or wrong */
  IV_ONVIF_ERROR_NOT_ONVIF,   /* something answers, but not as ONVIF wants, or it has no video */
} IvOnvifError;

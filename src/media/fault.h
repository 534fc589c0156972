/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gst/gst.h>

/* Why a camera gives no pictures, in words for people: what is wrong and what to do. GStreamer's
 * own texts name elements and source lines. */

/* Where the fault happened; text is borrowed. */
typedef struct {
  const char *host; /* NULL for files */
  guint16 port;
  gboolean login; /* a user or password was sent */
} IvFaultPlace;

/* The reason for a GStreamer error message (of GST_MESSAGE_ERROR); caller frees. Never holds a
 * secret. When a connection failed, GStreamer doesn't say why: then one connection is tried here to
 * find out (up to 2 s; the camera gave none to us anyway). */
char *iv_fault_reason(GstMessage *message, const IvFaultPlace *place);

/* Why no connection to host and port can be had, NULL when one can; up to 2 s. Caller frees. */
char *iv_fault_reach(const IvFaultPlace *place);

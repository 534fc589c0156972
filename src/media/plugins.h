/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gst/gst.h>

#include "model/unit.h"

/* What of GStreamer is installed, and which Debian package is missing if not. */

/* gst_init, once; thread-safe. */
void iv_plugins_init(void);

/* The caps' codec; IV_CODEC_NONE for what isn't encoded video. */
IvCodec iv_codec_of_caps(const GstCaps *caps);

/* A new decoder for `caps`, set up for one thread; floating reference. Prefers libav, then what
 * else is installed. `live`: pictures are wanted at once rather than held back for reordering.
 * Fails with IV_INGEST_ERROR_PLUGIN; the message names the package. */
GstElement *iv_plugins_decoder(const GstCaps *caps, gboolean live, GError **error);

/* TRUE when all the named elements (NULL-terminated) exist, else FALSE and `error` as above. */
gboolean iv_plugins_need(const char *const *elements, GError **error);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gst/gst.h>

#include "model/unit.h"

/* Encoded units as GStreamer's buffers and back, without a copy of the bytes. */

/* The unit's bytes are the buffer's, which stays mapped until the unit goes. FALSE when it can't be
 * mapped or is larger than IV_UNIT_BYTES_MAX. */
gboolean iv_unit_map_buffer(IvEncodedUnit *unit, GstBuffer *buffer);

/* Takes caps (referenced), their generation, and from them codec and size. */
void iv_unit_set_caps(IvEncodedUnit *unit, GstCaps *caps, guint generation);

/* The buffer holds a reference to the unit; without times. */
GstBuffer *iv_unit_to_buffer(IvEncodedUnit *unit);

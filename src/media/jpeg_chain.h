/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gst/gst.h>

/* Motion JPEG, which some older cameras send, becomes H.264 where it comes in: so it is recorded,
 * watched and analysed like any other camera. It costs an encoder for each such camera. */

#define IV_JPEG_CHAIN_MAX 8 /* elements, with the NULL that ends them */

/* Elements from JPEG pictures to H.264, floating; NULL ends them. What they need is named by
 * iv_jpeg_chain_needs. */
void iv_jpeg_chain_make(GstElement *ret_chain[IV_JPEG_CHAIN_MAX]);

/* NULL-terminated names, for iv_plugins_need. */
extern const char *const iv_jpeg_chain_needs[];

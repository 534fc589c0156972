/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/geometry.h"

/* Whether bytes are a picture that a browser may be given: PNG or JPEG, by their structure (not
 * decoded). Pure. */

#define IV_RASTER_BYTES_MAX (4 * 1024 * 1024)
#define IV_RASTER_SIDE_MAX 8192
#define IV_RASTER_NAME_MAX 17

typedef enum { IV_RASTER_PNG, IV_RASTER_JPEG } IvRasterKind;

typedef struct {
  IvRasterKind kind;
  IvSize size;                   /* pixels */
  char name[IV_RASTER_NAME_MAX]; /* first 16 hex digits of SHA-256 over the bytes */
} IvRaster;

#define IV_RASTER_ERROR (iv_raster_error_quark())
GQuark iv_raster_error_quark(void);
typedef enum { IV_RASTER_ERROR_INVALID } IvRasterError;

/* The message says what is wrong and what to do. */
gboolean iv_raster_look(const void *bytes, gsize length, IvRaster *ret_raster, GError **error);

const char *iv_raster_type(IvRasterKind kind);   /* "image/png"; static */
const char *iv_raster_ending(IvRasterKind kind); /* ".png"; static */

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* The checksum of ZIP files (ISO 3309). Begin with 0 and go on with what came out. Pure. */
guint32 iv_crc32(guint32 crc, const void *bytes, gsize n);

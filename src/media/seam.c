/* SPDX-License-Identifier: Apache-2.0 */
#include "media/seam.h"

#include <string.h>

/* 7d1f64a2-9c5e-4b83-a6f1-2e8b93d45c17, drawn for this purpose. It has no two zero bytes in a row,
 * so the message needs no emulation prevention. */
#define SEAM_UUID                                                                                  \
  0x7d, 0x1f, 0x64, 0xa2, 0x9c, 0x5e, 0x4b, 0x83, 0xa6, 0xf1, 0x2e, 0x8b, 0x93, 0xd4, 0x5c, 0x17
#define UUID_SIZE 16

static const guint8 uuid[UUID_SIZE] = {SEAM_UUID};

/* Start code, NAL header (SEI), payload type 5, payload size 16, UUID, stop bit. */
static const guint8 nal_h264[] = {0, 0, 0, 1, 0x06, 0x05, UUID_SIZE, SEAM_UUID, 0x80};

const guint8 *iv_seam_nal_h264(gsize *ret_size) {
  *ret_size = sizeof nal_h264;
  return nal_h264;
}

gboolean iv_seam_is_ours(const guint8 *payload, gsize size) {
  return size >= UUID_SIZE && memcmp(payload, uuid, UUID_SIZE) == 0;
}

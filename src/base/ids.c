/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ids.h"

#include <string.h>

gboolean iv_slug_is_valid(const char *text) {
  gsize n = text ? strnlen(text, IV_SLUG_MAX + 1) : 0;
  if (n < 1 || n > IV_SLUG_MAX)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!(text[i] >= 'a' && text[i] <= 'z') && !g_ascii_isdigit(text[i]) && text[i] != '-')
      return FALSE;
  return TRUE;
}

gboolean iv_slug_set(IvSlug *ret_slug, const char *text) {
  if (!iv_slug_is_valid(text))
    return FALSE;
  memset(ret_slug, 0, sizeof *ret_slug);
  memcpy(ret_slug->text, text, strlen(text));
  return TRUE;
}

IvUuid iv_uuid_v7_from(IvTime ts, const void *seed, gsize seed_len) {
  guint8 digest[32];
  gsize digest_len = sizeof digest;
  g_autoptr(GChecksum) sha = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(sha, seed, (gssize)seed_len);
  g_checksum_get_digest(sha, digest, &digest_len);

  IvUuid uuid;
  guint64 ms = (guint64)(MAX(ts, 0) / IV_MS);
  for (int i = 0; i < 6; i++)
    uuid.bytes[i] = (guint8)(ms >> (40 - 8 * i));
  memcpy(uuid.bytes + 6, digest, 10);
  uuid.bytes[6] = (guint8)(0x70 | (uuid.bytes[6] & 0x0f));
  uuid.bytes[8] = (guint8)(0x80 | (uuid.bytes[8] & 0x3f));
  return uuid;
}

char *iv_uuid_to_text(const IvUuid *uuid, char *ret_text) {
  static const char hex[] = "0123456789abcdef";
  char *p = ret_text;
  for (int i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      *p++ = '-';
    *p++ = hex[uuid->bytes[i] >> 4];
    *p++ = hex[uuid->bytes[i] & 15];
  }
  *p = '\0';
  return ret_text;
}

gboolean iv_uuid_from_text(const char *text, IvUuid *ret_uuid) {
  IvUuid uuid = {{0}};
  int nibbles = 0;
  if (!text || strnlen(text, IV_UUID_TEXT_MAX) != IV_UUID_TEXT_MAX - 1)
    return FALSE;
  for (int i = 0; i < IV_UUID_TEXT_MAX - 1; i++) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-')
        return FALSE;
      continue;
    }
    int v = g_ascii_xdigit_value(text[i]);
    if (v < 0)
      return FALSE;
    uuid.bytes[nibbles / 2] = (guint8)(uuid.bytes[nibbles / 2] << 4 | v);
    nibbles++;
  }
  *ret_uuid = uuid;
  return TRUE;
}

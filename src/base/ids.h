/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* Names of stores, cameras, zones, lines: slugs [a-z0-9-]{1,40}. */
#define IV_SLUG_MAX 40
typedef struct {
  char text[IV_SLUG_MAX + 1]; /* NUL-terminated; "" = none */
} IvSlug;

gboolean iv_slug_is_valid(const char *text);

/* Copies `text` if it is a slug; FALSE (and `ret_slug` untouched) otherwise. */
gboolean iv_slug_set(IvSlug *ret_slug, const char *text);

static inline gboolean iv_slug_is_none(const IvSlug *slug) {
  return slug->text[0] == '\0';
}

/* 16 bytes, RFC 9562. */
typedef struct {
  guint8 bytes[16];
} IvUuid;

#define IV_UUID_TEXT_MAX 37

/* UUIDv7 whose random bits are the first 74 bits of SHA-256 over `seed`, so that replaying the same
 * fact gives the same id. `ts` before 1970 counts as 1970. Pure. */
IvUuid iv_uuid_v7_from(IvTime ts, const void *seed, gsize seed_len);

char *iv_uuid_to_text(const IvUuid *uuid, char *ret_text); /* IV_UUID_TEXT_MAX bytes */
gboolean iv_uuid_from_text(const char *text, IvUuid *ret_uuid);

/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/bundle_peek.h"

#include <string.h>

#include "evidence/zip_format.h"

#define FIRST 4 /* files that are looked at */

static guint64 le(const guint8 *at, guint bytes) {
  guint64 value = 0;
  for (guint i = bytes; i > 0; i--)
    value = value << 8 | at[i - 1];
  return value;
}

static GBytes *refuse(GError **error, const char *what) {
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "it is no bundle: %s", what);
  return NULL;
}

typedef struct {
  char name[IV_ZIP_NAME_MAX + 1]; /* without its folder */
  guint64 offset, size;           /* of its contents */
} Head;

/* The file whose own head is at `at`. FALSE without an error: there is no more of ours. */
static gboolean read_head(IvBundleRead read, gpointer user_data, guint64 at, guint64 bytes,
                          Head *ret, GError **error) {
  gsize room = (gsize)MIN(bytes - MIN(at, bytes), IV_ZIP_LOCAL_BYTES + IV_ZIP_NAME_MAX);
  g_autoptr(GBytes) part = room > IV_ZIP_LOCAL_BYTES ? read(at, room, user_data, error) : NULL;
  const guint8 *head = part ? g_bytes_get_data(part, NULL) : NULL;
  if (!head || le(head, 4) != IV_ZIP_LOCAL || le(head + 8, 2) != 0)
    return FALSE;
  gsize name = (gsize)le(head + 26, 2), extra = (gsize)le(head + 28, 2);
  if (name == 0 || name > IV_ZIP_NAME_MAX || IV_ZIP_LOCAL_BYTES + name > room ||
      le(head + 18, 4) == IV_ZIP_LARGE)
    return FALSE;
  g_autofree char *full = g_strndup((const char *)head + IV_ZIP_LOCAL_BYTES, name);
  const char *slash = strchr(full, '/');
  g_strlcpy(ret->name, slash ? slash + 1 : full, sizeof ret->name);
  ret->size = le(head + 18, 4);
  ret->offset = at + IV_ZIP_LOCAL_BYTES + name + extra;
  return TRUE;
}

GBytes *iv_bundle_peek(IvBundleRead read, gpointer user_data, guint64 bytes, const char *name,
                       gsize max, GError **error) {
  g_autoptr(GError) wrong = NULL;
  guint64 at = 0;
  for (guint i = 0; i < FIRST; i++) {
    Head head;
    if (!read_head(read, user_data, at, bytes, &head, &wrong))
      break;
    if (strcmp(head.name, name) == 0)
      return head.size > 0 && head.size <= max && head.offset + head.size <= bytes
                 ? read(head.offset, (gsize)head.size, user_data, error)
                 : refuse(error, "its metadata are too long, or cut off");
    at = head.offset + head.size;
  }
  if (!wrong)
    return refuse(error, "it has no metadata where they should be");
  g_propagate_error(error, g_steal_pointer(&wrong));
  return NULL;
}

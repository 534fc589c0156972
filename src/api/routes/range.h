/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "api/routes/call.h"

/* Parts of a file (RFC 9110, 14). */

typedef enum {
  IV_RANGE_WHOLE, /* none is asked for, or one that isn't understood */
  IV_RANGE_PART,
  IV_RANGE_BEYOND, /* of what isn't there: 416 */
} IvRange;

/* "bytes=0-99", "bytes=100-", "bytes=-100"; several at once are answered with the whole, as they
 * may be. `ret_offset`, `ret_length`: of what to answer with. Pure. */
IvRange iv_range_read(const char *header, guint64 size, guint64 *ret_offset, guint64 *ret_length);

/* The file, or the part of it that was asked for. `tag`: changes when its bytes do. Takes `fd`. */
IvResponse *iv_range_answer(const IvCall *call, int fd, guint64 size, const char *content_type,
                            const char *tag);

/* The same of what is elsewhere: takes `user_data`. `ret_error` (may be NULL): where the reading
 * has said why its first part can't be read; taken then. */
IvResponse *iv_range_answer_remote(const IvCall *call, IvFileBodyRead read, gpointer user_data,
                                   GDestroyNotify free_data, GError **ret_error, guint64 size,
                                   const char *content_type, const char *tag);

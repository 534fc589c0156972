/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes/range.h"

#include <string.h>

#define UNIT "bytes="

/* Digits up to `end`, which is a character that must follow. FALSE when there are none. */
static gboolean read_number(const char **text, char end, guint64 *ret_number) {
  char *rest = NULL;
  if (!g_ascii_isdigit(**text))
    return FALSE;
  *ret_number = g_ascii_strtoull(*text, &rest, 10);
  if (*rest != end)
    return FALSE;
  *text = rest;
  return TRUE;
}

static IvRange last_bytes(const char *text, guint64 size, guint64 *ret_offset,
                          guint64 *ret_length) {
  guint64 n;
  if (!read_number(&text, '\0', &n))
    return IV_RANGE_WHOLE;
  if (n == 0 || size == 0)
    return IV_RANGE_BEYOND;
  *ret_length = MIN(n, size);
  *ret_offset = size - *ret_length;
  return IV_RANGE_PART;
}

IvRange iv_range_read(const char *header, guint64 size, guint64 *ret_offset, guint64 *ret_length) {
  guint64 first, last = G_MAXUINT64;
  *ret_offset = 0;
  *ret_length = size;
  if (!header || !g_str_has_prefix(header, UNIT))
    return IV_RANGE_WHOLE;
  const char *text = header + strlen(UNIT);
  if (*text == '-')
    return last_bytes(text + 1, size, ret_offset, ret_length);
  if (!read_number(&text, '-', &first))
    return IV_RANGE_WHOLE;
  text++;
  if ((*text && !read_number(&text, '\0', &last)) || last < first)
    return IV_RANGE_WHOLE;
  if (first >= size)
    return IV_RANGE_BEYOND;
  *ret_offset = first;
  *ret_length = MIN(last, size - 1) - first + 1;
  return IV_RANGE_PART;
}

static IvResponse *beyond(guint64 size) {
  g_autofree char *range = g_strdup_printf("bytes */%" G_GUINT64_FORMAT, size);
  IvResponse *problem = iv_response_problem(
      IV_PROBLEM_RANGE, "There are %" G_GUINT64_FORMAT " bytes; ask for some of them.", size);
  iv_response_add(problem, "content-range:", range);
  return problem;
}

/* If-Range: who has a part of other bytes gets all of them. */
static gboolean is_wanted(const IvCall *call, const char *tag) {
  const char *known = call->request->headers[IV_HEADER_IF_RANGE];
  return !known || strcmp(known, tag) == 0;
}

typedef struct {
  guint64 size, offset, length;
  IvRange range;
} Part;

static Part wished_part(const IvCall *call, guint64 size, const char *tag) {
  Part part = {.size = size, .length = size};
  const char *wish = is_wanted(call, tag) ? call->request->headers[IV_HEADER_RANGE] : NULL;
  part.range = iv_range_read(wish, size, &part.offset, &part.length);
  return part;
}

/* NULL when its first chunk can't be read. */
static IvResponse *answer(IvFileBody *file, const Part *part, const char *content_type,
                          const char *tag) {
  g_autoptr(GBytes) chunk = iv_file_body_read(file);
  if (!chunk)
    return NULL;
  IvResponse *response = iv_response_new(part->range == IV_RANGE_PART ? 206 : 200);
  response->content_type = content_type;
  response->body = g_steal_pointer(&chunk);
  response->file = iv_file_body_ref(file);
  iv_response_add(response, "accept-ranges:", "bytes");
  iv_response_add(response, "etag:", tag);
  if (part->range == IV_RANGE_PART) {
    g_autofree char *text =
        g_strdup_printf("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                        part->offset, part->offset + part->length - 1, part->size);
    iv_response_add(response, "content-range:", text);
  }
  return response;
}

IvResponse *iv_range_answer(const IvCall *call, int fd, guint64 size, const char *content_type,
                            const char *tag) {
  Part part = wished_part(call, size, tag);
  g_autoptr(IvFileBody) file = iv_file_body_new(fd, part.offset, part.length);
  if (part.range == IV_RANGE_BEYOND)
    return beyond(size);
  IvResponse *response = answer(file, &part, content_type, tag);
  return response ? response : iv_response_problem(IV_PROBLEM_NOT_FOUND, "The file can't be read.");
}

IvResponse *iv_range_answer_remote(const IvCall *call, IvFileBodyRead read, gpointer user_data,
                                   GDestroyNotify free_data, GError **ret_error, guint64 size,
                                   const char *content_type, const char *tag) {
  Part part = wished_part(call, size, tag);
  g_autoptr(IvFileBody) file =
      iv_file_body_new_remote(read, user_data, free_data, part.offset, part.length);
  if (part.range == IV_RANGE_BEYOND)
    return beyond(size);
  IvResponse *response = answer(file, &part, content_type, tag);
  if (response)
    return response;
  if (ret_error && *ret_error)
    return iv_call_failed(call, g_steal_pointer(ret_error));
  return iv_response_problem(IV_PROBLEM_NOT_FOUND, "The file can't be read.");
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Camera addresses: what the check lets through can be taken apart, and its password is in nothing
 * that is shown. */
#include <string.h>

#include "base/url.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const guint8 *input, gsize length) {
  g_autofree char *text = g_strndup((const char *)input, length);
  g_autofree char *masked = iv_url_mask(text);
  g_autoptr(GError) error = NULL;
  g_auto(IvUrlParts) parts = {0};
  if (!iv_url_split(text, &parts, &error)) {
    g_assert_nonnull(error);
    return 0;
  }
  if (parts.password && *parts.password) {
    const char *user = strstr(masked, "://") + 3;
    const char *at = g_strrstr_len(user, (gssize)strcspn(user, "/?#"), "@");
    if (!at || at - user < 3 || !g_str_has_prefix(at - 3, "***"))
      g_error("not masked: %s -> %s", text, masked);
  }
  return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "media/pending.h"

#include <string.h>

static void drop_first(IvPending *pending, guint n) {
  pending->n -= n;
  memmove(pending->unit, pending->unit + n, pending->n * sizeof *pending->unit);
}

guint iv_pending_add(IvPending *pending, IvStreamTime pts, const IvFrameOrigin *origin) {
  guint given_up = pending->n == IV_PENDING_MAX;
  if (given_up)
    drop_first(pending, 1);
  guint at = pending->n;
  while (at > 0 && pending->unit[at - 1].pts > pts)
    at--;
  memmove(pending->unit + at + 1, pending->unit + at, (pending->n - at) * sizeof *pending->unit);
  pending->unit[at] = (IvPendingUnit){pts, *origin};
  pending->n++;
  return given_up;
}

gboolean iv_pending_take(IvPending *pending, IvStreamTime pts, IvFrameOrigin *ret_origin,
                         guint *ret_lost) {
  if (pending->n == 0)
    return FALSE;
  guint at = 0;
  while (at < pending->n && pending->unit[at].pts != pts)
    at++;
  if (at == pending->n)
    at = 0;
  *ret_origin = pending->unit[at].origin;
  *ret_lost = at;
  drop_first(pending, at + 1);
  return TRUE;
}

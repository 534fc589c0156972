/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "base/timestamp.h"

/* Which session looked at which camera lately, so that the audit log gets one row and not five a
 * second. Bounded; any thread; reads no clock. */
typedef struct IvLooks IvLooks;

#define IV_LOOKS_AGAIN (10 * IV_MINUTE) /* after this long a look is told again */
#define IV_LOOKS_MAX 4096               /* beyond it the memory is emptied: rows are told again */

IvLooks *iv_looks_new(void);
void iv_looks_free(IvLooks *looks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IvLooks, iv_looks_free)

/* TRUE when this look is to be told: the first one, or the first in a while. */
gboolean iv_looks_is_new(IvLooks *looks, const char *session, const char *camera, IvTime now);

/* It could not be told: the next one is new again. */
void iv_looks_forget(IvLooks *looks, const char *session, const char *camera);

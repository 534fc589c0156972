/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* Pause before attempt `attempt` (0 = the first retry): 0.5, 1, 2, 4 ... s up to `most`, less up to
 * a fifth that depends on `seed` and the attempt, so that many cameras behind one dead switch don't
 * come back in step. The same arguments give the same pause. Pure. */
IvTime iv_backoff_pause(guint attempt, guint32 seed, IvTime most);

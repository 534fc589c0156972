/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* What libFuzzer calls; each target defines it. Returns 0; a fault is a crash or a failed check. */
int LLVMFuzzerTestOneInput(const guint8 *input, gsize length);

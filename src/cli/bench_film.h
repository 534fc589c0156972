/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include "base/timestamp.h"

/* A bench's film may take so long to be encoded. */
#define IV_BENCH_FILM_TIME (10 * IV_MINUTE)

/* Runs a pipeline that writes a film (gst_parse_launch's words) to its end, waits for it.
 * gst_init was called before. */
gboolean iv_bench_film_make(const char *pipeline, GError **error);

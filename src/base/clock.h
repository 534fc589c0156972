/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* The machine's clocks. Only floors 3 and up may read them; everything below takes time as an
 * argument, so that the same input gives the same bytes. Thread-safe. */

/* Wall clock, µs UTC. May jump when the machine's clock is set. */
IvTime iv_clock_now(void);

/* µs since an arbitrary start; never goes back. For waiting, ages and rates. */
IvTime iv_clock_monotonic(void);

/* CPU time used by the whole process (user + system, all threads), µs. For benchmarks. */
IvTime iv_clock_process_cpu(void);

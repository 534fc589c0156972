/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "live/whep_session.h"

/* Whether the servers that are to help the media through the network do. Pure.
 *
 * `answer`: a viewer's SDP, with the addresses that were gathered in `took`. NULL = nothing is
 * wrong, else what, and what to do: static text. */
const char *iv_paths_fault(const IvWhepPaths *paths, const char *answer, IvTime took);

#define IV_PATHS_SILENCE (1500 * IV_MS) /* a server that answers does so sooner */

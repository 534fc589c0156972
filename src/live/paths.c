/* SPDX-License-Identifier: Apache-2.0 */
#include "live/paths.h"

#include <string.h>

static const char no_relay[] =
    "The TURN server of live.turn gives no way: check its address and port, the user and the "
    "password, and that UDP from here to it is open; its own log tells more. Until then viewers "
    "outside see no live video";
static const char stun_silent[] =
    "The STUN server of live.stun does not answer: check its address and port, and that UDP from "
    "here to it is open. Until then every viewer waits for it some seconds";

const char *iv_paths_fault(const IvWhepPaths *paths, const char *answer, IvTime took) {
  if (paths->turn && !strstr(answer, " typ relay"))
    return no_relay;
  /* Who has a public address of his own is told nothing new by STUN. */
  if (paths->stun && took >= IV_PATHS_SILENCE && !strstr(answer, " typ srflx"))
    return stun_silent;
  return NULL;
}

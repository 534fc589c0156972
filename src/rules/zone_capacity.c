/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/zone_capacity.h"

IvCrowdChange iv_zone_crowd_look(IvZoneCrowd *crowd, guint people, guint capacity, IvTime ts) {
  gboolean above = people > capacity;
  if (above && !crowd->above && !crowd->over) {
    crowd->since = ts;
    crowd->people = 0;
  }
  crowd->above = above;
  if (above || crowd->over)
    crowd->people = MAX(crowd->people, people);
  if (crowd->over && (double)people <= IV_CAPACITY_CLEAR * (double)capacity) {
    crowd->over = FALSE;
    return IV_CROWD_ENDED;
  }
  if (crowd->over || !above || ts - crowd->since < IV_CAPACITY_HOLD)
    return IV_CROWD_SAME;
  crowd->over = TRUE;
  return IV_CROWD_BEGAN;
}

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"

/* Thresholds of the camera rules (design.md, kpis.md). */
typedef struct {
  float hysteresis;     /* half-band of a line, share of a person's height; 0..1 */
  IvTime turn_back;     /* out again within this time after in is a turn-back */
  gboolean doorways;    /* nobody is seen beyond the entrance lines (rules/doorway.h) */
  IvTime exit_grace;    /* shorter absences from a zone do not end its visit */
  float zone_band;      /* metres; on a floor plan, nearer to a zone's edge than that, or than the
                           place's own doubt, the side is in doubt, for as long as exit_grace */
  IvTime long_wait;     /* a queue whose present or estimated wait is longer is a long queue */
  gboolean staff_known; /* staff are told of (iv_queues_see_staff); nobody else is taken for them */
  gboolean people_known; /* a track is one person, whoever stands beside; else two may swap */
  IvTime heat_gap;       /* between sights further apart nobody knows where somebody was */
} IvRuleLimits;

/* 0.12; 2 s; FALSE; 0.5 s; 0; 8 min; FALSE; FALSE; 5 s. */
IvRuleLimits iv_rule_limits_default(void);

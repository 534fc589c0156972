/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/event.h"
#include "rules/camera_rules.h"

/* Gathers one camera's minute into a `camera.sample` event. Pure; one thread at a time. */
typedef struct {
  IvTime begun;        /* wall clock, IV_TIME_NONE before the first tick */
  IvTime alive_second; /* the last second in which a picture came */
  guint alive_s;
  guint people_max;
  guint64 people_sum, people_n;
  guint64 due, skipped, gated; /* counters of the pool at the last sample */
} IvSampler;

#define IV_SAMPLE_SPAN IV_MINUTE

/* Counters since creation; the sampler takes differences. */
typedef struct {
  guint64 due, skipped, gated;
} IvFrameCounts;

void iv_sampler_init(IvSampler *sampler);

/* A picture came at `now` (analysed or not). */
void iv_sampler_alive(IvSampler *sampler, IvTime now);

/* An analysed frame showed so many people. */
void iv_sampler_people(IvSampler *sampler, guint people);

/* TRUE with an event when a minute of the wall clock is over (or `last` asks for the rest), at most
 * one per call. The event lacks only its id and source. */
gboolean iv_sampler_tick(IvSampler *sampler, IvTime now, const IvFrameCounts *counts, gboolean last,
                         IvEvent *ret_event);

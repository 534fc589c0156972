/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sampler.h"

void iv_sampler_init(IvSampler *sampler) {
  *sampler = (IvSampler){.begun = IV_TIME_NONE, .alive_second = IV_TIME_NONE};
}

void iv_sampler_alive(IvSampler *sampler, IvTime now) {
  IvTime second = iv_time_floor(now, IV_SECOND);
  if (second != sampler->alive_second)
    sampler->alive_s++;
  sampler->alive_second = second;
}

void iv_sampler_people(IvSampler *sampler, guint people) {
  sampler->people_sum += people;
  sampler->people_n++;
  sampler->people_max = MAX(sampler->people_max, people);
}

static void fill(const IvSampler *s, IvTime now, const IvFrameCounts *counts, IvEvent *event) {
  double span = (double)(now - s->begun) / (double)IV_SECOND;
  iv_event_init(event, IV_EVENT_CAMERA_SAMPLE, s->begun);
  event->end_ts = now;
  iv_event_set_number(event, IV_ATTR_SPAN_S, span);
  iv_event_set_number(event, IV_ATTR_ALIVE_S, MIN((double)s->alive_s, span));
  iv_event_set_number(event, IV_ATTR_FRAMES_DUE, (double)(counts->due - s->due));
  iv_event_set_number(event, IV_ATTR_FRAMES_SKIPPED, (double)(counts->skipped - s->skipped));
  iv_event_set_number(event, IV_ATTR_FRAMES_GATED, (double)(counts->gated - s->gated));
  iv_event_set_number(event, IV_ATTR_PEOPLE_SUM, (double)s->people_sum);
  iv_event_set_number(event, IV_ATTR_PEOPLE_N, (double)s->people_n);
  iv_event_set_number(event, IV_ATTR_PEOPLE_MAX, (double)s->people_max);
}

static void begin(IvSampler *s, IvTime now, const IvFrameCounts *counts) {
  IvTime second = s->alive_second;
  *s = (IvSampler){.begun = now,
                   .alive_second = second,
                   .due = counts->due,
                   .skipped = counts->skipped,
                   .gated = counts->gated};
}

gboolean iv_sampler_tick(IvSampler *s, IvTime now, const IvFrameCounts *counts, gboolean last,
                         IvEvent *ret_event) {
  if (s->begun == IV_TIME_NONE || now < s->begun) { /* first tick, or the clock was set back */
    begin(s, now, counts);
    return FALSE;
  }
  /* Samples end on whole minutes, so that no sample lies in two 5-minute buckets. */
  gboolean over = iv_time_floor(now, IV_SAMPLE_SPAN) > iv_time_floor(s->begun, IV_SAMPLE_SPAN);
  if (!over && !(last && now > s->begun))
    return FALSE;
  IvTime end = over ? iv_time_floor(s->begun, IV_SAMPLE_SPAN) + IV_SAMPLE_SPAN : now;
  fill(s, end, counts, ret_event);
  begin(s, over ? iv_time_floor(now, IV_SAMPLE_SPAN) : now, counts);
  return TRUE;
}

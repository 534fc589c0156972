/* SPDX-License-Identifier: Apache-2.0 */
#include "vision/load.h"

#define SERVED_MIN 3 /* fewer say too little about the work a picture takes */

void iv_load_init(IvLoad *load, guint workers, double bar) {
  *load = (IvLoad){.workers = workers, .bar = bar, .first = IV_TIME_NONE};
}

/* Moves the window on to `now`; slices that fall out of it are emptied. */
static IvLoadSlice *slice_at(IvLoad *load, IvTime now) {
  gint64 slice = now / IV_LOAD_SLICE;
  if (load->first == IV_TIME_NONE) {
    load->first = now;
    load->slice = slice;
  }
  gint64 from = MAX(load->slice + 1, slice - IV_LOAD_SLICES + 1);
  for (gint64 s = from; s <= slice; s++)
    load->slices[s % IV_LOAD_SLICES] = (IvLoadSlice){0};
  load->slice = MAX(load->slice, slice);
  return &load->slices[load->slice % IV_LOAD_SLICES];
}

void iv_load_offer(IvLoad *load, IvTime now) {
  slice_at(load, now)->offered++;
}

void iv_load_serve(IvLoad *load, IvTime now, IvTime busy) {
  IvLoadSlice *slice = slice_at(load, now);
  slice->served++;
  slice->busy += busy;
}

static IvLoadSlice sum_of(const IvLoad *load) {
  IvLoadSlice sum = {0};
  for (guint i = 0; i < IV_LOAD_SLICES; i++) {
    sum.offered += load->slices[i].offered;
    sum.served += load->slices[i].served;
    sum.busy += load->slices[i].busy;
  }
  return sum;
}

/* Time that the window covers, µs. */
static IvTime covered(const IvLoad *load, IvTime now) {
  IvTime oldest = (load->slice - IV_LOAD_SLICES + 1) * IV_LOAD_SLICE;
  return now - MAX(oldest, load->first);
}

double iv_load_busy_share(IvLoad *load, IvTime now) {
  slice_at(load, now);
  IvTime span = covered(load, now);
  double share = span > 0 ? (double)sum_of(load).busy / ((double)span * load->workers) : 0;
  return MIN(share, 1.0);
}

double iv_load_factor(IvLoad *load, IvTime now) {
  slice_at(load, now);
  IvLoadSlice sum = sum_of(load);
  IvTime span = covered(load, now);
  if (span < IV_SECOND || sum.served < SERVED_MIN)
    return 1;
  double work = (double)sum.busy / sum.served;
  double wanted = sum.offered * work / ((double)span * load->workers);
  return wanted <= load->bar ? 1 : MAX(load->bar / wanted, IV_LOAD_FACTOR_MIN);
}

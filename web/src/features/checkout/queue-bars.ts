/* SPDX-License-Identifier: Apache-2.0 */
import { type PeriodBar, type PeriodSeries, periodWords } from '@/components/period-chart-option.ts';
import { placeIn } from '@/lib/comparison.ts';
import { formatCount, formatDecimal, formatDuration, known, NOT_KNOWN } from '@/lib/format/number.ts';
import type { QueueKpis, QueuePeriod, QueueRow } from './queue-queries.ts';

/* From the answer of the API to the bars of the history: how long people waited, how many stood in
 * line, how many came, were served and left. */

export type QueueBar = PeriodBar & {
  figures: QueuePeriod;
  /** The same hour or day of the weeks before; null = not known, not asked for, or not come to yet. */
  before: QueuePeriod | null;
};
export type Shown = 'wait' | 'length' | 'people';

type Figure = {
  name: string;
  /** Name of a colour token. */
  color: string;
  value: (period: QueuePeriod) => number | null;
  text: (period: QueuePeriod) => string;
};

type Picture = {
  what: string;
  caption: string;
  none: string;
  /** As a figure of the axis is read; left out for plain numbers. */
  tick?: (value: number) => string;
  /** The first of them is what the weeks before are compared by. */
  figures: readonly [Figure, ...Figure[]];
};

const minutes = (seconds: number | null) => (known(seconds) ? seconds / 60 : null);

export const PICTURES: Record<Shown, Picture> = {
  wait: {
    what: 'waits',
    caption: 'Waits per period',
    none: 'Nobody who joined was served in this period.',
    tick: (value) => formatDuration(value * 60),
    figures: [
      {
        ...{ name: 'Mean', color: 'series-in', value: (period) => minutes(period.wait_mean_s) },
        text: (period) => formatDuration(period.wait_mean_s),
      },
      {
        ...{ name: '9 in 10 under', color: 'series-out', value: (period) => minutes(period.wait_p90_s) },
        text: (period) => formatDuration(period.wait_p90_s),
      },
    ],
  },
  length: {
    what: 'people in line',
    caption: 'Length of the line per period',
    none: 'The line has not been looked at for long enough yet.',
    figures: [
      {
        ...{ name: 'Mean', color: 'series-in', value: (period) => period.length_mean },
        text: (period) => formatDecimal(period.length_mean),
      },
      {
        ...{ name: 'Most', color: 'series-out', value: (period) => period.length_max },
        text: (period) => formatCount(period.length_max),
      },
    ],
  },
  people: {
    what: 'people who joined, were served and left unserved',
    caption: 'People per period',
    none: 'Nothing has been counted yet.',
    figures: [
      {
        ...{ name: 'Joined', color: 'series-in', value: (period) => period.joined },
        text: (period) => formatCount(period.joined),
      },
      {
        ...{ name: 'Served', color: 'series-out', value: (period) => period.served },
        text: (period) => formatCount(period.served),
      },
      {
        ...{ name: 'Abandoned', color: 'series-lost', value: (period) => period.abandoned },
        text: (period) => formatCount(period.abandoned),
      },
    ],
  },
};

/** With the first figure of the weeks before as a line, called `before`: "last week". */
export function seriesOf(shown: Shown, before: string | null): PeriodSeries<QueueBar>[] {
  const { figures } = PICTURES[shown];
  const series: PeriodSeries<QueueBar>[] = figures.map(({ name, color, value, text }) => ({
    ...{ name, color, value: (bar) => value(bar.figures), text: (bar) => text(bar.figures) },
  }));
  if (before === null) return series;
  const { name, value, text } = figures[0];
  series.push({
    ...{ name: `${name}, ${before}`, color: 'series-before', line: true },
    value: ({ before: then }) => (then ? value(then) : null),
    text: ({ before: then }) => (then ? text(then) : NOT_KNOWN),
  });
  return series;
}

export function queueBars(row: QueueRow, kpis: QueueKpis, zone: string): QueueBar[] {
  const { from, step, comparison } = kpis;
  const then = comparison?.rows.find((one) => one.lane_id === row.lane_id);
  const earlier = new Map(then?.periods.map((p) => [placeIn(p.start, comparison!.from, step, zone), p]));
  return row.periods.map((figures) => ({
    ...periodWords(figures.start, figures.end, step, zone),
    ...{ figures, coverage: figures.coverage, provisional: figures.provisional },
    before: earlier.get(placeIn(figures.start, from, step, zone)) ?? null,
  }));
}

/** True while the line was not seen in any period: there is nothing to chart. */
export function hasNothing(row: QueueRow): boolean {
  return row.periods.every((p) => !p.coverage && !p.joined && !p.served);
}

/** True when this picture of the line would have no bar. */
export function isBlank(bars: readonly QueueBar[], shown: Shown): boolean {
  return bars.every((bar) => PICTURES[shown].figures.every(({ value }) => value(bar.figures) === null));
}

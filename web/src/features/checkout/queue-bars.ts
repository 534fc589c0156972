/* SPDX-License-Identifier: Apache-2.0 */
import { type PeriodBar, type PeriodSeries, periodWords } from '@/components/period-chart-option.ts';
import { formatCount, formatDecimal, formatDuration, known } from '@/lib/format/number.ts';
import type { QueueKpis, QueuePeriod, QueueRow } from './queue-queries.ts';

/* From the answer of the API to the bars of the history: how long people waited, how many stood in
 * line, how many came, were served and left. */

export type QueueBar = PeriodBar & { figures: QueuePeriod };
export type Shown = 'wait' | 'length' | 'people';

type Picture = {
  what: string;
  caption: string;
  none: string;
  unit?: string;
  series: readonly PeriodSeries<QueueBar>[];
};

const minutes = (seconds: number | null) => (known(seconds) ? seconds / 60 : null);

export const PICTURES: Record<Shown, Picture> = {
  wait: {
    what: 'waits',
    caption: 'Waits per period',
    none: 'Nobody who joined was served in this period.',
    unit: 'min',
    series: [
      {
        ...{ name: 'Mean', color: 'series-in', value: ({ figures }) => minutes(figures.wait_mean_s) },
        text: ({ figures }) => formatDuration(figures.wait_mean_s),
      },
      {
        ...{ name: '9 in 10 under', color: 'series-out', value: ({ figures }) => minutes(figures.wait_p90_s) },
        text: ({ figures }) => formatDuration(figures.wait_p90_s),
      },
    ],
  },
  length: {
    what: 'people in line',
    caption: 'Length of the line per period',
    none: 'The line has not been looked at for long enough yet.',
    series: [
      {
        ...{ name: 'Mean', color: 'series-in', value: ({ figures }) => figures.length_mean },
        text: ({ figures }) => formatDecimal(figures.length_mean),
      },
      {
        ...{ name: 'Most', color: 'series-out', value: ({ figures }) => figures.length_max },
        text: ({ figures }) => formatCount(figures.length_max),
      },
    ],
  },
  people: {
    what: 'people who joined, were served and left unserved',
    caption: 'People per period',
    none: 'Nothing has been counted yet.',
    series: [
      {
        ...{ name: 'Joined', color: 'series-in', value: ({ figures }) => figures.joined },
        text: ({ figures }) => formatCount(figures.joined),
      },
      {
        ...{ name: 'Served', color: 'series-out', value: ({ figures }) => figures.served },
        text: ({ figures }) => formatCount(figures.served),
      },
      {
        ...{ name: 'Abandoned', color: 'series-lost', value: ({ figures }) => figures.abandoned },
        text: ({ figures }) => formatCount(figures.abandoned),
      },
    ],
  },
};

export function queueBars(row: QueueRow, step: QueueKpis['step'], zone: string): QueueBar[] {
  return row.periods.map((figures) => ({
    ...periodWords(figures.start, figures.end, step, zone),
    ...{ figures, coverage: figures.coverage, provisional: figures.provisional },
  }));
}

/** True while the line was not seen in any period: there is nothing to chart. */
export function hasNothing(row: QueueRow): boolean {
  return row.periods.every((p) => !p.coverage && !p.joined && !p.served);
}

/** True when this picture of the line would have no bar. */
export function isBlank(bars: readonly QueueBar[], shown: Shown): boolean {
  return bars.every((bar) => PICTURES[shown].series.every(({ value }) => value(bar) === null));
}

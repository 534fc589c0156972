/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactNode } from 'react';
import { Trend } from '@/components/trend.tsx';
import type { Compare } from '@/lib/comparison.ts';
import { formatCount, formatDuration, formatShare, known, NOT_KNOWN } from '@/lib/format/number.ts';
import type { ZoneKpis, ZoneRow } from './zone-queries.ts';

type Meanings = ZoneKpis['figures'];

export type ZoneColumn = {
  head: string;
  /** What it means: the server's words where it has a figure for it. */
  text: (meanings: Meanings) => string;
  onPhone?: boolean;
  strong?: boolean;
  cell: (zone: ZoneRow) => ReactNode;
};

export type ZoneColumnsOf = {
  /** People in each zone now; left out for past periods. */
  occupancy?: ReadonlyMap<string, number | null>;
  /** Also visits, draw, engagement with its band, and peak. */
  details?: boolean;
  /** Some zone has a capacity: how full they were is told. */
  capacities?: boolean;
  /** A zone against the weeks before; left out where there is nothing to compare with. */
  compared?: (zone: ZoneRow) => Compare;
};

export function zoneColumns({ occupancy, details, capacities, compared }: ZoneColumnsOf): ZoneColumn[] {
  return [
    {
      head: 'Visitors',
      text: (m) => m.visitors.definition,
      onPhone: true,
      strong: true,
      cell: (z) => formatCount(z.visitors),
    },
    ...(compared ? [changeColumn(compared)] : []),
    ...(occupancy ? [nowColumn(occupancy)] : []),
    ...STAYS,
    ...(details ? DETAILS : []),
    ...(details && capacities ? FULLNESS : []),
  ];
}

function changeColumn(compared: (zone: ZoneRow) => Compare): ZoneColumn {
  return {
    head: 'Change',
    text: () =>
      'Visitors against the same weekdays of the weeks before, up to the same minute; nothing where one of both is not known.',
    cell: (z) => {
      const found = compared(z)('visitors', z.visitors);
      return found ? <Trend {...found} against="" /> : '–';
    },
  };
}

function nowColumn(occupancy: ReadonlyMap<string, number | null>): ZoneColumn {
  return {
    head: 'Now',
    text: (m) => m.occupancy_now.definition,
    onPhone: true,
    cell: (z) => insideNow(occupancy.get(z.zone_id), z),
  };
}

/** "9 of 10" where the zone has a capacity. */
function insideNow(people: number | null | undefined, { capacity }: ZoneRow): string {
  return known(people) && capacity !== null ? `${formatCount(people)} of ${formatCount(capacity)}` : formatCount(people);
}

const STAYS: readonly ZoneColumn[] = [
  {
    head: 'Mean stay',
    text: (m) => m.dwell_mean_s.definition,
    onPhone: true,
    cell: (z) => formatDuration(z.dwell_mean_s),
  },
  {
    head: 'Half under',
    text: () => 'Half of the visits are shorter (the median).',
    cell: (z) => formatDuration(z.dwell_median_s),
  },
  {
    head: '9 in 10 under',
    text: () => 'Nine of ten visits are shorter (the 90th percentile).',
    cell: (z) => formatDuration(z.dwell_p90_s),
  },
];

const DETAILS: readonly ZoneColumn[] = [
  { head: 'Visits', text: (m) => m.zone_visits.definition, cell: (z) => formatCount(z.zone_visits) },
  { head: 'Draw', text: (m) => m.draw_rate.definition, cell: (z) => formatShare(z.draw_rate) },
  { head: 'Engaged', text: (m) => m.engaged_share.definition, cell: (z) => formatShare(z.engaged_share) },
  {
    head: 'Band',
    text: (m) => `${m.band.definition}. Dead: ${m.dead.definition}. n/a: too few days or too few zones of the kind.`,
    cell: bandOf,
  },
  { head: 'Peak', text: (m) => m.peak_occupancy.definition, cell: (z) => formatCount(z.peak_occupancy) },
];

const FULLNESS: readonly ZoneColumn[] = [
  { head: 'Of capacity', text: (m) => m.peak_share.definition, cell: (z) => formatShare(z.peak_share) },
  { head: 'Too full', text: (m) => m.over_capacity_s.definition, cell: (z) => formatDuration(z.over_capacity_s) },
];

/** A dead zone is one whatever its few visitors did. */
function bandOf({ band, dead }: ZoneRow): string {
  return dead ? 'dead' : (band ?? NOT_KNOWN);
}

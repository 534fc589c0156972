/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '../../src/lib/api/client.ts';

/* The checkout of the mock's store: two tills with one line, and a self-checkout with its own. */

const HOUR = 3_600_000;

export function liveQueue(id: string, name: string, length: number | null): Schemas['LiveQueue'] {
  const is = length !== null;
  return {
    ...{ queue_id: id, name, camera_id: 'aisle', group: false, length, long: false, lanes_total: 1 },
    present_wait_s: is ? length * 41 : null,
    estimated_wait_s: is ? length * 38 : null,
    lanes_open: is ? 1 : null,
  };
}

export function liveLane(id: string, name: string, queue = id): Schemas['LiveLane'] {
  return {
    ...{ lane_id: id, name, queue_id: queue, camera_id: 'aisle', self_checkout: false },
    state: 'open',
    serving: true,
  };
}

export function mockQueues(): Schemas['LiveQueue'][] {
  const tills = { group: true, lanes_total: 2, present_wait_s: 512, estimated_wait_s: 430, long: true };
  return [{ ...liveQueue('tills', 'tills', 7), ...tills }, liveQueue('self', 'Self-checkout', 2)];
}

export function mockLanes(): Schemas['LiveLane'][] {
  return [
    liveLane('till-1', 'Till 1', 'tills'),
    { ...liveLane('till-2', 'Till 2', 'tills'), state: 'closed', serving: false },
    { ...liveLane('self', 'Self-checkout'), self_checkout: true },
  ];
}

export function mockOutlook(): Schemas['Outlook'] {
  const tills = { queue_id: 'tills', foretold_wait_5m_s: 470, foretold_wait_10m_s: 610, long_chance: 0.83 };
  const self = { queue_id: 'self', foretold_wait_5m_s: 20, foretold_wait_10m_s: 35, long_chance: 0.02 };
  return {
    ...{ ts: new Date().toISOString(), target_s: 300, long_wait_s: 480, window_s: 900 },
    figure: { unit: 's', denominator: null, definition: 'how long who joins then will wait', definition_version: 1 },
    pools: [
      {
        queues: [tills],
        ...{ lanes_open: 1, lanes_total: 2, lanes_unseen: 0, foretold_wait_5m_s: 470, foretold_wait_10m_s: 610, long_chance: 0.83 },
        ...{ arrivals_15m: 21.4, called_at: new Date(Date.now() - 40_000).toISOString() },
        advice: {
          ...{ action: 'open', lanes: 2, lane_ids: ['till-2'], enough: true, within_s: 0 },
          ...{ worst_wait_s: 680, then_wait_s: 190, reason: 'Open till-2 now.' },
        },
      },
      {
        queues: [self],
        ...{ lanes_open: 1, lanes_total: 1, lanes_unseen: 0, foretold_wait_5m_s: 20, foretold_wait_10m_s: 35, long_chance: 0.02 },
        ...{ arrivals_15m: 6.2, called_at: null, advice: null },
      },
    ],
    score: {
      ...{ since: new Date(Date.now() - 27 * 24 * HOUR).toISOString(), calls: 102, hits: 84, false_calls: 18 },
      ...{ pending: 1, long_queues: 131, foretold: 109 },
    },
  };
}

export function mockStaffing(dayStart: string): Schemas['Staffing'] {
  const start = Math.floor(Date.now() / HOUR) * HOUR;
  const hours = Array.from({ length: 48 }, (_, i) => staffingHour(start + i * HOUR, dayStart));
  return {
    ...{ from: new Date(start).toISOString(), to: new Date(start + 48 * HOUR).toISOString(), time_zone: 'UTC' },
    figure: { unit: 'lanes', denominator: null, definition: 'fewest lanes', definition_version: 1 },
    ...{ target_s: 300, level: 0.8 },
    pools: [
      {
        ...{ group_id: 'tills', pooled: true, self_checkout: false, lanes_total: 2, served: 5210, service_s: 61.2 },
        ...{ known_hours: 1302, test_days: 28, wape: 0.11, covered: 0.82, hours },
      },
    ],
  };
}

function staffingHour(at: number, dayStart: string): Schemas['StaffingHour'] {
  const hour = ((((at - Date.parse(dayStart)) / HOUR) % 24) + 24) % 24;
  const arrivals = Math.max(0, 70 * Math.sin(((hour - 6) / 16) * Math.PI));
  return {
    ...{ start: new Date(at).toISOString(), end: new Date(at + HOUR).toISOString(), arrivals },
    ...{ low: arrivals * 0.8, high: arrivals * 1.25, lanes: Math.ceil(arrivals / 45) },
    ...{ lanes_even_split: null, lanes_high: Math.ceil(arrivals / 36), service_level: 0.86, wait_mean_s: 40 + arrivals },
  };
}

/** What a whole day of one line and its lanes could be. */
export const busy: Schemas['QueueFigures'] = {
  ...{ joined: 212, abandoned: 9, abandonment_rate: 9 / 212, service_level: 0.87 },
  ...{ wait_mean_s: 143, wait_median_s: 118, wait_p90_s: 301, length_mean: 2.4, length_max: 9 },
  ...{ served: 203, service_mean_s: 52, service_median_s: 47, service_p90_s: 96 },
  ...{ open_hours: 14.2, served_per_open_hour: 14.3, lanes_open: 1.6, linked_share: 0.93 },
  ...{ open_waits: 3, coverage: 0.98, provisional: true },
};

/** Nothing is known: no camera was alive. */
export const unseen: Schemas['QueueFigures'] = {
  ...{ joined: null, abandoned: null, abandonment_rate: null, service_level: null },
  ...{ wait_mean_s: null, wait_median_s: null, wait_p90_s: null, length_mean: null, length_max: null },
  ...{ served: null, service_mean_s: null, service_median_s: null, service_p90_s: null },
  ...{ open_hours: null, served_per_open_hour: null, lanes_open: null, linked_share: null },
  ...{ open_waits: 0, coverage: 0, provisional: false },
};

/** A lane that shares its line: the figures of the line are n/a. */
const sharing = {
  ...{ joined: null, abandoned: null, abandonment_rate: null, service_level: null },
  ...{ wait_mean_s: null, wait_median_s: null, wait_p90_s: null, length_mean: null, length_max: null },
};

type Range = { from: number; to: number; step: Schemas['QueueKpis']['step'] };

export function queueKpis(query: URLSearchParams, dayStart: string): Schemas['QueueKpis'] {
  const from = Date.parse(query.get('from') ?? dayStart);
  const to = Date.parse(query.get('to') ?? '') || from + 24 * HOUR;
  const step = (query.get('step') ?? 'hour') as Range['step'];
  const rows = rowsOf(periodsOf({ from, to, step }));
  return {
    ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString(), step, time_zone: 'UTC' },
    ...{ figures: meanings(), total: busy, outlook: mockOutlook(), rows },
    ...(query.get('compare') ? { comparison: weekBefore(from, to, rows) } : {}),
  };
}

const WEEK = 7 * 24 * HOUR;

/** As long as today, but people waited half as long again. */
function weekBefore(from: number, to: number, rows: readonly Schemas['QueueRow'][]): Schemas['QueueComparison'] {
  const slow = <F extends Schemas['QueueFigures']>(f: F): F => ({
    ...f,
    wait_mean_s: f.wait_mean_s && f.wait_mean_s * 1.5,
  });
  const back = (at: string) => new Date(Date.parse(at) - WEEK).toISOString();
  const changes = { wait_mean_s: -1 / 3 };
  return {
    ...{ weeks: 1, until: new Date(to).toISOString(), from: new Date(from - WEEK).toISOString() },
    ...{ to: new Date(to - WEEK).toISOString(), total: slow(busy), changes },
    rows: rows.map(({ lane_id, total, periods }) => ({
      ...{ lane_id, total: slow(total), changes },
      periods: periods.map((p) => slow({ ...p, start: back(p.start), end: back(p.end) })),
    })),
  };
}

function rowsOf(periods: Schemas['QueuePeriod'][]): Schemas['QueueRow'][] {
  const lane = { ...busy, ...sharing, served: 120, served_per_open_hour: 15.8, open_hours: 7.6 };
  const second = { ...lane, served: 83, served_per_open_hour: 12.6, service_mean_s: 64 };
  return [
    row('self', 'Self-checkout', { ...busy, served: 61, wait_mean_s: 38, abandonment_rate: 0 }, periods),
    row('till-1', 'Till 1', lane, periods, 'tills'),
    row('till-2', 'Till 2', second, periods, 'tills'),
    { ...row('tills', 'tills', busy, periods), group: true },
  ];
}

function row(
  lane_id: string,
  name: string,
  total: Schemas['QueueFigures'],
  periods: Schemas['QueuePeriod'][],
  group_id: string | null = null,
): Schemas['QueueRow'] {
  return {
    ...{ lane_id, name, total, periods, group_id, group: false },
    self_checkout: lane_id === 'self',
    camera_ids: ['aisle'],
  };
}

function periodsOf({ from, to, step }: Range): Schemas['QueuePeriod'][] {
  const width = step === 'day' ? 24 * HOUR : HOUR;
  return Array.from({ length: Math.ceil((to - from) / width) }, (_, i) => period(from + i * width, width));
}

function period(start: number, width: number): Schemas['QueuePeriod'] {
  const now = Date.now();
  const seen = start <= now && start > now - 9 * HOUR;
  const rush = 1 + ((Math.floor(start / HOUR) * 7) % 5) / 2;
  const figures: Schemas['QueueFigures'] = seen
    ? {
        ...busy,
        ...{ joined: Math.round(14 * rush), served: Math.round(13 * rush), abandoned: Math.round(rush) },
        ...{
          wait_mean_s: 62 * rush,
          wait_p90_s: 148 * rush,
          length_mean: 1.1 * rush,
          length_max: Math.round(3 * rush),
        },
        ...{ coverage: 1, provisional: start + width > now },
      }
    : { ...unseen, coverage: start > now ? null : 0 };
  return { start: new Date(start).toISOString(), end: new Date(start + width).toISOString(), ...figures };
}

function meanings(): Schemas['QueueMeanings'] {
  const of = (unit: string, definition: string, denominator: string | null = null): Schemas['FigureMeaning'] => ({
    ...{ unit, denominator, definition, definition_version: 1 },
  });
  const wait = (which: string) => of('s', `from joining to the start of the service: ${which}`, 'people served');
  const service = (which: string) => of('s', `time at the service area: ${which}`, 'customers served');
  return {
    joined: of('people', 'people who queued for at least 5 s'),
    abandoned: of('people', 'people who left unserved after 10 s or more'),
    abandonment_rate: of('ratio', 'left unserved after 10 s or more / joined', 'people who joined'),
    service_level: of('ratio', 'served after at most 5 min / joined', 'people who joined'),
    ...{ wait_mean_s: wait('mean'), wait_median_s: wait('median'), wait_p90_s: wait('90th percentile') },
    length_mean: of('people', 'people queuing, sampled each second: mean'),
    length_max: of('people', 'people queuing, sampled each second: most in one line'),
    served: of('customers', 'customers who stood in the service area for 3 s or longer'),
    ...{ service_mean_s: service('mean'), service_median_s: service('median'), service_p90_s: service('p90') },
    open_hours: of('h', 'time in which the lane was open'),
    served_per_open_hour: of('customers/h', 'customers served / hours open', 'open hours'),
    lanes_open: of('lanes', 'lanes open, on average'),
    linked_share: of('ratio', 'services whose receipt is known / customers served', 'customers served'),
    length: of('people', 'people queuing now'),
    present_wait_s: of('s', 'how long the one has waited who waits longest now'),
    estimated_wait_s: of('s', 'people queuing × mean service of the last 15 min / open lanes'),
  };
}

/** The lanes as they are drawn. */
export function checkoutScene(): Schemas['Lane'][] {
  const box = (x: number, y: number, w: number, h: number): [number, number][] => [
    [x, y],
    [x + w, y],
    [x + w, y + h],
    [x, y + h],
  ];
  return [
    {
      ...{ id: 'till-1', name: 'Till 1', group: 'tills', self_checkout: false },
      queue: {
        polygon: box(0.1, 0.5, 0.5, 0.25),
        path: [
          [0.5, 0.55],
          [0.3, 0.6],
          [0.15, 0.7],
        ],
      },
      service: { polygon: box(0.45, 0.3, 0.12, 0.15) },
      staff: { polygon: box(0.45, 0.1, 0.12, 0.15) },
      exit: { polygon: box(0.3, 0.1, 0.12, 0.3) },
    },
    {
      ...{ id: 'till-2', name: 'Till 2', group: 'tills', self_checkout: false },
      service: { polygon: box(0.7, 0.3, 0.12, 0.15) },
    },
  ];
}

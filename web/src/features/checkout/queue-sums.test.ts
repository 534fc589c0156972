/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { liveLane, liveQueue, mockQueues, queueKpis, unseen } from '../../../e2e/mock/mock-queues.ts';
import { hasNothing, isBlank, queueBars, seriesOf } from './queue-bars.ts';
import type { QueueRow } from './queue-queries.ts';
import { byNeed, inOrder, linesOf, openNow, waitingNow } from './queue-sums.ts';

const kpis = queueKpis(new URLSearchParams('step=hour'), '2026-11-24T00:00:00.000Z');

describe('now', () => {
  it('sums who waits over the lines that are seen', () => {
    const queues = [liveQueue('a', 'A', 3), liveQueue('b', 'B', 0), liveQueue('c', 'C', null)];
    expect(waitingNow(queues)).toEqual({ people: 3, unseen: 1 });
  });

  it('nobody in sight is 0, nothing seen is not known', () => {
    expect(waitingNow([liveQueue('a', 'A', 0)]).people).toBe(0);
    expect(waitingNow([liveQueue('a', 'A', null)]).people).toBeNull();
    expect(waitingNow([]).people).toBeNull();
  });

  it('counts lanes open, and tells those that are not seen', () => {
    const closed = { ...liveLane('b', 'B'), state: 'closed' as const };
    const dark = { ...liveLane('c', 'C'), state: null };
    expect(openNow([liveLane('a', 'A'), closed, dark])).toEqual({ open: 1, unseen: 1 });
    expect(openNow([closed])).toEqual({ open: 0, unseen: 0 });
    expect(openNow([dark]).open).toBeNull();
  });

  it('long queues come first, then the longest, then those not seen', () => {
    const long = { ...liveQueue('l', 'L', 2), long: true };
    const order = byNeed([liveQueue('n', 'N', null), liveQueue('b', 'B', 0), liveQueue('a', 'A', 5), long]);
    expect(order.map((q) => q.queue_id)).toEqual(['l', 'a', 'b', 'n']);
    expect(byNeed(mockQueues())[0]?.queue_id).toBe('tills');
    const shut = { ...liveQueue('a', 'A', 0), lanes_open: 0 };
    expect(byNeed([shut, liveQueue('b', 'B', 0)]).map((q) => q.queue_id)).toEqual(['b', 'a']);
  });
});

describe('rows', () => {
  it('a group is followed by its lanes, then come lanes with a line of their own', () => {
    expect(inOrder(kpis.rows).map((row) => row.lane_id)).toEqual(['tills', 'till-1', 'till-2', 'self']);
    expect(linesOf(kpis.rows).map((row) => row.lane_id)).toEqual(['tills', 'self']);
  });

  it('a lane whose group has no row is not lost', () => {
    const alone = kpis.rows.filter((row) => row.lane_id === 'till-2');
    expect(inOrder(alone)).toHaveLength(1);
  });
});

describe('the history', () => {
  const row = kpis.rows.find((r) => r.lane_id === 'tills')!;
  const barsOf = (one: QueueRow) => queueBars(one, kpis, 'UTC');
  const [bar] = barsOf({ ...row, periods: [{ ...row.periods[0]!, ...unseen, wait_mean_s: 90 }] });
  const [mean, p90] = seriesOf('wait', null);

  it('shows waits in minutes, and says them as people do', () => {
    expect(mean?.value(bar!)).toBe(1.5);
    expect(mean?.text(bar!)).toBe('1 min 30 s');
  });

  it('draws nothing for what is not known', () => {
    expect(p90?.value(bar!)).toBeNull();
    expect(p90?.text(bar!)).toBe('n/a');
    for (const series of [seriesOf('length', 'last week'), seriesOf('people', 'last week')])
      expect(series.map(({ value, text }) => [value(bar!), text(bar!)])).toEqual(series.map(() => [null, 'n/a']));
  });

  it('has the first figure of the weeks before as a line, at the same place in its period', () => {
    const compared = queueKpis(new URLSearchParams('step=hour&compare=week'), '2026-11-24T00:00:00.000Z');
    const then = compared.comparison!.rows.find((r) => r.lane_id === 'tills')!;
    then.periods = then.periods.slice(0, 2).map((p, i) => ({ ...p, wait_mean_s: 60 * (i + 1), joined: 7 }));
    const bars = queueBars(row, compared, 'UTC');
    const lines = (['wait', 'length', 'people'] as const).map((shown) => seriesOf(shown, 'last week').at(-1)!);
    expect(lines.map(({ name, line, color }) => [name, line, color])).toEqual(
      ['Mean', 'Mean', 'Joined'].map((name) => [`${name}, last week`, true, 'series-before']),
    );
    const [wait, , people] = lines;
    expect(bars.slice(0, 3).map((b) => wait!.value(b))).toEqual([1, 2, null]);
    expect(bars.slice(0, 3).map((b) => people!.text(b))).toEqual(['7', '7', 'n/a']);
  });

  it('compares nothing where the line was not there then, or the server was not asked', () => {
    const other = queueKpis(new URLSearchParams('step=hour&compare=week'), '2026-11-24T00:00:00.000Z');
    other.comparison!.rows = [];
    expect(queueBars(row, other, 'UTC').every(({ before }) => before === null)).toBe(true);
    expect(barsOf(row).every(({ before }) => before === null)).toBe(true);
  });

  it('says so instead of drawing a picture without bars', () => {
    expect(isBlank([bar!], 'wait')).toBe(false);
    expect(isBlank([bar!], 'length')).toBe(true);
  });

  it('knows when there is nothing to chart', () => {
    const dark = row.periods.map((p) => ({ ...p, ...unseen }));
    expect(hasNothing({ ...row, periods: dark })).toBe(true);
    expect(hasNothing({ ...row, periods: [...dark, { ...dark[0]!, coverage: 0.2 }] })).toBe(false);
  });
});

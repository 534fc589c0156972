/* SPDX-License-Identifier: Apache-2.0 */
import { known } from '@/lib/format/number.ts';
import type { LiveLane, LiveQueue, QueueRow } from './queue-queries.ts';

/* What is put together from the server's figures. What is not known stays so: it is never 0, and
 * means are never averaged. */

/** People waiting in the lines that are seen; null while none is. */
export function waitingNow(queues: readonly LiveQueue[]): { people: number | null; unseen: number } {
  const seen = queues.filter((queue) => known(queue.length));
  return {
    people: seen.length === 0 ? null : seen.reduce((sum, queue) => sum + (queue.length ?? 0), 0),
    unseen: queues.length - seen.length,
  };
}

/** Lanes open among those that are seen; null while none is. */
export function openNow(lanes: readonly LiveLane[]): { open: number | null; unseen: number } {
  const seen = lanes.filter((lane) => lane.state !== null);
  return {
    open: seen.length === 0 ? null : seen.filter((lane) => lane.state === 'open').length,
    unseen: lanes.length - seen.length,
  };
}

/** The longest first, of equal ones those with an open lane, then those that are not seen; long queues above all. */
export function byNeed(queues: readonly LiveQueue[]): LiveQueue[] {
  const rank = (q: LiveQueue) => (q.long ? 1e6 : 0) + (q.length ?? -1) + (q.lanes_open ? 0.5 : 0);
  return [...queues].sort((a, b) => rank(b) - rank(a) || a.name.localeCompare(b.name));
}

/** Lines of people: what a group shares, or what a lane has of its own. */
export function linesOf(rows: readonly QueueRow[]): QueueRow[] {
  return inOrder(rows).filter((row) => row.group_id === null);
}

/** Each group with its lanes after it, then the lanes with a line of their own. */
export function inOrder(rows: readonly QueueRow[]): QueueRow[] {
  const byName = (a: QueueRow, b: QueueRow) => a.name.localeCompare(b.name, undefined, { numeric: true });
  const sorted = [...rows].sort(byName);
  const groups = sorted.filter((row) => row.group);
  const lanesIn = (id: string) => sorted.filter((row) => row.group_id === id);
  const grouped = new Set(groups.map((row) => row.lane_id));
  const alone = sorted.filter((row) => !row.group && (row.group_id === null || !grouped.has(row.group_id)));
  return [...groups.flatMap((row) => [row, ...lanesIn(row.lane_id)]), ...alone];
}

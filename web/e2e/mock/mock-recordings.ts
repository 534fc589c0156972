/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '../../src/lib/api/client.ts';

/* Recordings of the mock: files of a minute over the two hours before it began, one missing of the aisle's. */

type Answer = { status: number; body?: unknown };

const MINUTE = 60_000;
const FILE_BYTES = 3_600_000;
/** From the end. */
const MISSING = 20;

export class MockRecordings {
  /** The last one ends then (ms). */
  readonly end = Math.floor(Date.now() / MINUTE) * MINUTE;

  list(camera: string, query: URLSearchParams): Answer {
    const [from, to] = [Date.parse(query.get('from') ?? ''), Date.parse(query.get('to') ?? '')];
    const recordings = Array.from({ length: 120 }, (_, i) => 120 - i)
      .filter((before) => camera !== 'aisle' || before !== MISSING)
      .map((before) => file(before, this.end - before * MINUTE))
      .filter(({ start, end }) => Date.parse(start) < to && Date.parse(end) > from);
    return { status: 200, body: { recordings, gaps: [], next_cursor: null } };
  }
}

function file(id: number, start: number): Schemas['Recording'] {
  return {
    ...{ id, start: new Date(start).toISOString(), end: new Date(start + MINUTE).toISOString(), codec: 'H.264' },
    ...{ size: { w: 768, h: 576 }, bytes: FILE_BYTES, closed: true, held: false, place: 'here' },
  };
}

/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '../../src/lib/api/client.ts';

/* Audits of counts of the mock: one with two intervals counted, one open. */

type Answer = { status: number; body?: unknown };

const MINUTE = 60_000;

function share(k: number, n: number, low: number, high: number): Schemas['CountShare'] {
  return { k, n, share: k / n, low, high };
}

function sums(manual: number, found: number): Schemas['CountSums'] {
  return {
    ...{ manual_in: manual, manual_out: 3, counted_in: found, counted_out: 3, found: found + 3, right: found + 3 },
    ...{ net_error: found - manual, absolute_error: manual - found },
  };
}

export function mockFigures(): Schemas['CountFigures'] {
  return {
    ...{ intervals: 2, counts: sums(47, 46), recall: share(49, 50, 0.895, 0.996), precision: share(49, 49, 0.927, 1) },
    ...{ net_error: -0.02, net_error_low: -0.04, net_error_high: 0, verdict: 'undecided' },
  };
}

export class MockAudits {
  audits: Schemas['CountAudit'][] = [audit()];
  lines: Schemas['LineAccuracy'][] = [
    {
      ...{ camera_id: 'entrance', line_id: 'door', kind: 'entrance', state: 'undecided', redrawn: false },
      ...{ audited_until: new Date().toISOString(), figures: mockFigures() },
    },
  ];

  /** Paths below /stores/{store}; undefined: not of these. */
  answer(method: string, parts: readonly string[], body: Record<string, unknown>): Answer | undefined {
    if (parts[0] !== 'audits') return undefined;
    if (!parts[1] && method === 'POST') {
      const made = { ...audit(), id: this.audits.length + 1 };
      this.audits = [made, ...this.audits];
      return { status: 201, body: made };
    }
    if (!parts[1]) return { status: 200, body: { target: 0.9, audits: this.audits, lines: this.lines } };
    const found = this.audits.find(({ id }) => String(id) === parts[1]);
    if (!found) return undefined;
    if (method === 'DELETE') {
      this.audits = this.audits.filter((one) => one !== found);
      return { status: 204 };
    }
    const settled = found.intervals.find(({ id }) => String(id) === parts[3]);
    if (method === 'PUT' && settled) {
      settled.state = body['state'] as 'counted' | 'void';
      settled.counts = settled.state === 'counted' ? sums((body['marks'] as unknown[]).length, 1) : null;
      settled.busy = true;
    }
    return { status: 200, body: found };
  }
}

function audit(): Schemas['CountAudit'] {
  const end = Math.floor(Date.now() / (5 * MINUTE)) * 5 * MINUTE - 30 * MINUTE;
  const interval = (id: number, counts: Schemas['CountSums'] | null): Schemas['CountInterval'] => ({
    ...{ id, from: new Date(end - id * 10 * MINUTE).toISOString(), to: new Date(end - id * 10 * MINUTE + 5 * MINUTE).toISOString() },
    ...{ state: counts ? 'counted' : 'open', busy: counts ? id === 1 : null, counts },
    ...{ settled_by: counts ? 'admin' : null, settled_at: counts ? new Date().toISOString() : null },
  });
  return {
    ...{ id: 1, camera_id: 'entrance', line_id: 'door', scene_version: 1, planned_by: 'admin', figures: mockFigures() },
    ...{ from: new Date(end - 60 * MINUTE).toISOString(), to: new Date(end).toISOString(), planned_at: new Date().toISOString() },
    intervals: [interval(3, null), interval(2, sums(5, 5)), interval(1, sums(42, 41))],
  };
}

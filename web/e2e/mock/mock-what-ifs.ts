/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '@/lib/api/client.ts';

/* What-ifs: each time one is asked for, it is a step further. */

type Whole = Schemas['ReplayWhole'];
type Answer = { status: number; body?: unknown };

export class MockWhatIfs {
  all: Whole[] = [];
  /** What was asked, as it came. */
  wishes: Schemas['ReplayWish'][] = [];
  /** How the next one ends. */
  covered_s = 43_200;
  reason: string | null = null;

  answer(method: string, id: string | undefined, body: Record<string, unknown>): Answer {
    if (method === 'POST') return this.ask(body as Schemas['ReplayWish']);
    if (id === undefined)
      return { status: 200, body: { replays: this.all.map((w) => ({ ...w, what_if: undefined, result: undefined })) } };
    const found = this.all.find((w) => String(w.id) === id);
    if (!found) return { status: 404 };
    if (method === 'DELETE') {
      this.all = this.all.filter((w) => w !== found);
      return { status: 204 };
    }
    const now = this.goOn(found);
    this.all = this.all.map((w) => (w === found ? now : w));
    return { status: 200, body: now };
  }

  private ask(wish: Schemas['ReplayWish']): Answer {
    this.wishes.push(wish);
    const { from, to, camera_id = null } = wish;
    const one: Whole = {
      ...{ id: this.wishes.length, from, to, camera_id, state: 'waiting', progress: 0, reason: null },
      ...{ requested_by: 'admin', requested_at: new Date().toISOString(), what_if: null, result: null },
    };
    this.all = [one, ...this.all];
    return { status: 202, body: { ...one, what_if: undefined, result: undefined } };
  }

  private goOn(one: Whole): Whole {
    if (one.state === 'waiting') return { ...one, state: 'working', progress: 0.4 };
    if (one.state !== 'working') return one;
    if (this.reason) return { ...one, state: 'failed', reason: this.reason };
    return { ...one, state: 'done', progress: 1, result: this.result() };
  }

  private result(): Schemas['ReplayResult'] {
    const camera_id = 'entrance';
    const line = (crossed_in: number, crossed_out: number) => ({ crossed_in, crossed_out, turn_backs: 0, pass_bys: 0 });
    return {
      cameras: [
        {
          ...{ camera_id, scene_version: 1, changed: true, pieces: 400, bad_pieces: 0, bytes: 90_000 },
          ...{ covered_s: this.covered_s, track_s: 4000 },
        },
      ],
      rows: [
        { camera_id, kind: 'line', id: 'door', recorded: line(40, 38), replayed: line(52, 38) },
        { camera_id, kind: 'line', id: 'side-door', recorded: line(0, 0), replayed: line(7, 5) },
      ],
    };
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '../../src/lib/api/client.ts';

/* Clips of the mock: each is made in steps as it is asked for. */

type Answer = { status: number; body?: unknown };
type Clip = Schemas['Export'];

const MINUTE = 60_000;

export class MockClips {
  clips: Clip[] = [];
  /** What each asking adds to the progress of a clip that is being made. */
  step = 0.5;

  /** Paths below /stores/{store}; undefined: not of these. */
  answer(method: string, parts: readonly string[], body: Record<string, unknown>): Answer | undefined {
    if (parts[0] !== 'exports') return undefined;
    if (parts[1] === undefined) return method === 'POST' ? this.start(body as Schemas['ExportWish']) : this.list();
    const found = this.clips.find(({ id }) => String(id) === parts[1]);
    if (!found) return undefined;
    if (method !== 'DELETE') return { status: 200, body: found };
    this.clips = this.clips.filter((clip) => clip !== found);
    return { status: 204 };
  }

  private start({ camera, from, to }: Schemas['ExportWish']): Answer {
    const made = clip({ ...{ id: this.clips.length + 1, camera, from, to }, state: 'waiting' });
    this.clips = [made, ...this.clips];
    return { status: 202, body: made };
  }

  private list(): Answer {
    this.clips = this.clips.map((made) => this.goOn(made));
    return { status: 200, body: { exports: this.clips } };
  }

  private goOn(made: Clip): Clip {
    if (made.state === 'waiting') return { ...made, state: 'working' };
    if (made.state !== 'working') return made;
    const progress = Math.min(1, made.progress + this.step);
    return progress < 1 ? { ...made, progress } : { ...made, ...doneWith(made) };
  }
}

export function clip(part: Partial<Clip>): Clip {
  return {
    ...{ id: 1, camera: 'entrance', from: '2026-11-24T09:05:00.000Z', to: '2026-11-24T09:06:00.000Z', state: 'waiting' },
    ...{ progress: 0, bytes: null, sha256: null, start: null, end: null, gaps: [], reason: null, requested_by: 'admin' },
    ...{ requested_at: new Date().toISOString(), expires_at: null },
    ...part,
  };
}

export function doneWith({ from, to }: Pick<Clip, 'from' | 'to'>): Partial<Clip> {
  return {
    ...{ state: 'done', progress: 1, bytes: 3_604_112, start: from, end: to },
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    expires_at: new Date(Date.now() + 7 * 24 * 60 * MINUTE).toISOString(),
  };
}

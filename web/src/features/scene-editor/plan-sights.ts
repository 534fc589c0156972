/* SPDX-License-Identifier: Apache-2.0 */
import { areaKey, type Draft, shapeOf } from './draft.ts';
import type { FloorPlan } from './plan-queries.ts';

type PlanSeen = FloorPlan['seen'][number];

/** What no camera sees: the key of the shape, and what to say of it. */
export type Unseen = ReadonlyMap<string, string>;

export const ALL_SEEN: Unseen = new Map();

const WORDS: Record<PlanSeen['part'], string> = {
  zone: 'No calibrated camera sees this zone, so it counts nobody.',
  line: 'No calibrated camera sees this line, so it counts nobody.',
  queue: 'No calibrated camera sees where people wait, so the lane counts nobody.',
  service: 'No calibrated camera sees where people are served, so the lane counts nobody.',
};

/** Of what was not moved since it was saved: the server judges that. */
export function unseenOf(draft: Draft, saved: Draft, seen: readonly PlanSeen[]): Unseen {
  const blind = seen.filter((s) => s.cameras.length === 0).map((s) => [keyOf(s), WORDS[s.part]] as const);
  return new Map(blind.filter(([key]) => stands(draft, saved, key)));
}

/** Scene-codec.ts gives these keys to what is saved. */
function keyOf({ part, id }: PlanSeen): string {
  return part === 'queue' || part === 'service' ? areaKey(`lane:${id}`, part) : `${part}:${id}`;
}

function stands(draft: Draft, saved: Draft, key: string): boolean {
  const [now, then] = [shapeOf(draft, key), shapeOf(saved, key)];
  return now !== undefined && JSON.stringify(now.points) === JSON.stringify(then?.points);
}

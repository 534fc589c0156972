/* SPDX-License-Identifier: Apache-2.0 */
import { areaOf, type AreaShape, type Draft, groupsOf, isArea, type LaneDraft } from './draft.ts';
import { nameFault, polygonFault, slugFault } from './rules.ts';
import type { Fault } from './validation.ts';

/* The rules a lane must keep. Ids of lanes and groups stand in one column of the figures. */

export function laneFaults(lane: LaneDraft, draft: Draft): Fault[] {
  const { key } = lane;
  const found: [Fault['field'], string | null][] = [
    ['name', nameFault(lane.name)],
    ['id', slugFault(lane.id) ?? idFault(lane, draft)],
    ['group', lane.group === null ? null : slugFault(lane.group)],
    ['shape', serviceFault(lane, draft) ?? queueFault(lane, draft)],
  ];
  const areas = draft.shapes.filter(isArea).filter((area) => area.lane === key);
  return [
    ...found.flatMap(([field, text]) => (text === null ? [] : [{ key, field, text }])),
    ...areas.flatMap((area) => {
      const text = area.part === 'path' ? pathFault(area, draft) : polygonFault(area.points);
      return text === null ? [] : [{ key: area.key, field: 'shape' as const, text }];
    }),
  ];
}

function idFault({ key, id }: LaneDraft, draft: Draft): string | null {
  const twin = draft.lanes.find((l) => l.key !== key && l.id === id);
  if (twin) return `“${twin.name}” has this id already.`;
  return groupsOf(draft).includes(id) ? 'A line that lanes share has this id already.' : null;
}

function serviceFault({ key }: LaneDraft, draft: Draft): string | null {
  return areaOf(draft, key, 'service') ? null : 'Draw the service area: where the customer stands who is served.';
}

/** A lane has a queue of its own, or one of its group has. */
function queueFault({ key, group }: LaneDraft, draft: Draft): string | null {
  const drawn = Boolean(areaOf(draft, key, 'queue'));
  if (group === null) return drawn ? null : 'Draw the queue, or choose the line that this lane serves.';
  const first = draft.lanes.find((l) => l.group === group && areaOf(draft, l.key, 'queue'));
  if (!first) return `Draw the queue of “${group}” on one of its lanes.`;
  return drawn && first.key !== key ? `“${group}” has its queue on “${first.name}”. Delete one of the two.` : null;
}

function pathFault({ lane, points }: AreaShape, draft: Draft): string | null {
  if (!areaOf(draft, lane, 'queue')) return 'Draw the queue, or delete the path.';
  const twice = points.some((p, i) => i > 0 && p.x === points[i - 1]?.x && p.y === points[i - 1]?.y);
  if (points.length < 2) return 'A path needs two points.';
  return twice ? 'Two of its points are the same. Delete one.' : null;
}

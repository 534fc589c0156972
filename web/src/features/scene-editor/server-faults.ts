/* SPDX-License-Identifier: Apache-2.0 */
import { ApiProblem } from '@/lib/api/problem.ts';
import { areaOf, type Draft, LANE_PARTS, type LanePart, masksOf } from './draft.ts';
import type { Fault } from './validation.ts';

const FIELDS: Record<string, Fault['field']> = {
  name: 'name',
  id: 'id',
  parent: 'parent',
  capacity: 'capacity',
  group: 'group',
};
const PARTS: readonly string[] = LANE_PARTS;

/** What the server found wrong (422), put to what it points at: "/zones/2/polygon/0". */
export function serverFaults(error: unknown, draft: Draft): Fault[] {
  if (!(error instanceof ApiProblem) || error.status !== 422) return [];
  return error.errors.map(({ pointer, detail }) => {
    const [, list = '', index, field = '', inner = ''] = pointer.split('/');
    const key = listed(draft, list)[Number(index)]?.key ?? null;
    if (list === 'lanes' && key !== null && PARTS.includes(field))
      return {
        key: existing(draft, key, (inner === 'path' ? 'path' : field) as LanePart),
        field: 'shape',
        text: detail,
      };
    return { key, field: FIELDS[field] ?? 'shape', text: detail };
  });
}

/** The list of the document that a pointer begins with. */
function listed(draft: Draft, list: string): readonly { key: string }[] {
  if (list === 'zones') return draft.shapes.filter((s) => s.type === 'zone');
  if (list === 'lines') return draft.shapes.filter((s) => s.type === 'line');
  if (list === 'masks') return masksOf(draft);
  return list === 'lanes' ? draft.lanes : [];
}

/** The area, or the lane where it is not drawn. */
function existing(draft: Draft, lane: string, part: LanePart): string {
  return areaOf(draft, lane, part)?.key ?? lane;
}

/* SPDX-License-Identifier: Apache-2.0 */
import { ApiProblem } from '@/lib/api/problem.ts';
import type { Draft } from './draft.ts';
import type { Fault } from './validation.ts';

const FIELDS: Record<string, Fault['field']> = { name: 'name', id: 'id', parent: 'parent' };

/** What the server found wrong (422), put to the shapes it points at: "/zones/2/polygon/0". */
export function serverFaults(error: unknown, draft: Draft): Fault[] {
  if (!(error instanceof ApiProblem) || error.status !== 422) return [];
  const zones = draft.shapes.filter((s) => s.type === 'zone');
  const lines = draft.shapes.filter((s) => s.type === 'line');
  return error.errors.map(({ pointer, detail }) => {
    const [, list, index, field = ''] = pointer.split('/');
    const shapes = list === 'zones' ? zones : list === 'lines' ? lines : [];
    return { key: shapes[Number(index)]?.key ?? null, field: FIELDS[field] ?? 'shape', text: detail };
  });
}

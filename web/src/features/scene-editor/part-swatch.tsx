/* SPDX-License-Identifier: Apache-2.0 */
import { PART_COLORS } from '@/components/scene-shapes.tsx';
import type { LanePart } from './draft.ts';

/** The colour that a part of a lane has on the picture. */
export function PartSwatch({ part }: { part: LanePart }) {
  const form = part === 'path' ? 'h-1' : 'h-3 border border-black/40';
  return (
    <span
      aria-hidden="true"
      className={`w-3 shrink-0 rounded-[3px] ${form}`}
      style={{ background: PART_COLORS[part] }}
    />
  );
}

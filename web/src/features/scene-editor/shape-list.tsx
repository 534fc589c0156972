/* SPDX-License-Identifier: Apache-2.0 */
import { EmptyNote } from '@/components/data-state.tsx';
import { Icon, type IconName } from '@/components/icon.tsx';
import { areaKey, type Draft, isArea, LANE_PARTS, type LaneDraft, type MaskShape, type NamedShape, type ZoneShape } from './draft.ts';
import type { EditorAction } from './editor-state.ts';
import type { Unseen } from './plan-sights.ts';
import { type Fault, faultsOf } from './validation.ts';
import { LINE_KIND_WORDS, ZONE_KIND_WORDS } from './words.ts';

type ShapeListProps = {
  draft: Draft;
  selected: string | null;
  faults: readonly Fault[];
  unseen: Unseen;
  dispatch: (action: EditorAction) => void;
};

export function ShapeList({ draft, selected, faults, unseen, dispatch }: ShapeListProps) {
  const rows = rowsOf(draft);
  if (rows.length === 0) {
    return (
      <EmptyNote
        icon="layers"
        title="Nothing drawn yet"
        text="Draw a line across the entrance to count people, a zone where they linger, or a lane where they queue."
      />
    );
  }
  return (
    <ul className="-mx-2 max-h-[min(60dvh,32rem)] space-y-0.5 overflow-y-auto" aria-label="Zones, lines, lanes and masks">
      {rows.map(({ key, icon, name, text, parts }) => (
        <li key={key}>
          <button
            type="button"
            aria-pressed={key === selected}
            onClick={() => dispatch({ type: 'select', key: key === selected ? null : key })}
            className="flex w-full items-center gap-3 rounded-lg px-2 py-2 text-left hover:bg-sunken aria-pressed:bg-primary-soft"
          >
            <Icon name={icon} className="size-5 text-quiet" />
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{name || 'No name'}</span>
              <span className="block truncate text-xs text-quiet">{text}</span>
            </span>
            {[key, ...parts].some((part) => faultsOf(faults, part).length > 0) ? (
              <Mark className="text-danger" text="needs attention" />
            ) : (
              [key, ...parts].some((part) => unseen.has(part)) && (
                <Mark className="text-warning-ink" text="no camera sees it" />
              )
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Mark({ className, text }: { className: string; text: string }) {
  return (
    <span className={className} title={text}>
      <Icon name="warning" />
      <span className="sr-only">{text}</span>
    </span>
  );
}

/** A lane is one row, with the keys of its areas in `parts`. */
type Row = { key: string; icon: IconName; name: string; text: string; parts: readonly string[] };

function rowsOf(draft: Draft): Row[] {
  const shapes = draft.shapes.flatMap((shape): Row[] =>
    isArea(shape)
      ? []
      : [{ key: shape.key, icon: iconOf(shape), name: shape.name, text: describe(shape, draft), parts: [] }],
  );
  const lanes = draft.lanes.map((lane): Row => ({
    ...{ key: lane.key, icon: 'checkout', name: lane.name, text: describeLane(lane) },
    parts: LANE_PARTS.map((part) => areaKey(lane.key, part)),
  }));
  return [...shapes, ...lanes];
}

function iconOf({ type }: NamedShape | MaskShape): IconName {
  return type === 'mask' ? 'shield' : type;
}

function describe(shape: NamedShape | MaskShape, draft: Draft): string {
  if (shape.type === 'mask') return 'Privacy mask: black in every picture';
  if (shape.type === 'line') return `${LINE_KIND_WORDS[shape.kind].label} line`;
  const parent = draft.shapes.find((s): s is ZoneShape => s.type === 'zone' && s.id === shape.parent);
  return `${ZONE_KIND_WORDS[shape.kind].label} zone${parent ? ` in ${parent.name}` : ''}`;
}

function describeLane({ group, selfCheckout }: LaneDraft): string {
  const kind = selfCheckout ? 'Self-checkout' : 'Lane';
  return group === null ? kind : `${kind}, line “${group}”`;
}

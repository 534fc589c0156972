/* SPDX-License-Identifier: Apache-2.0 */
import { EmptyNote } from '@/components/data-state.tsx';
import { Icon } from '@/components/icon.tsx';
import type { Draft, Shape } from './draft.ts';
import type { EditorAction } from './editor-state.ts';
import { type Fault, faultsOf } from './validation.ts';
import { LINE_KIND_WORDS, ZONE_KIND_WORDS } from './words.ts';

type ShapeListProps = {
  draft: Draft;
  selected: string | null;
  faults: readonly Fault[];
  dispatch: (action: EditorAction) => void;
};

export function ShapeList({ draft, selected, faults, dispatch }: ShapeListProps) {
  if (draft.shapes.length === 0) {
    return (
      <EmptyNote
        icon="layers"
        title="Nothing drawn yet"
        text="Draw a line across the entrance to count people, or a zone where they linger."
      />
    );
  }
  return (
    <ul className="-mx-2 space-y-0.5">
      {draft.shapes.map((shape) => (
        <li key={shape.key}>
          <button
            type="button"
            aria-pressed={shape.key === selected}
            onClick={() => dispatch({ type: 'select', key: shape.key === selected ? null : shape.key })}
            className="flex w-full items-center gap-3 rounded-lg px-2 py-2 text-left hover:bg-sunken aria-pressed:bg-primary-soft"
          >
            <Icon name={shape.type} className="size-5 text-quiet" />
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{shape.name || 'No name'}</span>
              <span className="block truncate text-xs text-quiet">{describe(shape, draft)}</span>
            </span>
            {faultsOf(faults, shape.key).length > 0 && (
              <span className="text-danger">
                <Icon name="warning" />
                <span className="sr-only">needs attention</span>
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

function describe(shape: Shape, draft: Draft): string {
  if (shape.type === 'line') return `${LINE_KIND_WORDS[shape.kind].label} line`;
  const parent = draft.shapes.find((s) => s.type === 'zone' && s.id === shape.parent);
  return `${ZONE_KIND_WORDS[shape.kind].label} zone${parent ? ` in ${parent.name}` : ''}`;
}

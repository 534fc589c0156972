/* SPDX-License-Identifier: Apache-2.0 */
import { Button, IconButton } from '@/components/button.tsx';
import { areaKey, areaOf, type Draft, LANE_PARTS, type LaneDraft, type LanePart } from './draft.ts';
import type { EditorAction } from './editor-state.ts';
import { PartSwatch } from './part-swatch.tsx';
import type { Unseen } from './plan-sights.ts';
import { type Fault, faultsOf } from './validation.ts';
import { LANE_PART_WORDS } from './words.ts';

type LanePartsProps = {
  lane: LaneDraft;
  draft: Draft;
  faults: readonly Fault[];
  unseen: Unseen;
  selected: string | null;
  dispatch: (action: EditorAction) => void;
};

/** The areas of a lane, drawn or not: what each is for, and drawing, choosing or deleting it. */
export function LaneParts({ lane, draft, faults, unseen, selected, dispatch }: LanePartsProps) {
  const hasQueue = areaOf(draft, lane.key, 'queue') !== undefined;
  return (
    <ul aria-label="Areas" className="-mx-2 space-y-0.5">
      {LANE_PARTS.map((part) => (
        <PartRow
          key={part}
          part={part}
          drawn={areaOf(draft, lane.key, part) !== undefined}
          selected={selected === areaKey(lane.key, part)}
          fault={faultsOf(faults, areaKey(lane.key, part))[0]?.text}
          warning={unseen.get(areaKey(lane.key, part))}
          blocked={part === 'path' && !hasQueue}
          {...{ lane, dispatch }}
        />
      ))}
    </ul>
  );
}

type PartRowProps = Pick<LanePartsProps, 'lane' | 'dispatch'> & {
  part: LanePart;
  drawn: boolean;
  selected: boolean;
  fault: string | undefined;
  warning: string | undefined;
  blocked: boolean;
};

function PartRow({ lane, part, drawn, selected, fault, warning, blocked, dispatch }: PartRowProps) {
  const { label, text } = LANE_PART_WORDS[part];
  const key = areaKey(lane.key, part);
  const tone = fault ? 'text-danger-ink' : warning ? 'text-warning-ink' : selected ? 'text-on-sunken' : 'text-quiet';
  const draw = () => dispatch({ type: 'drawPart', lane: lane.key, part });
  const words = (
    <span className="min-w-0 flex-1">
      <span className="flex items-center gap-2 font-medium">
        <PartSwatch part={part} />
        {label}
      </span>
      <span className={`block text-xs leading-4 ${tone}`}>{fault ?? warning ?? text}</span>
    </span>
  );
  return (
    <li className={`flex items-center gap-1 rounded-lg px-2 py-1.5 ${selected ? 'bg-primary-soft' : ''}`}>
      {drawn ? (
        <>
          <button
            type="button"
            aria-pressed={selected}
            onClick={() => dispatch({ type: 'select', key: selected ? lane.key : key })}
            className="flex min-w-0 flex-1 rounded-md text-left"
          >
            {words}
          </button>
          <IconButton icon="pencil" label={`Draw the ${label.toLowerCase()} anew`} small onClick={draw} />
          <IconButton
            icon="trash"
            label={`Delete the ${label.toLowerCase()}`}
            small
            onClick={() => dispatch({ type: 'deleteShape', key })}
          />
        </>
      ) : (
        <>
          {words}
          <Button size="sm" disabled={blocked} onClick={draw} aria-label={`Draw the ${label.toLowerCase()}`}>
            Draw
          </Button>
        </>
      )}
    </li>
  );
}

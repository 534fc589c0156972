/* SPDX-License-Identifier: Apache-2.0 */
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/button.tsx';
import { SelectField, TextField } from '@/components/field.tsx';
import { useToast } from '@/components/toast.tsx';
import { problemText } from '@/lib/api/problem.ts';
import { type Terminal, useMapTerminal } from './sales-queries.ts';
import { type LaneName, terminalLabel } from './sales-words.ts';

const OTHER = '+';
const LANE = /^[a-z0-9-]{1,40}$/;

type LaneSelectProps = {
  store: string;
  terminal: Terminal;
  /** Those that are known. */
  lanes: readonly string[];
  laneName: LaneName;
};

/** The lane a terminal stands at; chosen is saved. */
export function LaneSelect({ store, terminal, lanes, laneName }: LaneSelectProps) {
  const save = useMapTerminal(store);
  const toast = useToast();
  const [naming, setNaming] = useState(false);
  const { id, name } = terminal;
  const choose = (lane_id: string | null) =>
    save.mutate(
      { id, name, lane_id },
      {
        onSuccess: () => {
          setNaming(false);
          toast(
            'success',
            lane_id
              ? `${terminalLabel(terminal)} stands at ${laneName(lane_id)}.`
              : `${terminalLabel(terminal)} stands at no lane.`,
          );
        },
        onError: (error) => toast('danger', problemText(error)),
      },
    );
  if (naming)
    return <NewLane terminal={terminal} busy={save.isPending} onSave={choose} onCancel={() => setNaming(false)} />;
  return (
    <SelectField
      label={`Lane of ${terminalLabel(terminal)}`}
      hideLabel
      compact
      disabled={save.isPending}
      value={terminal.lane_id ?? ''}
      options={[
        { value: '', label: 'No lane' },
        ...lanes.map((lane) => ({ value: lane, label: optionLabel(lane, laneName) })),
        { value: OTHER, label: 'Another lane …' },
      ]}
      onChange={(lane) => (lane === OTHER ? setNaming(true) : choose(lane === '' ? null : lane))}
    />
  );
}

/** The name that people know, and the id that the configuration knows. */
function optionLabel(lane: string, nameOf: LaneName): string {
  const name = nameOf(lane);
  return name === lane ? lane : `${name} (${lane})`;
}

type NewLaneProps = { terminal: Terminal; busy: boolean; onSave: (lane: string) => void; onCancel: () => void };

function NewLane({ terminal, busy, onSave, onCancel }: NewLaneProps) {
  const [lane, setLane] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (LANE.test(lane)) onSave(lane);
    else setWrong(true);
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-start gap-2">
      <TextField
        label={`Id of the lane of ${terminalLabel(terminal)}`}
        hideLabel
        autoFocus
        placeholder="lane-1"
        className="h-8! w-32! text-[13px]"
        value={lane}
        error={wrong ? '1 to 40 of a-z, 0-9 and -' : undefined}
        onChange={(event) => setLane(event.target.value)}
      />
      <Button type="submit" size="sm" variant="primary" busy={busy}>
        Save
      </Button>
      <Button size="sm" variant="ghost" onClick={onCancel}>
        Cancel
      </Button>
    </form>
  );
}

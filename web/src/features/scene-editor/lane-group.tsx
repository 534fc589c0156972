/* SPDX-License-Identifier: Apache-2.0 */
import { type KeyboardEvent, useState } from 'react';
import { SelectField, TextField } from '@/components/field.tsx';
import { type Draft, groupsOf, type LaneDraft } from './draft.ts';
import { slugOf } from '@/lib/slug.ts';
import type { EditorAction } from './editor-state.ts';

type LaneGroupProps = {
  lane: LaneDraft;
  draft: Draft;
  error: string | undefined;
  dispatch: (action: EditorAction) => void;
};

/* No id looks like these. */
const OWN = '';
const NEW = '+';

/** Whose line the lane serves: its own, one that other lanes serve too, or a new one. */
export function LaneGroup({ lane, draft, error, dispatch }: LaneGroupProps) {
  const { key, group } = lane;
  const groups = groupsOf(draft);
  const choose = (value: string) =>
    dispatch(
      value === NEW ? { type: 'newGroup', key } : { type: 'setGroup', key, group: value === OWN ? null : value },
    );
  return (
    <>
      <SelectField
        label="Serves"
        value={group ?? OWN}
        error={error}
        hint={group === null ? undefined : `${lanesOf(draft, group)} The queue is drawn on one of them.`}
        options={[
          { value: OWN, label: 'Its own line' },
          ...groups.map((id) => ({ value: id, label: `Shared line “${id}”` })),
          { value: NEW, label: 'A new shared line …' },
        ]}
        onChange={choose}
      />
      {group !== null && !draft.savedGroups.includes(group) && (
        <GroupName key={group} group={group} groups={groups} dispatch={dispatch} />
      )}
    </>
  );
}

type GroupNameProps = { group: string; groups: readonly string[]; dispatch: LaneGroupProps['dispatch'] };

/** Taken over when it is left or on Enter: half a name could be that of another line. */
function GroupName({ group, groups, dispatch }: GroupNameProps) {
  const [name, setName] = useState(group);
  const id = slugOf(name);
  const taken = id !== group && groups.includes(id);
  const take = () => {
    if (id === '' || taken) setName(group);
    else dispatch({ type: 'renameGroup', group, name });
  };
  return (
    <TextField
      label="Name of the shared line"
      value={name}
      error={taken ? 'Another shared line is called so. Choose that one above.' : undefined}
      hint="Small letters, digits and hyphens. Fixed once saved."
      spellCheck={false}
      onChange={(event) => setName(event.target.value)}
      onBlur={take}
      onKeyDown={(event: KeyboardEvent) => event.key === 'Enter' && take()}
    />
  );
}

function lanesOf(draft: Draft, group: string): string {
  const names = draft.lanes.filter((l) => l.group === group).map((l) => l.name);
  return `${names.join(', ')} ${names.length === 1 ? 'serves' : 'serve'} it.`;
}

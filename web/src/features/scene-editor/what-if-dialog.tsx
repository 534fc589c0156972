/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Badge } from '@/components/badge.tsx';
import { Button, IconButton } from '@/components/button.tsx';
import { DataState, Skeleton } from '@/components/data-state.tsx';
import { Dialog } from '@/components/dialog.tsx';
import { SelectField, TextField } from '@/components/field.tsx';
import { useToast } from '@/components/toast.tsx';
import { problemText } from '@/lib/api/problem.ts';
import { useStore } from '@/lib/api/stores.ts';
import { addDays, dayStart, formatDateTime, isoDay } from '@/lib/format/time.ts';
import { drawingOf } from './scene-codec.ts';
import type { SceneSession } from './use-scene-session.ts';
import { useAskWhatIf, useDeleteWhatIf, useWhatIfs, type WhatIf } from './what-if-queries.ts';
import { WhatIfResult } from './what-if-result.tsx';

type WhatIfDialogProps = {
  store: string;
  camera: string;
  session: SceneSession;
  onClose: () => void;
};

/** The past counted again under the drawing as it is now, saved or not. */
export function WhatIfDialog({ store, camera, session, onClose }: WhatIfDialogProps) {
  const [shown, setShown] = useState<number | null>(null);
  const drop = useDeleteWhatIf(store);
  const toast = useToast();
  const remove = (id: number) =>
    drop.mutate(id, {
      onSuccess: () => setShown((now) => (now === id ? null : now)),
      onError: (fault) => toast('danger', problemText(fault)),
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="What would this have counted?"
      description="Counts a past span again under this drawing, unsaved changes too. What was recorded stays as it is."
      wide
    >
      {shown !== null ? (
        <>
          <WhatIfResult
            store={store}
            id={shown}
            onCancel={session.mayDraw ? () => remove(shown) : undefined}
          />
          <Button size="sm" className="mt-4" onClick={() => setShown(null)}>
            All what-ifs
          </Button>
        </>
      ) : (
        <>
          {session.mayDraw && <AskForm {...{ store, camera, session }} onAsked={setShown} />}
          <Earlier {...{ store, camera }} onShow={setShown} onRemove={session.mayDraw ? remove : undefined} />
        </>
      )}
    </Dialog>
  );
}

const SPANS = [
  { value: 'yesterday', label: 'Yesterday' },
  { value: 'week', label: 'Last 7 days' },
  { value: 'days', label: 'From – to' },
];

type AskFormProps = Omit<WhatIfDialogProps, 'onClose'> & { onAsked: (id: number) => void };

function AskForm({ store, camera, session, onAsked }: AskFormProps) {
  const { time_zone } = useStore();
  const [today] = useState(() => isoDay(Date.now(), time_zone));
  const yesterday = addDays(today, -1);
  const [span, setSpan] = useState('yesterday');
  const [days, setDays] = useState({ from: yesterday, to: yesterday });
  const ask = useAskWhatIf(store, camera);
  const { from, to } =
    span === 'days' ? days : { from: span === 'week' ? addDays(today, -7) : yesterday, to: yesterday };
  const isSpan = from !== '' && to !== '' && from <= to && to <= today;
  const faulty = session.faults.length > 0;
  const submit = () =>
    ask.mutate(
      {
        from: dayStart(from, time_zone).toISOString(),
        /* Of today there is only what has been. */
        to: new Date(Math.min(dayStart(addDays(to, 1), time_zone).getTime(), Date.now())).toISOString(),
        drawing: drawingOf(session.state.draft, session.base.image),
      },
      { onSuccess: ({ id }) => onAsked(id) },
    );
  return (
    <form
      className="space-y-3 border-b border-line pb-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (isSpan && !faulty) submit();
      }}
    >
      <SelectField label="Span" value={span} options={SPANS} onChange={setSpan} />
      {span === 'days' && (
        <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
          <TextField
            label="First day"
            type="date"
            max={today}
            value={days.from}
            onChange={(event) => setDays({ ...days, from: event.target.value })}
          />
          <TextField
            label="Last day"
            type="date"
            max={today}
            value={days.to}
            error={isSpan ? undefined : 'The last day must not be before the first, nor after today.'}
            onChange={(event) => setDays({ ...days, to: event.target.value })}
          />
        </div>
      )}
      {faulty && <p className="text-[13px] text-danger-ink">Mend the drawing first: {session.faults[0]?.text}</p>}
      {ask.error && (
        <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-[13px] text-danger-ink">
          {problemText(ask.error)}
        </p>
      )}
      <Button type="submit" variant="primary" busy={ask.isPending} disabled={!isSpan || faulty}>
        Count again
      </Button>
    </form>
  );
}

const STATE_WORDS: Record<WhatIf['state'], string> = {
  waiting: 'Waiting',
  working: 'Counting',
  done: 'Done',
  failed: 'Failed',
};

type EarlierProps = { store: string; camera: string; onShow: (id: number) => void; onRemove?: (id: number) => void };

function Earlier({ store, camera, onShow, onRemove }: EarlierProps) {
  const query = useWhatIfs(store, camera);
  const { time_zone } = useStore();
  return (
    <DataState
      query={query}
      what="earlier what-ifs"
      loading={<Skeleton className="mt-4 h-16 w-full" />}
      isEmpty={(all) => all.length === 0}
      empty={{ icon: 'history', title: 'No what-if yet', text: 'Those that were asked for of this camera stand here.' }}
    >
      {(all) => (
        <ul className="divide-y divide-line">
          {all.map((one) => {
            const span = `${formatDateTime(one.from, time_zone)} – ${formatDateTime(one.to, time_zone)}`;
            return (
              <li key={one.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5">
                <span className="min-w-40 flex-1 text-[13px]">
                  {span}
                  <span className="block text-quiet">{one.requested_by}</span>
                </span>
                <Badge tone={one.state === 'failed' ? 'danger' : 'neutral'}>{STATE_WORDS[one.state]}</Badge>
                <Button size="sm" variant="ghost" aria-label={`Show ${span}`} onClick={() => onShow(one.id)}>
                  Show
                </Button>
                {onRemove && <IconButton icon="trash" label={`Delete ${span}`} small onClick={() => onRemove(one.id)} />}
              </li>
            );
          })}
        </ul>
      )}
    </DataState>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Badge } from '@/components/badge.tsx';
import { Breadcrumb } from '@/components/breadcrumb.tsx';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { DataState, Skeleton } from '@/components/data-state.tsx';
import { useToast } from '@/components/toast.tsx';
import { useCameras } from '@/lib/api/cameras.ts';
import { problemText } from '@/lib/api/problem.ts';
import { useStore } from '@/lib/api/stores.ts';
import { addDays, dayStart, formatDay, isoDay } from '@/lib/format/time.ts';
import { useNow } from '@/lib/use-now.ts';
import { DayChooser } from '../cameras/playback/day-chooser.tsx';
import { type Audit, type LineAccuracy, useAuditMutations, useAudits } from './accuracy-queries.ts';
import { stateWords } from './accuracy-words.ts';
import { CountView } from './count-view.tsx';
import { FiguresView, IntervalsTable } from './figures-table.tsx';

/** Whether the counts are true: audits of each line, and counting by hand. */
export function AccuracyPage() {
  const store = useStore();
  const zone = store.time_zone;
  const query = useAudits(store.id);
  const cameras = useCameras(store.id).data ?? [];
  const { plan, remove } = useAuditMutations(store.id);
  const toast = useToast();
  const now = useNow(60_000);
  const [date, setDate] = useState(() => isoDay(Date.now(), zone));
  const [open, setOpen] = useState<number | null>(null);
  const nameOf = (camera: string, line: string) => `${cameras.find(({ id }) => id === camera)?.name ?? camera}, ${line}`;
  const onError = (error: unknown) => toast('danger', problemText(error));

  const begin = ({ camera_id, line_id }: LineAccuracy) => {
    const [from, to] = [dayStart(date, zone).toISOString(), dayStart(addDays(date, 1), zone).toISOString()];
    plan.mutate({ camera_id, line_id, from, to }, { onSuccess: ({ id }) => setOpen(id), onError });
  };
  const audit = query.data?.audits.find(({ id }) => id === open);
  const waiting = audit?.intervals.filter(({ state }) => state === 'open') ?? [];
  const next = waiting[0];

  return (
    <div className="mx-auto max-w-5xl space-y-4">
      <Breadcrumb trail={[{ href: `/stores/${store.id}/settings`, text: 'Settings' }]} here="Accuracy" />
      {audit && next && (
        <CountView
          key={next.id}
          {...{ audit, left: waiting.length }}
          interval={next}
          name={nameOf(audit.camera_id, audit.line_id)}
          onClose={() => setOpen(null)}
        />
      )}
      <DataState
        query={query}
        what="audits of counts"
        loading={<Skeleton className="h-64" />}
        isEmpty={({ lines }) => lines.length === 0}
        empty={{ icon: 'line', title: 'No line is drawn', text: 'Draw an entrance line on a camera in Settings; then its count can be audited.' }}
      >
        {({ lines, audits, target }) => (
          <div className="space-y-4">
            <Card
              title="Lines"
              hint="Twelve five-minute clips of the day are drawn; you count them without knowing what InvEye counted"
              actions={<DayChooser date={date} today={isoDay(now, zone)} onChoose={setDate} />}
              flush
            >
              <ul className="divide-y divide-line border-t border-line">
                {lines.map((line) => (
                  <li key={`${line.camera_id} ${line.line_id}`} className="space-y-3 px-4 py-4 sm:px-6">
                    <div className="flex flex-wrap items-center gap-3">
                      <span className="min-w-0 flex-1 font-medium wrap-anywhere">{nameOf(line.camera_id, line.line_id)}</span>
                      {line.redrawn && <Badge tone="warning">Drawn anew since</Badge>}
                      <StateBadge state={line.state} />
                      <Button size="sm" icon="plus" busy={plan.isPending} onClick={() => begin(line)}>
                        Audit this day
                      </Button>
                    </div>
                    {line.figures && <FiguresView figures={line.figures} target={target} />}
                  </li>
                ))}
              </ul>
            </Card>
            {audits.map((one) => (
              <AuditCard
                key={one.id}
                {...{ target, zone }}
                audit={one}
                name={nameOf(one.camera_id, one.line_id)}
                onCount={() => setOpen(one.id)}
                onRemove={() => remove.mutate(one.id, { onError })}
              />
            ))}
          </div>
        )}
      </DataState>
    </div>
  );
}

function StateBadge({ state }: { state: LineAccuracy['state'] }) {
  const { tone, text, hint } = stateWords(state);
  return (
    <Badge tone={tone} title={hint} dot>
      {text}
    </Badge>
  );
}

type AuditCardProps = { audit: Audit; name: string; target: number; zone: string; onCount: () => void; onRemove: () => void };

function AuditCard({ audit, name, target, zone, onCount, onRemove }: AuditCardProps) {
  const open = audit.intervals.filter(({ state }) => state === 'open').length;
  const [sure, setSure] = useState(false);
  return (
    <Card
      title={name}
      hint={`${formatDay(audit.from, zone)} · planned by ${audit.planned_by} · ${audit.intervals.length - open} of ${audit.intervals.length} settled`}
      actions={
        <>
          {audit.figures.intervals > 0 && <StateBadge state={audit.figures.verdict} />}
          {open > 0 && (
            <Button size="sm" variant="primary" icon="play" onClick={onCount}>
              Count
            </Button>
          )}
          <Button size="sm" variant={sure ? 'danger' : 'ghost'} icon="trash" onClick={sure ? onRemove : () => setSure(true)}>
            {sure ? 'Delete for good' : 'Delete'}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {audit.figures.intervals > 0 && <FiguresView figures={audit.figures} target={target} />}
        <IntervalsTable audit={audit} />
      </div>
    </Card>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { Badge } from '@/components/badge.tsx';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { DataState, Skeleton } from '@/components/data-state.tsx';
import { Icon } from '@/components/icon.tsx';
import { ProgressBar } from '@/components/progress-bar.tsx';
import { problemText } from '@/lib/api/problem.ts';
import { formatBytes } from '@/lib/format/number.ts';
import { formatAgo } from '@/lib/format/time.ts';
import {
  type ArchiveState,
  type ArchiveTrial,
  archiveTone,
  kindWords,
  policyWords,
  useArchive,
  useArchiveTrial,
  waitingWords,
} from './archive-state.ts';

/** What is archived, how far behind it is, and whether it works. */
export function ArchiveCard({ store }: { store: string }) {
  const archive = useArchive(store);
  const trial = useArchiveTrial(store);
  const off = archive.data === undefined || archive.data.state === 'off';
  return (
    <Card
      title="Archive"
      hint={archive.data?.place ?? 'Recordings, pictures and evidence that are kept for longer, elsewhere'}
      actions={
        !off && (
          <Button size="sm" icon="refresh" busy={trial.isPending} onClick={() => trial.mutate()}>
            Try the archive
          </Button>
        )
      }
    >
      <DataState
        query={archive}
        what="the archive"
        loading={<Skeleton className="h-28" />}
        isEmpty={({ state }) => state === 'off'}
        empty={{
          icon: 'layers',
          title: 'No archive',
          text: 'Set archive.target in the configuration file to keep recordings, pictures and evidence in a folder or in an S3 bucket too.',
        }}
      >
        {(state) => <ArchiveFacts state={state} />}
      </DataState>
      {trial.data && <Trial trial={trial.data} />}
      {trial.error && (
        <p role="alert" className="mt-4 text-sm text-danger-ink">
          {problemText(trial.error)}
        </p>
      )}
    </Card>
  );
}

function ArchiveFacts({ state }: { state: ArchiveState }) {
  const now = Date.now();
  const { tone, label } = archiveTone(state);
  const { stored, sending, policy, last_stored: last } = state;
  return (
    <div className="grid gap-3 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={tone} dot>
          {label}
        </Badge>
        <span className="text-quiet">
          {waitingWords(state, now) ?? 'Nothing waits'}
          {last && ` · last file stored ${formatAgo(Date.parse(last), now)}`}
        </span>
      </div>
      {state.last_error && (
        <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 wrap-anywhere text-danger-ink">
          {state.last_error}
          {state.failing_since && ` (since ${formatAgo(Date.parse(state.failing_since), now)})`}
        </p>
      )}
      {sending && <ProgressBar label="Of the file that is being sent" share={sending.done / Math.max(1, sending.bytes)} />}
      {stored && (
        <p>
          {formatBytes(stored.bytes)} in {stored.files} {stored.files === 1 ? 'file' : 'files'} stored
          {stored.only_there > 0 && `, ${stored.only_there} of them only there`}.
        </p>
      )}
      <ul aria-label="Stored in the archive" className="grid gap-0.5 text-[13px]">
        {kindWords(state).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Lost n={state.lost ?? 0} what="recordings" why="the disk is too small, or the line too slow" />
      <Lost n={state.lost_snapshots ?? 0} what="pictures" why="snapshots.keep_gb is too small, or the line too slow" />
      {policy && (
        <ul className="text-[13px] text-quiet">
          {policyWords(policy).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Lost({ n, what, why }: { n: number; what: string; why: string }) {
  if (n === 0) return null;
  return (
    <p className="text-warning-ink">
      {n} {what} were deleted here before they could be archived: {why}.
    </p>
  );
}

const STEPS: Record<string, string> = { find: 'Find it', write: 'Write', read: 'Read', list: 'List', delete: 'Delete' };

function Trial({ trial }: { trial: ArchiveTrial }) {
  return (
    <div role="status" className="mt-4 border-t border-line pt-4">
      <p className="text-sm font-medium">{trial.works ? 'The archive works.' : 'The archive does not work.'}</p>
      <ul className="mt-2 grid gap-1 text-[13px]">
        {trial.steps.map(({ name, state, took_s: took, fault }) => (
          <li key={name} className="flex items-start gap-2">
            <Icon
              name={state === 'done' ? 'check' : state === 'failed' ? 'close' : 'dot'}
              className={`mt-0.5 size-4 shrink-0 ${state === 'done' ? 'text-success-ink' : state === 'failed' ? 'text-danger-ink' : 'text-faint'}`}
            />
            <span className="w-14 shrink-0">{STEPS[name]}</span>
            <span className={`min-w-0 wrap-anywhere ${fault ? 'text-danger-ink' : 'text-quiet'}`}>
              {fault ?? (state === 'done' ? `${Math.max(1, Math.round(took * 1000))} ms` : 'not tried')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

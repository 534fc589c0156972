/* SPDX-License-Identifier: Apache-2.0 */
import { type ReactNode, useState } from 'react';
import { problemText } from '@/lib/api/problem.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';

/* The five states that every data component has, shown the same way everywhere. */

export type DataQuery<T> = {
  data: T | undefined;
  error: unknown;
  /** A fetch is under way and there is nothing to show yet. */
  isPending: boolean;
  refetch?: () => unknown;
};

type DataStateProps<T> = {
  query: DataQuery<T>;
  /** What the data is, for the sentences: "traffic", "events". */
  what: string;
  loading: ReactNode;
  /** True when the answer holds nothing to show. */
  isEmpty?: (data: T) => boolean;
  empty?: { icon: IconName; title: string; text: string; action?: ReactNode };
  /** The figures are older than they should be: the link is lost or a refetch failed. */
  stale?: boolean;
  children: (data: T) => ReactNode;
};

export function DataState<T>({ query, what, loading, isEmpty, empty, stale, children }: DataStateProps<T>) {
  const { data, error, refetch } = query;
  const failure = useLastFailure(data, error);
  if (data === undefined) {
    if (failure) return <ErrorNote what={what} error={failure} retry={refetch} busy={!error} />;
    return (
      <div role="status" aria-label={`Loading ${what}`}>
        {loading}
      </div>
    );
  }
  const body = empty && isEmpty?.(data) ? <EmptyNote {...empty} /> : children(data);
  const old = stale || Boolean(error);
  return (
    <>
      {old && <StaleNote what={what} retry={refetch} />}
      <div className={old ? 'opacity-60 transition-opacity' : 'transition-opacity'} data-stale={old || undefined}>
        {body}
      </div>
    </>
  );
}

/** Why there is no data. It stands while another try is under way, so that a part that fails again
 * and again does not flicker. */
function useLastFailure(data: unknown, error: unknown): unknown {
  const [last, setLast] = useState<unknown>(null);
  const now = data !== undefined ? null : (error ?? last);
  if (now !== last) setLast(now);
  return now;
}

type EmptyNoteProps = { icon: IconName; title: string; text: string; action?: ReactNode };

export function EmptyNote({ icon, title, text, action }: EmptyNoteProps) {
  return (
    <div className="flex flex-col items-center gap-1 px-6 py-10 text-center" data-state="empty">
      <span className="mb-2 grid size-12 place-items-center rounded-full bg-sunken text-quiet">
        <Icon name={icon} className="size-6" />
      </span>
      <p className="font-medium text-ink">{title}</p>
      <p className="max-w-sm text-[13px] leading-5 text-quiet">{text}</p>
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

type ErrorNoteProps = { what: string; error: unknown; retry?: () => unknown; /** Trying again now. */ busy?: boolean };

export function ErrorNote({ what, error, retry, busy }: ErrorNoteProps) {
  return (
    <div role="alert" className="flex flex-col items-center gap-1 px-6 py-10 text-center" data-state="error">
      <span className="mb-2 grid size-12 place-items-center rounded-full bg-danger-soft text-danger-ink">
        <Icon name="warning" className="size-6" />
      </span>
      <p className="font-medium text-ink">Could not load {what}</p>
      <p className="max-w-sm text-[13px] leading-5 text-quiet">{problemText(error)}</p>
      {retry && (
        <Button size="sm" icon="refresh" busy={busy} className="mt-3" onClick={() => void retry()}>
          Try again
        </Button>
      )}
    </div>
  );
}

function StaleNote({ what, retry }: { what: string; retry?: () => unknown }) {
  return (
    <p
      role="status"
      className="mb-3 flex items-center gap-2 rounded-lg bg-warning-soft px-3 py-1.5 text-[13px] text-warning-ink group-data-flush/card:mx-4 sm:group-data-flush/card:mx-6"
    >
      <Icon name="clock" />
      <span className="flex-1">Not up to date: showing the last known {what}.</span>
      {retry && (
        <button type="button" className="font-medium underline underline-offset-2" onClick={() => void retry()}>
          Refresh
        </button>
      )}
    </p>
  );
}

export function Skeleton({ className = '' }: { className?: string }) {
  return (
    <span
      className={`block animate-shimmer rounded-md bg-sunken bg-[linear-gradient(90deg,transparent,color-mix(in_srgb,var(--line)_70%,transparent),transparent)] bg-[length:200%_100%] ${className}`}
    />
  );
}

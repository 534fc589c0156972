/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactNode } from 'react';
import { Badge } from '@/components/badge.tsx';
import { Button } from '@/components/button.tsx';
import { ProgressBar } from '@/components/progress-bar.tsx';
import { useToast } from '@/components/toast.tsx';
import { problemText } from '@/lib/api/problem.ts';
import { useStore } from '@/lib/api/stores.ts';
import { formatBytes, formatDuration, formatShare } from '@/lib/format/number.ts';
import { formatDateTime } from '@/lib/format/time.ts';
import { type Clip, clipPath, isUnderWay, useClipMutations } from './clip-queries.ts';
import { CLIP_STATES, gapWords, shownWords, spanWords } from './clip-words.ts';
import { Digest } from './digest.tsx';

/** `more`: what else can be done with it. */
type ClipItemProps = { clip: Clip; name: string; more?: ReactNode };

/** One clip: of what, for whom, how far it is, and the file. */
export function ClipItem({ clip, name, more }: ClipItemProps) {
  const zone = useStore().time_zone;
  const { tone, label } = CLIP_STATES[clip.state];
  const span = { from: Date.parse(clip.from), to: Date.parse(clip.to) };
  return (
    <article aria-label={`Clip ${clip.id}`} data-clip-state={clip.state} className="space-y-2">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <div className="min-w-0">
          <h3 className="text-sm font-medium wrap-anywhere">
            <span className="text-quiet tabular-nums">{clip.id}</span> {name}, <span className="tabular-nums">{spanWords(span, zone)}</span>
          </h3>
          <p className="text-[13px] leading-5 text-quiet">
            {formatDuration((span.to - span.from) / 1000)}
            {clip.bytes !== null && `, ${formatBytes(clip.bytes)}`} · asked for by {clip.requested_by},{' '}
            {formatDateTime(clip.requested_at, zone)}
          </p>
        </div>
        <Badge tone={tone} dot>
          {label}
        </Badge>
      </div>
      <Standing clip={clip} zone={zone} />
      <Actions clip={clip} more={more} />
    </article>
  );
}

function Standing({ clip, zone }: { clip: Clip; zone: string }) {
  const gaps = clip.gaps.map(({ start, end }) => ({ from: Date.parse(start), to: Date.parse(end) }));
  return (
    <div className="space-y-1 text-[13px] leading-5 text-quiet">
      {clip.state === 'working' && (
        <div className="flex items-center gap-3">
          <ProgressBar label={`Clip ${clip.id}`} share={clip.progress} />
          <span className="w-9 shrink-0 text-right tabular-nums">{formatShare(clip.progress)}</span>
        </div>
      )}
      {clip.state === 'waiting' && <p>{clip.reason ? sentence(clip.reason) : 'It is made when its time is recorded and its turn comes.'}</p>}
      {clip.state === 'failed' && (
        <p className="text-danger-ink wrap-anywhere">{sentence(clip.reason ?? 'It could not be made.')}</p>
      )}
      {clip.state === 'expired' && <p>Its file was kept for its time and is deleted.</p>}
      {shownWords(clip, zone) && <p>{shownWords(clip, zone)}</p>}
      {gaps.length > 0 && <p className="text-warning-ink">{gapWords(gaps, zone)}</p>}
      {clip.state === 'done' && clip.reason && <p className="text-warning-ink">{sentence(clip.reason)}</p>}
      {clip.state === 'done' && (
        <p>{clip.expires_at ? `Kept until ${formatDateTime(clip.expires_at, zone)}.` : 'Kept until somebody deletes it.'}</p>
      )}
      {clip.state === 'done' && clip.sha256 && <Digest sha256={clip.sha256} />}
    </div>
  );
}

/** What the server says, as a sentence. */
function sentence(words: string): string {
  const whole = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

function Actions({ clip, more }: { clip: Clip; more?: ReactNode }) {
  const store = useStore();
  const toast = useToast();
  const { remove } = useClipMutations(store.id);
  const busy = isUnderWay(clip);
  if (!busy && clip.state !== 'done' && !more) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {clip.state === 'done' && (
        <a
          href={clipPath(store.id, clip)}
          download
          className="inline-flex h-8 items-center rounded-md bg-primary-fill px-3 text-[13px] font-medium text-white shadow-sm hover:bg-primary-fill-hover"
        >
          Download
        </a>
      )}
      {busy && (
        <Button
          size="sm"
          busy={remove.isPending}
          onClick={() => remove.mutate(clip.id, { onError: (error) => toast('danger', problemText(error)) })}
        >
          Cancel
        </Button>
      )}
      {more}
    </div>
  );
}

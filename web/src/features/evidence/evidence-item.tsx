/* SPDX-License-Identifier: Apache-2.0 */
import { Link } from 'wouter';
import { Badge, type Tone } from '@/components/badge.tsx';
import { Button } from '@/components/button.tsx';
import { ProgressBar } from '@/components/progress-bar.tsx';
import type { Names } from '@/lib/api/names.ts';
import { useMay } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';
import { formatClock, formatDateTime } from '@/lib/format/time.ts';
import { bundlePath, type Evidence, useEvidenceMutations } from './evidence-queries.ts';

const STATES: Record<Evidence['state'], { tone: Tone; label: string }> = {
  waiting: { tone: 'primary', label: 'Being made' },
  ready: { tone: 'success', label: 'Ready' },
  failed: { tone: 'danger', label: 'Failed' },
  released: { tone: 'neutral', label: 'Released' },
};

type EvidenceItemProps = { item: Evidence; names: Names; onRelease: () => void };

export function EvidenceItem({ item, names, onRelease }: EvidenceItemProps) {
  const store = useStore();
  const zone = store.time_zone;
  const { tone, label } = STATES[item.state];
  return (
    <article aria-label={`Evidence ${item.id}`} className="space-y-3 px-4 py-4 sm:px-6">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h3 className="text-sm font-medium wrap-anywhere">
            <span className="text-quiet tabular-nums">{item.id}</span> {item.title}
          </h3>
          <p className="text-[13px] leading-5 text-quiet">
            {names.camera(item.camera_id)}, {formatDateTime(item.from, zone)} to {formatClock(item.to, zone)}
          </p>
          <p className="text-xs leading-5 text-quiet">
            Kept by {item.kept_by}, {formatDateTime(item.kept_at, zone)}
          </p>
        </div>
        <Badge tone={tone} dot>
          {label}
        </Badge>
      </div>
      {item.note && <p className="text-[13px] leading-5 wrap-anywhere">{item.note}</p>}
      <Standing item={item} zone={zone} />
      {item.state !== 'released' && <Actions item={item} onRelease={onRelease} />}
    </article>
  );
}

function Standing({ item, zone }: { item: Evidence; zone: string }) {
  if (item.release)
    return (
      <p className="text-[13px] text-quiet">
        Released by {item.release.by}, {formatDateTime(item.release.at, zone)}: {item.release.reason}
      </p>
    );
  if (item.progress !== null) return <ProgressBar label={`Bundle of evidence ${item.id}`} share={item.progress} />;
  if (item.state === 'waiting')
    return <p className="text-[13px] text-quiet">The bundle is made as soon as this time is recorded.</p>;
  if (item.state === 'failed') return <p className="text-[13px] text-danger-ink">No bundle: {item.trouble}.</p>;
  return item.bundle && <p className="text-[13px] text-quiet">{contents(item.bundle)}</p>;
}

function contents({ clips, stills, events, bytes, archived }: NonNullable<Evidence['bundle']>): string {
  const parts = [count(clips, 'clip'), count(stills, 'picture'), count(events, 'event'), `${(bytes / 1e6).toFixed(1)} MB`, archived ? 'in the archive too' : ''];
  return parts.filter(Boolean).join(', ');
}

function count(n: number, word: string): string {
  return n === 0 ? '' : `${n} ${word}${n === 1 ? '' : 's'}`;
}

function Actions({ item, onRelease }: { item: Evidence; onRelease: () => void }) {
  const store = useStore();
  const { again } = useEvidenceMutations(store.id);
  const [mayKeep, mayRelease, mayWatch] = [useMay('evidence.write'), useMay('evidence.release'), useMay('recordings.read')];
  return (
    <div className="flex flex-wrap items-center gap-2">
      {item.bundle && item.state === 'ready' && (
        <a
          href={bundlePath(store.id, item)}
          download
          className="inline-flex h-8 items-center rounded-md bg-primary-fill px-3 text-[13px] font-medium text-white shadow-sm hover:bg-primary-fill-hover"
        >
          Download bundle
        </a>
      )}
      {mayWatch && (
        <Link
          href={`/stores/${store.id}/cameras/${item.camera_id}/recordings?at=${item.from}`}
          className="inline-flex h-8 items-center rounded-md px-3 text-[13px] font-medium text-primary-ink hover:bg-sunken"
        >
          Watch
        </Link>
      )}
      {mayKeep && item.state !== 'waiting' && (
        <Button size="sm" variant="ghost" icon="refresh" busy={again.isPending} onClick={() => again.mutate(item.id)}>
          Make it again
        </Button>
      )}
      {mayRelease && (
        <Button size="sm" variant="ghost" onClick={onRelease}>
          Release
        </Button>
      )}
    </div>
  );
}

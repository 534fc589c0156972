/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useRef } from 'react';
import { Button, IconButton } from '@/components/button.tsx';
import { useStore } from '@/lib/api/stores.ts';
import { useNow } from '@/lib/use-now.ts';
import type { Span } from '../playback/timeline-scale.ts';
import { ClipFields } from './clip-fields.tsx';
import { ClipItem } from './clip-item.tsx';
import { type Started, useClipMutations, useClips, useContents } from './clip-queries.ts';
import { type Content, faultOf, withEdge } from './clip-span.ts';
import { gapWords, sizeWords } from './clip-words.ts';
import { ClipsLink } from './clips-link.tsx';
import type { ClipChoice } from './use-clip-choice.ts';

type NamedCamera = { id: string; name: string };

type ClipPanelProps = {
  /** One clip is made of each. */
  cameras: readonly NamedCamera[];
  choice: ClipChoice;
  /** How far the edges may go, and where the recording stands. */
  bounds: Span;
  at: () => number;
  /** The picture is wanted of this instant: an edge was moved there. */
  onSeek: (at: number) => void;
};

/** Under the timeline: choosing the span of a clip, and then what becomes of it. */
export function ClipPanel({ cameras, choice, bounds, at, onSeek }: ClipPanelProps) {
  const store = useStore();
  const root = useRef<HTMLElement>(null);
  const { start } = useClipMutations(store.id);
  const choosing = choice.span !== null;
  useEffect(() => {
    root.current?.focus({ preventScroll: true });
    root.current?.scrollIntoView({ block: 'nearest' });
  }, [choosing]);
  return (
    <section
      ref={root}
      tabIndex={-1}
      aria-label="Save a clip"
      className="mt-4 scroll-my-20 space-y-3 rounded-lg border border-line bg-page/60 p-4 outline-none"
    >
      <header className="flex items-start justify-between gap-4">
        <div>
          <h3 className="text-sm font-semibold">Save a clip</h3>
          <p className="text-[13px] leading-5 text-quiet">
            {choice.span
              ? `Drag the handles on the timeline, or set the times (${store.time_zone}).`
              : 'You may leave this page: it is made nonetheless.'}
          </p>
        </div>
        <IconButton icon="close" label="Close" small className="-mt-1 -mr-2" onClick={choice.close} />
      </header>
      {choice.span ? (
        <Choosing {...{ cameras, choice, bounds, at, onSeek, start }} span={choice.span} />
      ) : (
        <Asked cameras={cameras} choice={choice} />
      )}
      <Refusals refused={start.data?.refused ?? []} cameras={cameras} />
    </section>
  );
}

type ChoosingProps = ClipPanelProps & { span: Span; start: ReturnType<typeof useClipMutations>['start'] };

function Choosing({ cameras, choice, span, bounds, at, onSeek, start }: ChoosingProps) {
  const store = useStore();
  const now = useNow(1000);
  const ids = cameras.map(({ id }) => id);
  const contents = useContents(store.id, ids, span, now);
  const fault = faultOf(span, now);
  const some = cameras.filter((_, i) => !contents[i]?.nothing);
  const nothing = fault === null && some.length === 0;
  const save = () =>
    start.mutate(
      { cameras: some.map(({ id }) => id), span },
      { onSuccess: ({ made }) => made.length > 0 && choice.ask(made.map(({ id }) => id)) },
    );
  return (
    <>
      <ClipFields
        clip={span}
        zone={store.time_zone}
        onType={(next, moved) => {
          choice.choose(next);
          if (moved >= bounds.from && moved <= bounds.to) onSeek(moved);
        }}
        onHere={(edge) => choice.choose(withEdge(span, edge, at(), bounds))}
      />
      <div role="status" className="space-y-1 text-[13px] leading-5">
        {fault ? (
          <p className="text-danger-ink">{fault}</p>
        ) : (
          <p className="font-medium tabular-nums" data-clip-size>
            {cameras.length > 1 && `${some.length} ${some.length === 1 ? 'clip' : 'clips'} of `}
            {sizeWords(span, contents)}
          </p>
        )}
        {nothing && <p className="text-danger-ink">Nothing was recorded in this time.</p>}
        {!fault && !nothing && <Lacks cameras={cameras} contents={contents} zone={store.time_zone} />}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" variant="primary" busy={start.isPending} disabled={fault !== null || nothing} onClick={save}>
          {some.length > 1 ? `Save ${some.length} clips` : 'Save clip'}
        </Button>
        <Button size="sm" onClick={choice.close}>
          Cancel
        </Button>
      </div>
    </>
  );
}

type LacksProps = { cameras: readonly NamedCamera[]; contents: readonly (Content | null)[]; zone: string };

/** What the clips will not have. */
function Lacks({ cameras, contents, zone }: LacksProps) {
  return cameras.map(({ id, name }, i) => {
    const content = contents[i];
    const words = content?.nothing ? 'Nothing was recorded, no clip is made.' : gapWords(content?.gaps ?? [], zone);
    if (!words) return null;
    return (
      <p key={id} className="text-warning-ink">
        {cameras.length > 1 && `${name}: `}
        {words}
      </p>
    );
  });
}

function Asked({ cameras, choice }: { cameras: readonly NamedCamera[]; choice: ClipChoice }) {
  const store = useStore();
  const clips = useClips(store.id).data ?? [];
  const shown = choice.asked.flatMap((id) => clips.find((clip) => clip.id === id) ?? []);
  return (
    <>
      <ul className="divide-y divide-line">
        {shown.map((clip) => (
          <li key={clip.id} className="py-3 first:pt-0 last:pb-0">
            <ClipItem clip={clip} name={cameras.find(({ id }) => id === clip.camera)?.name ?? clip.camera} />
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="text-[13px] text-quiet">It was cancelled.</p>}
      <ClipsLink text="All saved clips" />
    </>
  );
}

function Refusals({ refused, cameras }: { refused: Started['refused']; cameras: readonly NamedCamera[] }) {
  return refused.map(({ camera, reason }) => (
    <p key={camera} role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-[13px] text-danger-ink">
      {cameras.length > 1 && `${cameras.find(({ id }) => id === camera)?.name ?? camera}: `}
      {reason}
    </p>
  ));
}

/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Tone } from '@/components/badge.tsx';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import { formatBytes, formatCount, formatDuration } from '@/lib/format/number.ts';

/* Files that are kept for longer, elsewhere. */

export type ArchiveState = Schemas['ArchiveState'];
export type ArchiveTrial = Schemas['ArchiveTrial'];

const archiveKey = (store: string) => ['stores', store, 'archive'] as const;

export function useArchive(store: string) {
  return useQuery({
    queryKey: archiveKey(store),
    queryFn: () => bodyOf(api.GET('/api/v1/stores/{store}/archive', { params: { path: { store } } })),
    refetchInterval: 5_000,
  });
}

export function useArchiveTrial(store: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/stores/{store}/archive/test', { params: { path: { store } } })),
    onSettled: () => client.invalidateQueries({ queryKey: archiveKey(store) }),
  });
}

export function archiveTone({ state, waiting }: ArchiveState): { tone: Tone; label: string } {
  if (state === 'failed') return { tone: 'danger', label: 'Failing' };
  if (state === 'sending') return { tone: 'primary', label: 'Sending' };
  if (state === 'closed') return { tone: 'neutral', label: 'Waits for its hours' };
  return waiting && waiting.files > 0 ? { tone: 'primary', label: 'Looking' } : { tone: 'success', label: 'Up to date' };
}

/** How far it is behind; null = nothing waits. */
export function waitingWords({ waiting }: ArchiveState, now: number): string | null {
  if (!waiting || waiting.files === 0) return null;
  const age = waiting.oldest ? Math.max(0, (now - Date.parse(waiting.oldest)) / 1000) : 0;
  const files = waiting.files === 1 ? '1 file waits' : `${formatCount(waiting.files)} files wait`;
  return `${files}, ${formatBytes(waiting.bytes)}; the oldest for ${formatDuration(age)}`;
}

function several(n: number, one: string, many: string): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`;
}

/** What is stored of each kind, and how many of it wait; a kind of which there is nothing is left out. */
export function kindWords({ kinds }: ArchiveState): string[] {
  if (!kinds) return [];
  const names = [
    [kinds.recordings, 'recording', 'recordings'],
    [kinds.snapshots, 'picture of an event', 'pictures of events'],
    [kinds.evidence, 'bundle of evidence', 'bundles of evidence'],
  ] as const;
  return names
    .filter(([count]) => count.stored + count.waiting > 0)
    .map(([count, one, many]) => {
      const waits = count.waiting > 0 ? `; ${formatCount(count.waiting)} wait` : '';
      return `${several(count.stored, one, many)}, ${formatBytes(count.stored_bytes)}${waits}`;
    });
}

function days(seconds: number): string {
  if (seconds === 0) return 'for ever';
  const n = seconds / 86_400;
  return n === 1 ? '1 day' : `${Math.round(n * 10) / 10} days`;
}

/** What the configuration says, as sentences. */
export function policyWords(policy: NonNullable<ArchiveState['policy']>): string[] {
  const which = {
    off: 'No recordings are archived',
    all: 'All recordings are archived',
    events: 'Recordings in which something happened are archived',
    held: 'Recordings that are held are archived',
  }[policy.recordings];
  const cameras = policy.cameras === null ? 'of every camera' : `of ${policy.cameras}, and what is held`;
  const pictures = {
    off: 'Pictures of events are not archived',
    all: 'Pictures of events are archived',
    held: 'Pictures of events that are held are archived',
  }[policy.snapshots];
  return [
    `${which}, ${cameras}.`,
    `${pictures}; bundles of evidence are ${policy.evidence ? 'archived until their case is released' : 'not'}.`,
    `Kept there ${policy.keep_s === 0 ? '' : 'for '}${days(policy.keep_s)}${policy.keep_local ? ', and here as recordings are.' : '; deleted here once stored there.'}`,
    ...(policy.hours === null ? [] : [`Sent from ${policy.hours.replace('-', ' to ')} only.`]),
    ...(policy.bandwidth_mbit === 0 ? [] : [`Sent at ${policy.bandwidth_mbit} Mbit/s at most.`]),
  ];
}

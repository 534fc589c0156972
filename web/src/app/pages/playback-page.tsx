/* SPDX-License-Identifier: Apache-2.0 */
import { useParams, useSearchParams } from 'wouter';
import { PlaybackView } from '@/features/cameras/playback/playback-view.tsx';
import { eventWords } from '@/features/events/event-words.ts';
import { useNames } from '@/lib/api/names.ts';
import { useStore } from '@/lib/api/stores.ts';

/** The recordings of a camera; `?at=` names the instant to begin with. */
export function PlaybackPage() {
  const store = useStore();
  const names = useNames(store.id);
  const camera = useParams<{ camera: string }>().camera;
  const [params] = useSearchParams();
  const given = Date.parse(params.get('at') ?? '');
  const start = Number.isNaN(given) ? null : given;
  return <PlaybackView key={`${camera} ${start}`} camera={camera} start={start} wordsOf={(event) => eventWords(event, names).text} />;
}

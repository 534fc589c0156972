/* SPDX-License-Identifier: Apache-2.0 */
import type { Camera, StreamName } from '@/lib/api/cameras.ts';
import { type LiveVideo, NO_VIDEO } from './use-live-video.ts';

/* Which of a camera's streams are open, and which is seen: a change between them is not noticed, for the
 * old picture stays until the new one plays; and where the wanted one can't be played at all, the other one
 * takes its place. Pure. */

export type StreamStates = Partial<Record<StreamName, LiveVideo>>;

export type Layers = { mounted: StreamName[]; shown: StreamName | null };

function targetOf(camera: Camera, wanted: StreamName): StreamName {
  return camera.streams.length > 1 ? wanted : 'main';
}

function plays(live: LiveVideo | undefined): boolean {
  return live?.state === 'playing';
}

export function layersOf(camera: Camera, wanted: StreamName, states: StreamStates): Layers {
  const target = targetOf(camera, wanted);
  const other = target === 'main' ? 'sub' : 'main';
  if (plays(states[target])) return { mounted: [target], shown: target };
  const helps = camera.streams.length > 1 && (isUp(states[other]) || states[target]?.state === 'refused');
  return { mounted: helps ? [target, other] : [target], shown: helps && plays(states[other]) ? other : null };
}

/** It was opened and is not given up. */
function isUp(live: LiveVideo | undefined): boolean {
  return live !== undefined && (live.state === 'playing' || live.state === 'lost');
}

/** What is told of the picture as a whole. */
export function liveOf(camera: Camera, wanted: StreamName, states: StreamStates): LiveVideo {
  const target = targetOf(camera, wanted);
  const { shown } = layersOf(camera, wanted, states);
  const live = states[target] ?? NO_VIDEO;
  if (shown === null || shown === target) return live;
  const refused = live.state === 'refused' && live.reason !== null;
  return { state: 'playing', reason: refused ? `The ${shown} stream is shown instead. ${live.reason}` : null };
}

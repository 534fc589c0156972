/* SPDX-License-Identifier: Apache-2.0 */
import type { RefObject } from 'react';
import { BlurredStill } from './blurred-still.tsx';
import { RefusedNote } from './refused-note.tsx';
import type { Playback } from './use-playback.ts';

type RecordedPictureProps = {
  video: RefObject<HTMLVideoElement | null>;
  playback: Playback;
  still: { store: string; camera: string; name: string; at: number; zone: string };
};

/** What the recording shows; for those who may not see it, why, and a picture with people blurred. */
export function RecordedPicture({ video, playback: { state, reason }, still }: RecordedPictureProps) {
  const refused = state === 'refused';
  return (
    <>
      {refused && (
        <>
          <RefusedNote
            reason={reason ?? ''}
            more="Single pictures, with people blurred, are shown: choose a time below."
          />
          <BlurredStill {...still} />
        </>
      )}
      <div hidden={refused} className="relative overflow-hidden rounded-lg bg-slate-950">
        <video ref={video} muted playsInline data-playback={state} className="aspect-video w-full object-contain" />
        {reason && !refused && (
          <p role="alert" className="absolute inset-x-0 bottom-0 bg-black/70 px-4 py-3 text-[13px] text-white">
            {reason}
          </p>
        )}
      </div>
    </>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useRef } from 'react';
import { Button } from '@/components/button.tsx';
import { useSavePicture } from './use-save-picture.ts';

type SavePictureProps = {
  camera: string;
  /** When what is shown was recorded; null: nothing is shown. */
  at: () => number | null;
  /** Why there is none to save. */
  reason?: string;
};

export function SavePictureButton({ camera, at, reason }: SavePictureProps) {
  const save = useSavePicture(camera);
  return (
    <span title={reason ?? 'Download the picture that is shown, at its full size'}>
      <Button
        size="sm"
        icon="picture"
        busy={save.isPending}
        disabled={reason !== undefined}
        onClick={() => {
          const shown = at();
          if (shown !== null) save.mutate(shown);
        }}
      >
        Save picture
      </Button>
    </span>
  );
}

type SaveClipProps = { onClick: () => void; several?: boolean; takesFocus: () => boolean };

export function SaveClipButton({ onClick, several, takesFocus }: SaveClipProps) {
  const button = useRef<HTMLButtonElement>(null);
  const takes = useRef(takesFocus);
  useEffect(() => {
    if (takes.current()) button.current?.focus();
  }, []);
  return (
    <Button ref={button} size="sm" icon="download" title="Choose a span, and save it as a file" onClick={onClick}>
      {several ? 'Save clips' : 'Save clip'}
    </Button>
  );
}

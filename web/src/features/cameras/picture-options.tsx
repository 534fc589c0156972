/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { SwitchField } from '@/components/switch-field.tsx';
import type { PictureOptions } from './camera-picture.tsx';

const KEY = 'inveye.picture';

/** What is drawn over the pictures; remembered on this device. */
export function usePictureOptions() {
  const [show, setShow] = useState<PictureOptions>(read);
  const change = (part: Partial<PictureOptions>) => {
    const next = { ...show, ...part };
    setShow(next);
    try {
      localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      /* not remembered, still shown */
    }
  };
  return [show, change] as const;
}

type PictureSwitchesProps = { show: PictureOptions; onChange: (part: Partial<PictureOptions>) => void };

export function PictureSwitches({ show, onChange }: PictureSwitchesProps) {
  return (
    <div className="mr-2 flex flex-wrap gap-x-4 gap-y-1">
      <SwitchField label="People" checked={show.boxes} onChange={(boxes) => onChange({ boxes })} />
      <SwitchField label="Zones and lines" checked={show.shapes} onChange={(shapes) => onChange({ shapes })} />
    </div>
  );
}

function read(): PictureOptions {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<PictureOptions>;
    return { boxes: stored.boxes !== false, shapes: stored.shapes !== false };
  } catch {
    return { boxes: true, shapes: true };
  }
}

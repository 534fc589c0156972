/* SPDX-License-Identifier: Apache-2.0 */
import { Icon } from '@/components/icon.tsx';
import type { Camera } from '@/lib/api/cameras.ts';

type Privacy = Camera['privacy'];

/** What of the camera is masked, and where it is not. "" where it has no masks. */
export function maskWords({ masks, masks_live, masks_recordings }: Privacy, recording: Camera['recording']): string {
  if (masks === 0) return '';
  const open = [
    ...(masks_recordings || recording === 'off' ? [] : ['recordings']),
    ...(masks_live ? [] : ['live video']),
  ];
  const count = `${masks} privacy mask${masks === 1 ? '' : 's'}`;
  if (open.length === 0) return count;
  const are = open[0] === 'recordings' || open.length > 1 ? 'are' : 'is';
  return `${count}; ${open.join(' and ')} ${are} not masked`;
}

export function PrivacyNote({ camera }: { camera: Camera }) {
  const { privacy } = camera;
  const words = maskWords(privacy, camera.recording);
  const isOpen = words.includes('not masked');
  const lost = privacy.reencode_dropped > 0 ? `${privacy.reencode_dropped} pictures left out: the processor is too slow to encode them anew` : '';
  const troubles = [privacy.reencode_trouble, lost].filter(Boolean);
  if (!words && troubles.length === 0) return null;
  return (
    <div className="mt-1 max-w-64 space-y-0.5 text-xs whitespace-normal">
      {words && (
        <p className={`flex items-start gap-1 ${isOpen ? 'text-warning-ink' : 'text-quiet'}`}>
          <Icon name={isOpen ? 'warning' : 'shield'} className="mt-px size-3.5 shrink-0" />
          {words}
        </p>
      )}
      {troubles.map((trouble) => (
        <p key={trouble} className="text-danger-ink">
          {trouble}
        </p>
      ))}
    </div>
  );
}

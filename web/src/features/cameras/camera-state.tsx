/* SPDX-License-Identifier: Apache-2.0 */
import { Badge, type Tone } from '@/components/badge.tsx';
import type { Camera } from '@/lib/api/cameras.ts';

const STATES: Record<Camera['state'], { tone: Tone; text: string }> = {
  online: { tone: 'success', text: 'Online' },
  connecting: { tone: 'neutral', text: 'Connecting' },
  degraded: { tone: 'warning', text: 'Degraded' },
  offline: { tone: 'danger', text: 'Offline' },
  disabled: { tone: 'neutral', text: 'Switched off' },
  ended: { tone: 'neutral', text: 'Ended' },
};

export function cameraTone(camera: Camera): Tone {
  return STATES[camera.state].tone;
}

export function cameraStateText(camera: Camera): string {
  return STATES[camera.state].text;
}

export function CameraStateBadge({ camera }: { camera: Camera }) {
  const { tone, text } = STATES[camera.state];
  return (
    <Badge tone={tone} dot title={camera.reason || undefined}>
      {text}
    </Badge>
  );
}

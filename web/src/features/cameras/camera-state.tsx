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

/** Pictures come, but what they show is good for nothing. */
const VIEWS: Record<string, { tone: Tone; text: string }> = {
  frozen: { tone: 'danger', text: 'Frozen' },
  black: { tone: 'warning', text: 'Black' },
  covered: { tone: 'danger', text: 'Covered' },
  defocused: { tone: 'warning', text: 'Blurred' },
  moved: { tone: 'danger', text: 'Moved' },
};

function stateOf(camera: Camera): { tone: Tone; text: string; why: string } {
  const view = camera.state === 'online' && camera.view ? VIEWS[camera.view] : undefined;
  if (camera.state === 'online' && !camera.analysed)
    return { tone: 'success', text: 'Online, not analysed', why: '' };
  return view ? { ...view, why: camera.view_reason } : { ...STATES[camera.state], why: camera.reason };
}

export function cameraTone(camera: Camera): Tone {
  return stateOf(camera).tone;
}

export function cameraStateText(camera: Camera): string {
  return stateOf(camera).text;
}

/** Why it is not well, for people; "" when it is. */
export function cameraReason(camera: Camera): string {
  const recording = camera.recording === 'failed' ? `Not recorded: ${camera.recording_reason}` : '';
  return [stateOf(camera).why, recording].filter(Boolean).join('. ');
}

export function CameraStateBadge({ camera }: { camera: Camera }) {
  const { tone, text, why } = stateOf(camera);
  return (
    <Badge tone={tone} dot title={why || undefined}>
      {text}
    </Badge>
  );
}

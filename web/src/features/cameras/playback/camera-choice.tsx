/* SPDX-License-Identifier: Apache-2.0 */
import { Button } from '@/components/button.tsx';
import { Menu, MenuCheck, MenuLabel } from '@/components/menu.tsx';
import type { Camera } from '@/lib/api/cameras.ts';
import { CAMERAS_MAX } from './sync-address.ts';

type CameraChoiceProps = { cameras: readonly Camera[]; chosen: readonly string[]; onChange: (chosen: string[]) => void };

/** Which cameras are played together, in the order in which they were chosen. */
export function CameraChoice({ cameras, chosen, onChange }: CameraChoiceProps) {
  const full = chosen.length >= CAMERAS_MAX;
  return (
    <Menu
      trigger={
        <Button size="sm" icon="camera">
          Cameras ({chosen.length})
        </Button>
      }
    >
      <div className="max-h-80 max-w-80 overflow-y-auto">
        <MenuLabel>Up to {CAMERAS_MAX} at a time</MenuLabel>
        {cameras.map(({ id, name }) => (
          <MenuCheck
            key={id}
            checked={chosen.includes(id)}
            disabled={full && !chosen.includes(id)}
            onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((other) => other !== id))}
          >
            {name}
          </MenuCheck>
        ))}
      </div>
    </Menu>
  );
}

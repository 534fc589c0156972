/* SPDX-License-Identifier: Apache-2.0 */
import { Icon } from '@/components/icon.tsx';

/** In place of recordings that are not for who asks. `reason`: what the server says of it. */
export function RefusedNote({ reason, more }: { reason: string; more?: string }) {
  return (
    <div role="alert" className="flex gap-3 rounded-lg bg-warning-soft px-4 py-3 text-[13px] leading-5 text-warning-ink">
      <Icon name="shield" className="mt-0.5 size-5" />
      <div>
        <p className="font-medium">Recordings are not played for you</p>
        <p>
          {reason} {more}
        </p>
      </div>
    </div>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Button } from '@/components/button.tsx';
import { Icon } from '@/components/icon.tsx';
import { ChangePasswordDialog } from './change-password-dialog.tsx';

/** Somebody else made this password: offer to change it. */
export function InitialPasswordNote() {
  const [changing, setChanging] = useState(false);
  const [hidden, setHidden] = useState(false);
  if (hidden) return null;
  return (
    <div
      role="note"
      className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-card border border-line bg-primary-soft px-4 py-2.5 sm:mb-6"
    >
      <Icon name="key" className="size-5 text-primary-ink" />
      <p className="min-w-0 flex-1 basis-52 text-[13px] leading-5">
        You still use the password that somebody else gave you.
      </p>
      <div className="flex gap-2">
        <Button size="sm" variant="ghost" onClick={() => setHidden(true)}>
          Later
        </Button>
        <Button size="sm" onClick={() => setChanging(true)}>
          Change password
        </Button>
      </div>
      <ChangePasswordDialog open={changing} onOpenChange={setChanging} />
    </div>
  );
}

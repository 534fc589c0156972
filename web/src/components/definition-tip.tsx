/* SPDX-License-Identifier: Apache-2.0 */
import * as Popover from '@radix-ui/react-popover';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

type DefinitionTipProps = { subject: string; children: ReactNode };

/** "What does this figure mean?" A popover and not a tool-tip, so that it opens by touch too. */
export function DefinitionTip({ subject, children }: DefinitionTipProps) {
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={`What ${subject} means`}
        className="-m-2 inline-grid place-items-center rounded-full p-2 text-faint hover:text-ink"
      >
        <Icon name="info" className="size-4" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="bottom"
          align="center"
          sideOffset={4}
          collisionPadding={12}
          className="z-50 max-h-(--radix-popover-content-available-height) w-72 animate-rise overflow-y-auto rounded-card border border-line bg-card p-4 text-[13px] leading-5 text-quiet shadow-raised"
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { Icon } from '@/components/icon.tsx';

/** On every screen of a store that is acted out, and it cannot be hidden: nobody takes its figures
 * for real ones. */
export function SimulatedNote({ name }: { name: string }) {
  return (
    <div
      role="note"
      className="mb-4 flex items-center gap-3 rounded-card border border-line bg-warning-soft px-4 py-2.5 sm:mb-6"
    >
      <Icon name="info" className="size-5 shrink-0 text-warning-ink" />
      <p className="min-w-0 flex-1 text-[13px] leading-5">
        <strong className="font-semibold">Simulated store.</strong> {name} is acted out by InvEye:
        none of its figures, events and receipts are real.
      </p>
    </div>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { Icon } from '@/components/icon.tsx';

/** What is wrong with a drawing, at the place where it is mended. */
export function FaultNote({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <p
      role="alert"
      className="flex items-start gap-2 rounded-lg bg-danger-soft px-3 py-2 text-[13px] leading-5 text-danger-ink"
    >
      <Icon name="warning" className="mt-0.5 size-4" />
      {text}
    </p>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { Icon } from '@/components/icon.tsx';

/** That nobody will be counted here; the drawing is fine all the same. */
export function UnseenNote({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <p className="flex items-start gap-2 rounded-lg bg-warning-soft px-3 py-2 text-[13px] leading-5 text-warning-ink">
      <Icon name="warning" className="mt-0.5 size-4 shrink-0" />
      {text}
    </p>
  );
}

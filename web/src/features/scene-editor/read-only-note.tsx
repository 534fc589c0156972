/* SPDX-License-Identifier: Apache-2.0 */
import { Icon } from '@/components/icon.tsx';

/** Above the drawing, before anybody begins: why it cannot be changed. */
export function ReadOnlyNote({ why }: { why: string | null }) {
  return why === null ? null : <EditorNote lead="To look at only." text={why} />;
}

/** What to know before anybody draws. */
export function EditorNote({ lead, text }: { lead: string; text: string }) {
  return (
    <p
      role="note"
      className="mb-3 flex items-start gap-2.5 rounded-lg bg-sunken px-3 py-2.5 text-[13px] leading-5 text-on-sunken"
    >
      <Icon name="eye" className="mt-0.5 size-4 shrink-0" />
      <span>
        <strong className="font-semibold text-ink">{lead}</strong> {text}
      </span>
    </p>
  );
}

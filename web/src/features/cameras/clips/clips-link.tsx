/* SPDX-License-Identifier: Apache-2.0 */
import { Link } from 'wouter';
import { useMay } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';

/** To the saved clips, for those who may save some. */
export function ClipsLink({ text = 'Saved clips' }: { text?: string }) {
  const store = useStore();
  if (!useMay('recordings.export') || store.simulated) return null;
  return (
    <Link
      href={`/stores/${store.id}/cameras/clips`}
      className="text-[13px] font-medium text-primary-ink hover:underline"
    >
      {text}
    </Link>
  );
}

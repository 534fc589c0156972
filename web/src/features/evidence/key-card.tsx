/* SPDX-License-Identifier: Apache-2.0 */
import { Card } from '@/components/card.tsx';
import { DataState, Skeleton } from '@/components/data-state.tsx';
import { useEvidenceKey } from './evidence-queries.ts';

/** What a third party asks for: by which key bundles are signed here. */
export function KeyCard() {
  const query = useEvidenceKey(true);
  return (
    <Card title="Key of this installation" hint="Bundles are signed with it">
      <DataState query={query} what="the key" loading={<Skeleton className="h-12" />}>
        {({ fingerprint, algorithm }) => (
          <div className="space-y-3 text-[13px] leading-5">
            <p className="rounded-lg bg-sunken px-3 py-2 font-mono text-xs leading-5" aria-label="Fingerprint">
              {groups(fingerprint)}
            </p>
            <p className="text-quiet">
              {algorithm}, SHA-256 of the public key. Tell it to whoever gets a bundle, by another way than the bundle
              itself: then they can tell that it comes from here. How to check a bundle stands in its README.
            </p>
          </div>
        )}
      </DataState>
    </Card>
  );
}

function groups(fingerprint: string): string {
  return fingerprint.match(/.{1,4}/g)?.join(' ') ?? fingerprint;
}

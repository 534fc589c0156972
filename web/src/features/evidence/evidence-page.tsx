/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { DataState, Skeleton } from '@/components/data-state.tsx';
import { useNames } from '@/lib/api/names.ts';
import { useMay } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';
import { EvidenceItem } from './evidence-item.tsx';
import { type Evidence, useEvidence } from './evidence-queries.ts';
import { KeepDialog, type KeepWish } from './keep-dialog.tsx';
import { KeyCard } from './key-card.tsx';
import { ReleaseDialog } from './release-dialog.tsx';

/** What is kept as evidence. Other pages come here with what is to be kept in the address. */
export function EvidencePage() {
  const store = useStore();
  const names = useNames(store.id);
  const query = useEvidence(store.id);
  const mayKeep = useMay('evidence.write') && !store.simulated;
  const [params, setParams] = useSearchParams();
  const [leaving, setLeaving] = useState<Evidence | null>(null);
  const wish = mayKeep ? wishOf(params) : null;
  const set = (next: Record<string, string>) => setParams(next, { replace: true });
  return (
    <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_22rem]">
      <Card
        title="Evidence"
        hint="Recordings, pictures and events that are not deleted"
        flush
        actions={
          mayKeep && (
            <Button size="sm" variant="primary" icon="plus" onClick={() => set({ keep: '' })}>
              Keep
            </Button>
          )
        }
      >
        <DataState
          query={query}
          what="evidence"
          loading={<Skeleton className="mx-4 mb-4 h-24 sm:mx-6" />}
          isEmpty={(all) => all.length === 0}
          empty={{
            icon: 'shield',
            title: 'Nothing is kept as evidence',
            text: store.simulated
              ? 'A simulated store has no pictures.'
              : 'Choose an event, or a time of a camera, and keep it: its recordings stay until you release them.',
          }}
        >
          {(all) => (
            <ul className="divide-y divide-line border-t border-line">
              {all.map((item) => (
                <li key={item.id}>
                  <EvidenceItem item={item} names={names} onRelease={() => setLeaving(item)} />
                </li>
              ))}
            </ul>
          )}
        </DataState>
      </Card>
      {!store.simulated && <KeyCard />}
      {wish && <KeepDialog wish={wish} onClose={() => set({})} />}
      {leaving && <ReleaseDialog item={leaving} onClose={() => setLeaving(null)} />}
    </div>
  );
}

function wishOf(params: URLSearchParams): KeepWish | null {
  const keep = params.get('keep');
  if (keep === null) return null;
  const at = Date.parse(keep);
  return {
    camera: params.get('camera'),
    at: Number.isNaN(at) ? null : at,
    event: params.get('event'),
    title: (params.get('title') ?? '').slice(0, 100),
  };
}

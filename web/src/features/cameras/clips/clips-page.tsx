/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Link } from 'wouter';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { DataState, Skeleton } from '@/components/data-state.tsx';
import { useCameras } from '@/lib/api/cameras.ts';
import { useMay } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';
import { ClipItem } from './clip-item.tsx';
import { type Clip, isUnderWay, useClips } from './clip-queries.ts';
import { DeleteDialog } from './delete-dialog.tsx';

const LINK = 'inline-flex h-8 items-center rounded-md px-3 text-[13px] font-medium text-primary-ink hover:bg-sunken';

/** The clips that were saved out of recordings, and those that are being made. */
export function ClipsPage() {
  const store = useStore();
  const query = useClips(store.id);
  const cameras = useCameras(store.id).data ?? [];
  const mayWatch = useMay('recordings.read');
  const [leaving, setLeaving] = useState<Clip | null>(null);
  const nameOf = (id: string) => cameras.find((camera) => camera.id === id)?.name ?? id;
  return (
    <>
      <Card title="Saved clips" hint="Files cut out of recordings, kept for a while to be downloaded" flush>
        <DataState
          query={query}
          what="saved clips"
          loading={<Skeleton className="mx-4 mb-4 h-24 sm:mx-6" />}
          isEmpty={(all) => all.length === 0}
          empty={{
            icon: 'camera',
            title: 'No clip is saved',
            text: store.simulated
              ? 'A simulated store has no recordings.'
              : 'Open the recordings of a camera, choose “Save clip”, and set its beginning and end.',
          }}
        >
          {(all) => (
            <ul className="divide-y divide-line border-t border-line">
              {all.map((clip) => (
                <li key={clip.id} className="px-4 py-4 sm:px-6">
                  <ClipItem
                    clip={clip}
                    name={nameOf(clip.camera)}
                    more={
                      <>
                        {mayWatch && (
                          <Link href={`/stores/${store.id}/cameras/${clip.camera}/recordings?at=${clip.from}`} className={LINK}>
                            Watch
                          </Link>
                        )}
                        {!isUnderWay(clip) && (
                          <Button size="sm" variant="ghost" icon="trash" onClick={() => setLeaving(clip)}>
                            Delete
                          </Button>
                        )}
                      </>
                    }
                  />
                </li>
              ))}
            </ul>
          )}
        </DataState>
      </Card>
      {leaving && <DeleteDialog clip={leaving} name={nameOf(leaving.camera)} onClose={() => setLeaving(null)} />}
    </>
  );
}

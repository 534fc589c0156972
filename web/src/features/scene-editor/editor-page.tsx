/* SPDX-License-Identifier: Apache-2.0 */
import { useParams, useSearch } from 'wouter';
import { Breadcrumb } from '@/components/breadcrumb.tsx';
import { EmptyNote, ErrorNote, Skeleton } from '@/components/data-state.tsx';
import { useCameras, useScene } from '@/lib/api/cameras.ts';
import { useStore } from '@/lib/api/stores.ts';
import { SceneEditor } from './scene-editor.tsx';

export function EditorPage() {
  const store = useStore();
  const { camera: id = '' } = useParams<{ camera: string }>();
  const start = new URLSearchParams(useSearch()).has('calibrate') ? 'calibrate' : 'draw';
  const cameras = useCameras(store.id);
  const scene = useScene(store.id, id);
  const camera = cameras.data?.find((c) => c.id === id);
  const failed = scene.error ? scene : cameras.error ? cameras : null;

  return (
    <div className="space-y-4">
      <Breadcrumb trail={[{ href: `/stores/${store.id}/settings`, text: 'Settings' }]} here={camera?.name ?? id} />
      {cameras.data && !camera ? (
        <EmptyNote icon="camera" title="No such camera" text={`This store has no camera “${id}”.`} />
      ) : scene.data && camera ? (
        <SceneEditor key={id} store={store.id} camera={camera} scene={scene.data} start={start} />
      ) : failed ? (
        <ErrorNote what="the scene" error={failed.error} retry={failed.refetch} />
      ) : (
        <EditorSkeleton />
      )}
    </div>
  );
}

function EditorSkeleton() {
  return (
    <div role="status" aria-label="Loading the scene" className="grid grid-cols-1 gap-4 lg:grid-cols-[1fr_320px]">
      <Skeleton className="aspect-[4/3] w-full rounded-card" />
      <Skeleton className="h-96 w-full rounded-card" />
    </div>
  );
}

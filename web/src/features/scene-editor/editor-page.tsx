/* SPDX-License-Identifier: Apache-2.0 */
import { Link, useParams } from 'wouter';
import { EmptyNote, ErrorNote, Skeleton } from '@/components/data-state.tsx';
import { Icon } from '@/components/icon.tsx';
import { useCameras, useScene } from '@/lib/api/cameras.ts';
import { useStore } from '@/lib/api/stores.ts';
import { SceneEditor } from './scene-editor.tsx';

export function EditorPage() {
  const store = useStore();
  const { camera: id = '' } = useParams<{ camera: string }>();
  const cameras = useCameras(store.id);
  const scene = useScene(store.id, id);
  const camera = cameras.data?.find((c) => c.id === id);
  const failed = scene.error ? scene : cameras.error ? cameras : null;

  return (
    <div className="space-y-4">
      <nav aria-label="Breadcrumb" className="flex items-center gap-1.5 text-[13px] text-quiet">
        <Link href={`/stores/${store.id}/settings`} className="hover:text-ink hover:underline">
          Settings
        </Link>
        <Icon name="chevronRight" />
        <span className="truncate font-medium text-ink" aria-current="page">
          {camera?.name ?? id}
        </span>
      </nav>
      {cameras.data && !camera ? (
        <EmptyNote icon="camera" title="No such camera" text={`This store has no camera “${id}”.`} />
      ) : scene.data && camera ? (
        <SceneEditor key={id} store={store.id} camera={camera} scene={scene.data} />
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
    <div role="status" aria-label="Loading the scene" className="grid gap-4 lg:grid-cols-[1fr_320px]">
      <Skeleton className="aspect-[4/3] w-full rounded-card" />
      <Skeleton className="h-96 w-full rounded-card" />
    </div>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { Card } from '@/components/card.tsx';
import { CameraGrid, MoreCameras } from '@/features/cameras/camera-grid.tsx';
import { PictureSwitches, usePictureOptions } from '@/features/cameras/picture-options.tsx';
import { useCameras } from '@/lib/api/cameras.ts';
import { useStore } from '@/lib/api/stores.ts';

export function CamerasSection({ className }: { className: string }) {
  const store = useStore();
  const cameras = useCameras(store.id);
  const [show, setShow] = usePictureOptions();
  const path = (rest: string) => `/stores/${store.id}${rest}`;
  return (
    <Card
      title="Cameras"
      className={className}
      actions={
        <>
          <PictureSwitches show={show} onChange={setShow} />
          <MoreCameras href={path('/cameras')} count={(cameras.data?.length ?? 0) - 4} />
        </>
      }
    >
      <CameraGrid
        store={store.id}
        query={cameras}
        stale={cameras.stale}
        size={4}
        show={show}
        href={(camera) => path(`/cameras?camera=${camera.id}`)}
      />
    </Card>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { Link, useSearchParams } from 'wouter';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { Icon } from '@/components/icon.tsx';
import { Segmented } from '@/components/segmented.tsx';
import { type Camera, useCameras } from '@/lib/api/cameras.ts';
import { useMay } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';
import { CameraGrid, type GridSize } from './camera-grid.tsx';
import { cameraStateText } from './camera-state.tsx';
import { ClipsLink } from './clips/clips-link.tsx';
import { HealthTable } from './health-table.tsx';
import { CAMERAS_MAX, syncAddress } from './playback/sync-address.ts';
import { PictureSwitches, usePictureOptions } from './picture-options.tsx';

const SIZES = (['1', '4', '9', '16'] as const).map((value) => ({ value, label: value, hint: `${value} at a time` }));

export function CamerasPage() {
  const store = useStore();
  const query = useCameras(store.id);
  const [params, setParams] = useSearchParams();
  const [show, setShow] = usePictureOptions();
  const mayPlay = useMay('recordings.read');
  const all = query.data ?? [];
  const single = params.get('camera');
  const size = single ? 1 : (Number(SIZES.find((s) => s.value === params.get('grid'))?.value ?? 4) as GridSize);
  const pages = Math.max(1, Math.ceil(all.length / size));
  const at = single ? all.findIndex((camera) => camera.id === single) : Number(params.get('page') ?? 1) - 1;
  const page = Math.min(pages - 1, Math.max(0, at));

  const choose = (next: Record<string, string>) => setParams(next, { replace: true });
  const turn = (by: number) => {
    const next = (page + by + pages) % pages;
    const camera = all[next];
    choose(size === 1 && camera ? { camera: camera.id } : { grid: String(size), page: String(next + 1) });
  };
  const first = all[0];
  const shown = all.slice(page * size, (page + 1) * size);
  const recordings =
    size === 1
      ? `/stores/${store.id}/cameras/${shown[0]?.id}/recordings`
      : syncAddress(store.id, { cameras: shown.slice(0, CAMERAS_MAX).map(({ id }) => id), at: null });

  return (
    <div className="space-y-6">
      <Card
        title={size === 1 ? (all[page]?.name ?? 'Live') : 'Live'}
        hint={size === 1 ? describe(all[page]) : howManyOnline(all)}
        actions={
          <>
            {shown.length > 0 && mayPlay && (
              <Link href={recordings} className="text-[13px] font-medium text-primary-ink hover:underline">
                Recordings
              </Link>
            )}
            <ClipsLink />
            <PictureSwitches show={show} onChange={setShow} />
            <Segmented
              label="Cameras at a time"
              value={String(size) as '1' | '4' | '9' | '16'}
              options={SIZES}
              onChange={(grid) => choose(grid === '1' && first ? { camera: first.id } : { grid })}
            />
          </>
        }
      >
        <CameraGrid
          store={store.id}
          query={query}
          stale={query.stale}
          size={size}
          page={page}
          show={show}
          href={size === 1 ? undefined : (c) => `/stores/${store.id}/cameras?camera=${c.id}`}
        />
        {pages > 1 && <Pager page={page} pages={pages} onTurn={turn} />}
      </Card>
      <HealthTable
        store={store.id}
        editable={!store.simulated}
        query={query}
        stale={query.stale}
        editHref={(camera) => `/stores/${store.id}/settings/cameras/${camera.id}`}
      />
    </div>
  );
}

function describe(camera: Camera | undefined): string | undefined {
  return camera && `Camera #${camera.number} · ${camera.role} · ${cameraStateText(camera).toLowerCase()}`;
}

function howManyOnline(cameras: readonly Camera[]): string | undefined {
  if (cameras.length === 0) return undefined;
  return `${cameras.filter((camera) => camera.state === 'online').length} of ${cameras.length} online`;
}

function Pager({ page, pages, onTurn }: { page: number; pages: number; onTurn: (by: number) => void }) {
  return (
    <nav aria-label="Pages of cameras" className="mt-4 flex items-center justify-center gap-3">
      <Button size="sm" icon="chevronLeft" onClick={() => onTurn(-1)}>
        Previous
      </Button>
      <span className="text-[13px] text-quiet tabular-nums">
        {page + 1} of {pages}
      </span>
      <Button size="sm" onClick={() => onTurn(1)}>
        Next
        <Icon name="chevronRight" />
      </Button>
    </nav>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import type { CSSProperties } from 'react';
import { Link } from 'wouter';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import type { Camera } from '@/lib/api/cameras.ts';
import type { PictureOptions } from './camera-picture.tsx';
import { aspectOf, CameraTile } from './camera-tile.tsx';

export type GridSize = 1 | 4 | 9 | 16;

const COLUMNS: Record<GridSize, string> = {
  1: 'grid-cols-1',
  4: 'grid-cols-1 sm:grid-cols-2',
  9: 'grid-cols-2 lg:grid-cols-3',
  16: 'grid-cols-2 lg:grid-cols-4',
};
/* Bigger pictures come oftener; many small ones share the line. */
const FPS: Record<GridSize, number> = { 1: 5, 4: 4, 9: 2.5, 16: 2 };
const WIDTH: Record<GridSize, number> = { 1: 1280, 4: 640, 9: 480, 16: 320 };

type CameraGridProps = {
  store: string;
  query: DataQuery<readonly Camera[]>;
  stale?: boolean;
  size: GridSize;
  /** Which part of the list, from 0. */
  page?: number;
  show: PictureOptions;
  href?: (camera: Camera) => string;
};

export function CameraGrid({ store, query, stale, size, page = 0, show, href }: CameraGridProps) {
  return (
    <DataState
      query={query}
      what="cameras"
      stale={stale}
      loading={
        <div className={`grid gap-3 ${COLUMNS[size]}`}>
          {Array.from({ length: Math.min(size, 4) }, (_, i) => (
            <Skeleton key={i} className="aspect-[4/3] rounded-lg" />
          ))}
        </div>
      }
      isEmpty={(cameras) => cameras.length === 0}
      empty={{
        icon: 'camera',
        title: 'No camera yet',
        text: 'Add cameras to the configuration file and start InvEye again; “inveye camera test” checks an address first.',
      }}
    >
      {(cameras) => (
        <div
          className={`mx-auto grid gap-3 ${COLUMNS[size]}`}
          style={size === 1 ? oneFits(frameOf(cameras)) : undefined}
        >
          {cameras.slice(page * size, (page + 1) * size).map((camera) => (
            <CameraTile
              key={camera.id}
              store={store}
              camera={camera}
              fps={FPS[size]}
              width={WIDTH[size]}
              show={show}
              frame={frameOf(cameras)}
              href={href?.(camera)}
            />
          ))}
        </div>
      )}
    </DataState>
  );
}

/** One picture alone is as large as the window lets it be seen whole. */
function oneFits(frame: number): CSSProperties {
  return { maxWidth: `max(280px, calc((100dvh - 240px) * ${frame}))` };
}

/** Tiles of one form, the one that most of the pictures have. */
function frameOf(cameras: readonly Camera[]): number {
  const wide = cameras.filter((camera) => aspectOf(camera) > 1.5).length;
  return wide * 2 > cameras.length ? 16 / 9 : 4 / 3;
}

export function MoreCameras({ href, count }: { href: string; count: number }) {
  if (count <= 0) return null;
  return (
    <Link href={href} className="text-[13px] font-medium text-primary-ink hover:underline">
      {count} more
    </Link>
  );
}

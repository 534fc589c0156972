/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Badge } from '@/components/badge.tsx';
import { Button } from '@/components/button.tsx';
import { DataState, Skeleton } from '@/components/data-state.tsx';
import { Dialog } from '@/components/dialog.tsx';
import { useStore } from '@/lib/api/stores.ts';
import { formatDateTime } from '@/lib/format/time.ts';
import { useVersions } from './scene-queries.ts';
import { VersionCompare } from './version-compare.tsx';

type VersionsDialogProps = {
  store: string;
  camera: string;
  current: number;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

export function VersionsDialog({ store, camera, current, open, onOpenChange }: VersionsDialogProps) {
  const query = useVersions(store, camera, open);
  const { time_zone } = useStore();
  const [compared, setCompared] = useState<number | null>(null);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) setCompared(null);
        onOpenChange(next);
      }}
      wide={compared !== null}
      title="Versions"
      description="Every save makes a new version. Stored counts keep the version they were made with."
    >
      <DataState
        query={query}
        what="versions"
        loading={<Skeleton className="h-32 w-full" />}
        isEmpty={(versions) => versions.length === 0}
        empty={{ icon: 'history', title: 'No version yet', text: 'The first save makes version 1.' }}
      >
        {(versions) =>
          compared !== null ? (
            <>
              <VersionCompare {...{ store, camera, versions, from: compared, to: current }} />
              <Button size="sm" className="mt-4" onClick={() => setCompared(null)}>
                All versions
              </Button>
            </>
          ) : (
            <ol className="divide-y divide-line">
              {versions.map((v) => (
                <li key={v.version} className="flex items-center gap-3 py-2.5">
                  <span className="w-10 font-semibold tabular-nums">v{v.version}</span>
                  <span className="min-w-0 flex-1 text-[13px] text-quiet">
                    {formatDateTime(v.created_at, time_zone)}
                    {` · ${v.created_by ?? 'from the configuration file'}`}
                  </span>
                  {v.version === current && <Badge tone="primary">In use</Badge>}
                  {v.version !== current && (
                    <Button
                      size="sm"
                      variant="ghost"
                      aria-label={`Compare version ${v.version}`}
                      onClick={() => setCompared(v.version)}
                    >
                      Compare
                    </Button>
                  )}
                </li>
              ))}
            </ol>
          )
        }
      </DataState>
    </Dialog>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/button.tsx';
import { Dialog, DialogButtons } from '@/components/dialog.tsx';
import type { Scene } from '@/lib/api/cameras.ts';
import { api, bodyOf } from '@/lib/api/client.ts';
import { problemText } from '@/lib/api/problem.ts';

type ConflictDialogProps = {
  store: string;
  camera: string;
  onKeepMine: (onto: Scene) => void;
  onTakeTheirs: (theirs: Scene) => void;
  onClose: () => void;
};

/** Somebody saved in between: nothing is lost, the user says which drawing goes on. */
export function ConflictDialog({ store, camera, onKeepMine, onTakeTheirs, onClose }: ConflictDialogProps) {
  const theirs = useQuery({
    queryKey: ['stores', store, 'conflict', camera],
    queryFn: () =>
      bodyOf(api.GET('/api/v1/stores/{store}/cameras/{camera}/scene', { params: { path: { store, camera } } })),
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Somebody else saved this camera">
      {theirs.error ? (
        <p className="text-danger-ink">{problemText(theirs.error)}</p>
      ) : (
        <p className="leading-6 text-quiet">
          {theirs.data
            ? `Version ${theirs.data.version} was saved while you were drawing. `
            : 'A newer version was saved while you were drawing. '}
          You can save your drawing as the next version, or go on from theirs and drop yours. Both versions stay in the
          history.
        </p>
      )}
      <DialogButtons>
        <Button disabled={!theirs.data} onClick={() => theirs.data && onTakeTheirs(theirs.data)}>
          Take theirs
        </Button>
        <Button variant="primary" disabled={!theirs.data} onClick={() => theirs.data && onKeepMine(theirs.data)}>
          Save mine as the next version
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

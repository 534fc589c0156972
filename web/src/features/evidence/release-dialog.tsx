/* SPDX-License-Identifier: Apache-2.0 */
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/button.tsx';
import { Dialog, DialogButtons } from '@/components/dialog.tsx';
import { TextField } from '@/components/field.tsx';
import { useToast } from '@/components/toast.tsx';
import { problemText } from '@/lib/api/problem.ts';
import { useStore } from '@/lib/api/stores.ts';
import { type Evidence, useEvidenceMutations } from './evidence-queries.ts';

export function ReleaseDialog({ item, onClose }: { item: Evidence; onClose: () => void }) {
  const store = useStore();
  const { release } = useEvidenceMutations(store.id);
  const toast = useToast();
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === '') return;
    release.mutate(
      { id: item.id, reason: reason.trim() },
      {
        onSuccess: () => {
          toast('success', `Evidence ${item.id} was released.`);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Release evidence ${item.id}?`}
      description="Its bundle is deleted, and its recordings and pictures are deleted when they are old enough. That cannot be undone; the entry stays in this list."
    >
      <form onSubmit={submit}>
        <TextField label="Why" value={reason} maxLength={400} onChange={(e) => setReason(e.target.value)} />
        {release.error !== null && (
          <p role="alert" className="mt-3 text-[13px] text-danger-ink">
            {problemText(release.error)}
          </p>
        )}
        <DialogButtons>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" type="submit" busy={release.isPending} disabled={reason.trim() === ''}>
            Release
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

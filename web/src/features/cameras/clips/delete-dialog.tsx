/* SPDX-License-Identifier: Apache-2.0 */
import { Button } from '@/components/button.tsx';
import { Dialog, DialogButtons } from '@/components/dialog.tsx';
import { problemText } from '@/lib/api/problem.ts';
import { useStore } from '@/lib/api/stores.ts';
import { type Clip, useClipMutations } from './clip-queries.ts';
import { spanWords } from './clip-words.ts';

export function DeleteDialog({ clip, name, onClose }: { clip: Clip; name: string; onClose: () => void }) {
  const store = useStore();
  const { remove } = useClipMutations(store.id);
  const span = { from: Date.parse(clip.from), to: Date.parse(clip.to) };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Delete this clip?"
      description={`${name}, ${spanWords(span, store.time_zone)}. The recordings it was cut from stay.`}
    >
      {remove.error !== null && (
        <p role="alert" className="text-[13px] text-danger-ink">
          {problemText(remove.error)}
        </p>
      )}
      <DialogButtons>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="danger"
          busy={remove.isPending}
          onClick={() => remove.mutate(clip.id, { onSuccess: onClose })}
        >
          Delete
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/button.tsx';
import { Dialog, DialogButtons } from '@/components/dialog.tsx';
import { SelectField, TextField } from '@/components/field.tsx';
import { useToast } from '@/components/toast.tsx';
import { useCameras } from '@/lib/api/cameras.ts';
import { problemText } from '@/lib/api/problem.ts';
import { useStore } from '@/lib/api/stores.ts';
import { useEvidenceMutations } from './evidence-queries.ts';
import { AROUND, momentAt, spanOf } from './evidence-span.ts';

export type KeepWish = { camera: string | null; at: number | null; event: string | null; title: string };

/** "Keep as evidence": of what camera, when, and why. */
export function KeepDialog({ wish, onClose }: { wish: KeepWish; onClose: () => void }) {
  const store = useStore();
  const zone = store.time_zone;
  const cameras = useCameras(store.id).data ?? [];
  const { keep } = useEvidenceMutations(store.id);
  const toast = useToast();
  const [title, setTitle] = useState(wish.title);
  const [note, setNote] = useState('');
  const [chosen, setCamera] = useState(wish.camera);
  const [opened] = useState(() => Date.now() - 60_000);
  const [moment, setMoment] = useState(() => momentAt(wish.at ?? opened, zone));
  const camera = chosen ?? cameras[0]?.id ?? '';
  const span = spanOf(moment, zone);
  const ready = title.trim() !== '' && camera !== '' && span !== null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const body = { title: title.trim(), note: note.trim(), camera_id: camera, event_id: wish.event, ...span };
    keep.mutate(body, {
      onSuccess: ({ id }) => {
        toast('success', `Kept as evidence ${id}: nothing of it is deleted any more.`);
        onClose();
      },
    });
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Keep as evidence"
      description="What was recorded, pictures and events of this time are kept until somebody releases them."
    >
      <form onSubmit={submit} className="space-y-4">
        <TextField label="Title" value={title} maxLength={100} onChange={(e) => setTitle(e.target.value)} />
        <TextField
          label="Note"
          value={note}
          maxLength={500}
          hint="Why, for whom; not needed."
          onChange={(e) => setNote(e.target.value)}
        />
        <SelectField
          label="Camera"
          value={camera}
          options={cameras.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setCamera}
        />
        <div className="grid grid-cols-2 gap-4">
          <TextField
            label="Day"
            type="date"
            value={moment.day}
            onChange={(e) => setMoment({ ...moment, day: e.target.value })}
          />
          <TextField
            label="Time"
            type="time"
            step={1}
            value={moment.time}
            hint={zone}
            onChange={(e) => setMoment({ ...moment, time: e.target.value })}
          />
          <SelectField
            label="Before it"
            value={String(moment.before)}
            options={AROUND}
            onChange={(v) => setMoment({ ...moment, before: Number(v) })}
          />
          <SelectField
            label="After it"
            value={String(moment.after)}
            options={AROUND}
            onChange={(v) => setMoment({ ...moment, after: Number(v) })}
          />
        </div>
        {keep.error !== null && (
          <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-[13px] text-danger-ink">
            {problemText(keep.error)}
          </p>
        )}
        <DialogButtons>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" icon="shield" busy={keep.isPending} disabled={!ready}>
            Keep
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

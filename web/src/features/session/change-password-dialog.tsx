/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/button.tsx';
import { Dialog, DialogButtons } from '@/components/dialog.tsx';
import { TextField } from '@/components/field.tsx';
import { useToast } from '@/components/toast.tsx';
import { api, bodyOf } from '@/lib/api/client.ts';
import { problemText } from '@/lib/api/problem.ts';
import { ME_KEY } from '@/lib/api/query-client.ts';

export const PASSWORD_LEAST = 10;

type ChangePasswordDialogProps = { open: boolean; onOpenChange: (open: boolean) => void };

export function ChangePasswordDialog({ open, onOpenChange }: ChangePasswordDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Change password">
      <PasswordForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const toast = useToast();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: () =>
      bodyOf(api.POST('/api/v1/me/password', { body: { current_password: current, new_password: next } })),
    onSuccess: () => {
      toast('success', 'Password changed. Other sessions of yours have ended.');
      void client.invalidateQueries({ queryKey: ME_KEY });
      onDone();
    },
  });
  const short = next !== '' && next.length < PASSWORD_LEAST;
  const differs = again !== '' && again !== next;
  const ready = current !== '' && next.length >= PASSWORD_LEAST && again === next;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) change.mutate();
  };

  return (
    <form onSubmit={submit} className="space-y-4">
      <TextField
        label="Current password"
        type="password"
        autoComplete="current-password"
        value={current}
        onChange={(e) => setCurrent(e.target.value)}
        error={change.error ? problemText(change.error) : undefined}
      />
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        value={next}
        onChange={(e) => setNext(e.target.value)}
        hint={`At least ${PASSWORD_LEAST} characters.`}
        error={short ? `At least ${PASSWORD_LEAST} characters.` : undefined}
      />
      <TextField
        label="New password again"
        type="password"
        autoComplete="new-password"
        value={again}
        onChange={(e) => setAgain(e.target.value)}
        error={differs ? 'Not the same as above.' : undefined}
      />
      <DialogButtons>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={!ready} busy={change.isPending}>
          Change password
        </Button>
      </DialogButtons>
    </form>
  );
}

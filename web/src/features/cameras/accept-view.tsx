/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation } from '@tanstack/react-query';
import { Button } from '@/components/button.tsx';
import { useToast } from '@/components/toast.tsx';
import type { Camera } from '@/lib/api/cameras.ts';
import { api, bodyOf } from '@/lib/api/client.ts';
import { problemText } from '@/lib/api/problem.ts';
import { useMay } from '@/lib/api/session.ts';

type AcceptViewProps = { store: string; camera: Camera };

/** For a camera that was turned on purpose: what it shows now is learned anew. */
export function AcceptView({ store, camera }: AcceptViewProps) {
  const toast = useToast();
  const may = useMay('scenes.write');
  const accept = useMutation({
    mutationFn: () =>
      bodyOf(
        api.POST('/api/v1/stores/{store}/cameras/{camera}/view/accept', {
          params: { path: { store, camera: camera.id } },
        }),
      ),
    onSuccess: () => toast('success', `${camera.name}: the new view is learned within a minute`),
    onError: (error: unknown) => toast('danger', problemText(error)),
  });
  if (!may || camera.state !== 'online' || camera.view !== 'moved') return null;
  return (
    <Button size="sm" className="mt-2" busy={accept.isPending} onClick={() => accept.mutate()}>
      Accept the new view
    </Button>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { Dialog } from '@/components/dialog.tsx';
import { Skeleton } from '@/components/data-state.tsx';
import { useToast } from '@/components/toast.tsx';
import type { Camera } from '@/lib/api/cameras.ts';
import { problemText } from '@/lib/api/problem.ts';
import { CameraForm } from './camera-form.tsx';
import { RestreamAddress } from './restream-address.tsx';
import { type CameraValues, changeOf, newCamera, trialsOf, useCameraMutations, useCameraSettings } from './camera-setup.ts';

type CameraDialogProps = {
  store: string;
  /** The one to change; null for a new one. */
  camera: Camera | null;
  cameras: readonly Camera[];
  onClose: () => void;
};

export function CameraDialog({ store, camera, cameras, onClose }: CameraDialogProps) {
  const { create, change, remove, test } = useCameraMutations(store);
  const query = useCameraSettings(store, camera?.id ?? null);
  const toast = useToast();
  const settings = query.data ?? null;
  const done = (text: string) => {
    toast('success', text);
    onClose();
  };
  const submit = (values: CameraValues) => {
    if (!camera || !settings)
      return create.mutate(newCamera(values), { onSuccess: ({ name }) => done(`${name} was added and is being read.`) });
    const body = changeOf(settings, values);
    if (Object.keys(body).length === 0) return onClose();
    change.mutate({ camera: camera.id, body }, { onSuccess: ({ name }) => done(`${name} was changed.`) });
  };
  const drop = () => {
    if (camera && window.confirm(`Remove “${camera.name}”? It is read no longer; what it counted stays.`))
      remove.mutate(camera.id, { onSuccess: () => done(`${camera.name} was removed.`) });
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={camera ? `Settings of ${camera.name}` : 'Add camera'}
      description={camera ? undefined : 'It is read at once; draw its lines and zones next.'}
    >
      {camera && query.isPending && <Skeleton className="h-72" />}
      {camera && query.error && (
        <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-[13px] text-danger-ink">
          {problemText(query.error)}
        </p>
      )}
      {camera && <RestreamAddress camera={camera} />}
      {(!camera || settings) && (
        <CameraForm
          store={store}
          settings={settings}
          taken={cameras.map(({ id }) => id)}
          busy={create.isPending || change.isPending || remove.isPending}
          error={create.error ?? change.error ?? remove.error ?? test.error}
          testing={test.isPending}
          found={test.data ?? []}
          onTest={(values) => test.mutate(trialsOf(settings, values))}
          onSubmit={submit}
          onRemove={camera ? drop : undefined}
          onCancel={onClose}
        />
      )}
    </Dialog>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';

/* What a camera is set to, and from the form to what is sent. */

export type CameraSettings = Schemas['CameraSettings'];
export type CameraWish = Schemas['CameraWish'];

export type CameraValues = {
  id: string;
  name: string;
  role: CameraSettings['role'];
  url: string;
  username: string;
  password: string;
  transport: CameraSettings['transport'];
  fps: string;
  enabled: boolean;
  recording: CameraSettings['recording'];
};

export const NEW_CAMERA: CameraValues = {
  ...{ id: '', name: '', role: 'general', url: '', username: '', password: '' },
  ...{ transport: 'tcp', fps: '5', enabled: true, recording: 'default' },
};

const LOGIN = /^([a-z]+:\/\/)(?:([^/?#]*)@)?(.*)$/s;

/** "rtsp://viewer:***@host/x" into "rtsp://host/x" and "viewer". */
export function withoutLogin(url: string): { url: string; username: string } {
  const [, scheme = '', login = '', rest = ''] = LOGIN.exec(url) ?? [];
  return scheme ? { url: scheme + rest, username: decode(login.split(':')[0] ?? '') } : { url, username: '' };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address as the server shows it: the password that it knows is named by ***. */
function withKnownPassword(url: string, username: string): string {
  const [, scheme = '', , rest = ''] = LOGIN.exec(url) ?? [];
  return username === '' ? scheme + rest : `${scheme}${encodeURIComponent(username)}:***@${rest}`;
}

export function isAddress(url: string): boolean {
  return /^rtsps?:\/\/[^\s/?#]+/.test(url.trim());
}

/** A film stands in the configuration file, and only there. */
export function isFilm(settings: CameraSettings): boolean {
  return !settings.url.includes('://');
}

export function valuesOf(settings: CameraSettings): CameraValues {
  const { id, name, role, transport, fps, enabled, recording } = settings;
  return { id, name, role, transport, enabled, recording, fps: String(fps), password: '', ...withoutLogin(settings.url) };
}

/** What a new camera is to be. A login that was pasted with the address is taken out of it. */
export function newCamera(values: CameraValues): CameraWish {
  const { id, role, transport } = values;
  const recording = values.recording === 'default' ? {} : { recording: values.recording };
  const address = addressOf(values);
  return { id, name: values.name.trim(), role, transport, fps: Number(values.fps), ...recording, ...address };
}

function addressOf({ url, username, password }: CameraValues): CameraWish {
  if (username === '') return { url: url.trim() };
  return { url: withoutLogin(url.trim()).url, username, password };
}

/** Only what differs: another address or rate starts the camera anew. */
export function changeOf(settings: CameraSettings, values: CameraValues): CameraWish {
  const before = valuesOf(settings);
  const wish: CameraWish = {};
  if (values.name.trim() !== before.name) wish.name = values.name.trim();
  if (values.role !== before.role) wish.role = values.role;
  if (values.transport !== before.transport) wish.transport = values.transport;
  if (Number(values.fps) !== settings.fps) wish.fps = Number(values.fps);
  if (values.enabled !== before.enabled) wish.enabled = values.enabled;
  if (values.recording !== before.recording) wish.recording = values.recording;
  const moved = values.url.trim() !== before.url || values.username !== before.username;
  if (values.password !== '') return { ...wish, ...addressOf(values) };
  return moved ? { ...wish, url: withKnownPassword(values.url.trim(), values.username) } : wish;
}

/** The address to try, with the password that is known where none was entered. */
export function trialOf(settings: CameraSettings | null, values: CameraValues): CameraWish {
  const { transport } = values;
  if (!settings || values.password !== '') return { transport, ...addressOf(values) };
  return { id: settings.id, transport, url: withKnownPassword(values.url.trim(), values.username) };
}

export type CameraTest = Schemas['CameraTest'];

export function useCameraSettings(store: string, camera: string | null) {
  return useQuery({
    queryKey: ['stores', store, 'camera-settings', camera],
    enabled: camera !== null,
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/stores/{store}/cameras/{camera}/settings', {
          params: { path: { store, camera: camera ?? '' } },
        }),
      ),
    staleTime: 0,
    gcTime: 0,
  });
}

export function useCameraMutations(store: string) {
  const client = useQueryClient();
  const onSuccess = () => void client.invalidateQueries({ queryKey: ['stores', store] });
  const create = useMutation({
    mutationFn: (body: CameraWish) =>
      bodyOf(api.POST('/api/v1/stores/{store}/cameras', { params: { path: { store } }, body })),
    onSuccess,
  });
  const change = useMutation({
    mutationFn: ({ camera, body }: { camera: string; body: CameraWish }) =>
      bodyOf(api.PATCH('/api/v1/stores/{store}/cameras/{camera}', { params: { path: { store, camera } }, body })),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (camera: string) =>
      bodyOf(api.DELETE('/api/v1/stores/{store}/cameras/{camera}', { params: { path: { store, camera } } })),
    onSuccess,
  });
  const test = useMutation({
    mutationFn: (body: CameraWish) =>
      bodyOf(api.POST('/api/v1/stores/{store}/cameras/test', { params: { path: { store } }, body })),
  });
  return { create, change, remove, test };
}

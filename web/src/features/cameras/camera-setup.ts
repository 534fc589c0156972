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
  /** "" = it has one stream. */
  subUrl: string;
  analyse: NonNullable<CameraSettings['analyse']>;
  username: string;
  password: string;
  transport: CameraSettings['transport'];
  fps: string;
  enabled: boolean;
  transcode: boolean;
  recording: CameraSettings['recording'];
};

export const NEW_CAMERA: CameraValues = {
  ...{ id: '', name: '', role: 'general', url: '', subUrl: '', analyse: 'auto', username: '', password: '' },
  ...{ transport: 'tcp', fps: '5', enabled: true, transcode: false, recording: 'default' },
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
  return /^(rtsp|http)s?:\/\/[^\s/?#]+/.test(url.trim());
}

/** A film stands in the configuration file, and only there. */
export function isFilm(settings: CameraSettings): boolean {
  return !settings.url.includes('://');
}

export function valuesOf(settings: CameraSettings): CameraValues {
  const { id, name, role, transport, fps, enabled, recording } = settings;
  const subUrl = withoutLogin(settings.sub_url ?? '').url;
  const transcode = settings.live_transcode ?? false;
  const streams = { subUrl, transcode, analyse: settings.analyse ?? 'auto' };
  return { id, name, role, transport, enabled, recording, fps: String(fps), password: '', ...streams, ...withoutLogin(settings.url) };
}

/** What a new camera is to be. A login that was pasted with the address is taken out of it. */
export function newCamera(values: CameraValues): CameraWish {
  const { id, role, transport } = values;
  const recording = values.recording === 'default' ? {} : { recording: values.recording };
  const transcode = values.transcode ? { live_transcode: true } : {};
  const single = values.subUrl.trim() === '' && values.analyse !== 'off';
  const analyse = single || values.analyse === 'auto' ? {} : { analyse: values.analyse };
  const address = { ...addressOf(values), ...analyse, ...transcode };
  return { id, name: values.name.trim(), role, transport, fps: Number(values.fps), ...recording, ...address };
}

function addressOf({ url, subUrl, username, password }: CameraValues): CameraWish {
  const both = (plain: (address: string) => string) => ({
    url: plain(url.trim()),
    ...(subUrl.trim() === '' ? {} : { sub_url: plain(subUrl.trim()) }),
  });
  if (username === '') return both((address) => address);
  return { ...both((address) => withoutLogin(address).url), username, password };
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
  if (values.transcode !== before.transcode) wish.live_transcode = values.transcode;
  if (values.analyse !== before.analyse) wish.analyse = values.analyse;
  if (values.subUrl.trim() === '' && before.subUrl !== '') wish.sub_url = null;
  if (values.password !== '') return { ...wish, ...addressOf(values) };
  const renamed = values.username !== before.username;
  if (renamed || values.url.trim() !== before.url) wish.url = withKnownPassword(values.url.trim(), values.username);
  if (values.subUrl.trim() !== '' && (renamed || values.subUrl.trim() !== before.subUrl))
    wish.sub_url = withKnownPassword(values.subUrl.trim(), values.username);
  return wish;
}

/** The addresses to try one after the other, with the password that is known where none was entered. */
export function trialsOf(settings: CameraSettings | null, values: CameraValues): CameraWish[] {
  const { transport } = values;
  const urls = [values.url, values.subUrl].filter((url) => url.trim() !== '');
  return urls.map((url) => {
    if (!settings || values.password !== '') return { transport, ...addressOf({ ...values, url, subUrl: '' }) };
    return { id: settings.id, transport, url: withKnownPassword(url.trim(), values.username) };
  });
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
    mutationFn: async (bodies: CameraWish[]) => {
      const found: CameraTest[] = [];
      for (const body of bodies)
        found.push(await bodyOf(api.POST('/api/v1/stores/{store}/cameras/test', { params: { path: { store } }, body })));
      return found;
    },
  });
  return { create, change, remove, test };
}

/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '@/lib/api/client.ts';

/* Cameras that are in the network but not in the program yet. */

const MAKERS: Schemas['MakerList'] = {
  makers: [
    {
      ...{ id: 'axis', name: 'Axis', note: 'size and rate stand in the address' },
      ...{ main: 'rtsp://{host}/axis-media/media.amp?camera={channel}', sub: null },
    },
    {
      ...{ id: 'dahua', name: 'Dahua, Amcrest', note: '' },
      main: 'rtsp://{host}/cam/realmonitor?channel={channel}&subtype=0',
      sub: 'rtsp://{host}/cam/realmonitor?channel={channel}&subtype=1',
    },
  ],
};

const DEVICES: Schemas['FoundDevices'] = {
  devices: [
    { ...device('192.0.2.20', 'Entrance', 'DS-1'), location: 'Ground floor' },
    { ...device('192.0.2.40:8080', 'Recorder', 'NVR-2'), location: '' },
  ],
};

function device(host: string, name: string, hardware: string) {
  return { host, name, hardware, endpoint: `urn:uuid:${host}`, service: `http://${host}/onvif/device_service`, maker: null };
}

function stream(host: string, path: string, codec: string, width: number, height: number): Schemas['DeviceStream'] {
  const rates = { frames_per_second: 10, bits_per_second: 512_000, keyframe_interval_s: 2 };
  return { url: `rtsp://${host.replace(/:.*/, '')}/${path}`, name: path, codec, width, height, ...rates };
}

/** The recorder has two channels; nobody gets in without a user. */
function streams({ host, username }: Schemas['StreamQuery']): Schemas['DeviceStreams'] {
  if (!username)
    return {
      ...{ reached: false, reason: 'the camera asks for a user and password', fault: 'login', device: null },
      ...{ channels: [], truncated: false, advice: [] },
    };
  const channels = (host.includes('8080') ? [1, 2] : [1]).map((number) => ({
    ...{ number, source: `s${number}`, main: stream(host, `c${number}m`, 'H.265', 2560, 1440) },
    sub: stream(host, `c${number}s`, 'H.264', 640, 360),
  }));
  const about = { manufacturer: 'Hikvision', model: 'NVR-2', firmware: '1', serial: '2', maker: 'hikvision' };
  return {
    ...{ reached: true, reason: '', fault: null, channels, truncated: false, advice: ['its clock is 1 h 0 min ahead'] },
    device: { host, service: `http://${host}/onvif/device_service`, ...about, clock_offset_s: 3600 },
  };
}

/** undefined: the question is not of this kind. */
export function answerFind(path: string, body: Record<string, unknown>): unknown {
  if (path === '/cameras/makers') return MAKERS;
  if (path.endsWith('/cameras/discover')) return DEVICES;
  return path.endsWith('/cameras/streams') ? streams(body as Schemas['StreamQuery']) : undefined;
}

/* SPDX-License-Identifier: Apache-2.0 */

/* The usual RTSP addresses of common makers. Firmware may differ: the test of the address tells. */

export type StreamKind = 'sub' | 'main';

type Path = (channel: number) => string;

/** `channels`: one recorder or camera serves several, numbered from 1. */
export type Maker = { id: string; name: string; channels: boolean; main: Path; sub: Path };

const two = (n: number) => String(n).padStart(2, '0');

export const MAKERS: readonly Maker[] = [
  {
    ...{ id: 'axis', name: 'Axis', channels: true },
    main: (c) => `axis-media/media.amp?camera=${c}&videocodec=h264`,
    sub: (c) => `axis-media/media.amp?camera=${c}&videocodec=h264&resolution=640x360`,
  },
  {
    ...{ id: 'bosch', name: 'Bosch', channels: false },
    main: () => 'rtsp_tunnel?inst=1',
    sub: () => 'rtsp_tunnel?inst=2',
  },
  {
    ...{ id: 'dahua', name: 'Dahua, Amcrest, Lorex', channels: true },
    main: (c) => `cam/realmonitor?channel=${c}&subtype=0`,
    sub: (c) => `cam/realmonitor?channel=${c}&subtype=1`,
  },
  { ...{ id: 'foscam', name: 'Foscam', channels: false }, main: () => 'videoMain', sub: () => 'videoSub' },
  {
    ...{ id: 'hikvision', name: 'Hikvision, HiLook, Annke', channels: true },
    main: (c) => `Streaming/Channels/${c}01`,
    sub: (c) => `Streaming/Channels/${c}02`,
  },
  {
    ...{ id: 'i-pro', name: 'i-PRO, Panasonic', channels: false },
    main: () => 'MediaInput/h264/stream_1',
    sub: () => 'MediaInput/h264/stream_2',
  },
  {
    ...{ id: 'reolink', name: 'Reolink', channels: true },
    main: (c) => `h264Preview_${two(c)}_main`,
    sub: (c) => `h264Preview_${two(c)}_sub`,
  },
  { ...{ id: 'sony', name: 'Sony', channels: false }, main: () => 'media/video1', sub: () => 'media/video2' },
  { ...{ id: 'tp-link', name: 'TP-Link Tapo, VIGI', channels: false }, main: () => 'stream1', sub: () => 'stream2' },
  {
    ...{ id: 'uniview', name: 'Uniview', channels: true },
    main: (c) => `unicast/c${c}/s0/live`,
    sub: (c) => `unicast/c${c}/s1/live`,
  },
  { ...{ id: 'vivotek', name: 'Vivotek', channels: false }, main: () => 'live1s1.sdp', sub: () => 'live1s2.sdp' },
];

export type MakerChoice = { maker: string; host: string; channel: string; stream: StreamKind };

export const NO_MAKER: MakerChoice = { maker: '', host: '', channel: '1', stream: 'sub' };

/** An address, a name, and a port if it is another than 554. */
export function isHost(host: string): boolean {
  return /^(\[[0-9a-f:]+\]|[a-z0-9][a-z0-9.-]*)(:\d{1,5})?$/i.test(host.trim());
}

/** null: not enough is said yet. */
export function addressOf({ maker, host, channel, stream }: MakerChoice): string | null {
  const found = MAKERS.find(({ id }) => id === maker);
  const number = Number(channel);
  if (!found || !isHost(host) || !Number.isInteger(number) || number < 1 || number > 256) return null;
  return `rtsp://${host.trim()}/${found[stream](number)}`;
}

/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { addressesOf, hasChannels, isHost, type Maker } from './makers.ts';

const maker = (id: string, main: string, sub: string | null): Maker => ({ id, name: id, main, sub, note: '' });
const MAKERS = [
  maker('hik', 'rtsp://{host}/Channels/{channel}01', 'rtsp://{host}/Channels/{channel}02'),
  maker('reo', 'rtsp://{host}/h264Preview_{channel:02}_main', null),
  maker('han', 'rtsp://{host}/LiveChannel/{channel-1}/media.smp', null),
  maker('fos', 'rtsp://{host}:88/videoMain', 'rtsp://{host}:88/videoSub'),
];
const choice = { maker: 'hik', host: '192.0.2.7', channel: '12', stream: 'sub' } as const;
const made = (part: Partial<Parameters<typeof addressesOf>[1]>) => addressesOf(MAKERS, { ...choice, ...part })?.url ?? null;

describe('addresses of makers', () => {
  it('are made of the host, the channel and the stream', () => {
    expect(made({})).toBe('rtsp://192.0.2.7/Channels/1202');
    expect(made({ stream: 'main', host: 'nvr.shop:8554 ' })).toBe('rtsp://nvr.shop:8554/Channels/1201');
    expect(made({ maker: 'reo', channel: '3' })).toBe('rtsp://192.0.2.7/h264Preview_03_main');
    expect(made({ maker: 'han', channel: '1' })).toBe('rtsp://192.0.2.7/LiveChannel/0/media.smp');
  });
  it('come in pairs where the maker has two streams', () => {
    expect(addressesOf(MAKERS, { ...choice, stream: 'both' })).toEqual({
      ...{ url: 'rtsp://192.0.2.7/Channels/1201', subUrl: 'rtsp://192.0.2.7/Channels/1202' },
    });
    expect(addressesOf(MAKERS, { ...choice, maker: 'reo', stream: 'both' })).toMatchObject({ subUrl: '' });
  });
  it('have the port that was entered, else the maker’s', () => {
    expect(made({ maker: 'fos' })).toBe('rtsp://192.0.2.7:88/videoSub');
    expect(made({ maker: 'fos', host: '192.0.2.7:554' })).toBe('rtsp://192.0.2.7:554/videoSub');
    expect(made({ maker: 'fos', host: '[fe80::1]' })).toBe('rtsp://[fe80::1]:88/videoSub');
  });
  it('wait until enough is said', () => {
    for (const part of [{ maker: '' }, { host: '' }, { host: 'a/b' }, { host: 'me:pw@h' }, { channel: '0' }, { channel: 'x' }])
      expect(made(part)).toBeNull();
  });
  it('ask for a channel only where there are some', () => {
    expect(MAKERS.map(hasChannels)).toEqual([true, true, true, false]);
  });
  it('take IPv6', () => {
    expect(isHost('[fe80::1]:554')).toBe(true);
    expect(isHost('fe80::1')).toBe(false);
  });
});

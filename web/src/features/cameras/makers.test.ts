/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { addressOf, isHost, MAKERS } from './makers.ts';

const choice = { maker: 'hikvision', host: '192.0.2.7', channel: '12', stream: 'sub' } as const;

describe('addresses of makers', () => {
  it('are made of the host, the channel and the stream', () => {
    expect(addressOf(choice)).toBe('rtsp://192.0.2.7/Streaming/Channels/1202');
    expect(addressOf({ ...choice, stream: 'main', host: 'nvr.shop:8554 ' })).toBe('rtsp://nvr.shop:8554/Streaming/Channels/1201');
    expect(addressOf({ ...choice, maker: 'reolink', channel: '3' })).toBe('rtsp://192.0.2.7/h264Preview_03_sub');
  });
  it('wait until enough is said', () => {
    for (const part of [{ maker: '' }, { host: '' }, { host: 'a/b' }, { host: 'me:pw@h' }, { channel: '0' }, { channel: 'x' }])
      expect(addressOf({ ...choice, ...part })).toBeNull();
  });
  it('differ between main and sub stream, and are none twice', () => {
    const all = MAKERS.flatMap(({ main, sub }) => [main(1), sub(1)]);
    expect(new Set(all).size).toBe(all.length);
    expect(new Set(MAKERS.map(({ id }) => id)).size).toBe(MAKERS.length);
  });
  it('take IPv6', () => {
    expect(isHost('[fe80::1]:554')).toBe(true);
    expect(isHost('fe80::1')).toBe(false);
  });
});

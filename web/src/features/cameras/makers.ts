/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '@/lib/api/client.ts';

/* Addresses by the templates of common makers. Firmware may differ: the test of the address tells. */

export type StreamKind = 'both' | 'sub' | 'main';
/** As the form has them; `subUrl` "" = none. */
export type Addresses = { url: string; subUrl: string };
export type Maker = Schemas['MakerList']['makers'][number];
export type MakerChoice = { maker: string; host: string; channel: string; stream: StreamKind };

export const NO_MAKER: MakerChoice = { maker: '', host: '', channel: '1', stream: 'both' };

/** One recorder or camera serves several channels, numbered from 1. */
export function hasChannels(maker: Maker): boolean {
  return maker.main.includes('{channel');
}

/** An address, a name, and a port if it is another than 554. */
export function isHost(host: string): boolean {
  return /^(\[[0-9a-f:]+\]|[a-z0-9][a-z0-9.-]*)(:\d{1,5})?$/i.test(host.trim());
}

/** A port that was entered takes the place of the template's. */
function withHost(template: string, host: string): string {
  const own = /:\d+$/.test(host);
  return template.replace(/\{host\}(:\d+)?/, (_, port: string | undefined) => host + (own ? '' : (port ?? '')));
}

function withChannel(template: string, channel: number): string {
  return template
    .replaceAll('{channel:02}', String(channel).padStart(2, '0'))
    .replaceAll('{channel-1}', String(channel - 1))
    .replaceAll('{channel}', String(channel));
}

/** null: not enough is said yet. */
export function addressesOf(makers: readonly Maker[], { maker, host, channel, stream }: MakerChoice): Addresses | null {
  const found = makers.find(({ id }) => id === maker);
  const number = Number(channel);
  if (!found || !isHost(host) || !Number.isInteger(number) || number < 1 || number > 512) return null;
  const fill = (template: string) => withChannel(withHost(template, host.trim()), number);
  if (stream === 'sub') return { url: fill(found.sub ?? found.main), subUrl: '' };
  return { url: fill(found.main), subUrl: stream === 'both' && found.sub ? fill(found.sub) : '' };
}

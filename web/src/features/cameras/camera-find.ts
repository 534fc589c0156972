/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';
import type { Addresses } from './makers.ts';

/* Cameras that are not known yet: who is in the network, and which streams has it. */

export type FoundDevice = Schemas['FoundDevices']['devices'][number];
export type DeviceStreams = Schemas['DeviceStreams'];
type Stream = Schemas['DeviceStream'];

export function useMakers() {
  return useQuery({
    queryKey: ['makers'],
    queryFn: () => bodyOf(api.GET('/api/v1/cameras/makers')),
    staleTime: Infinity,
  });
}

export function useFinding(store: string) {
  const params = { path: { store } };
  const search = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/stores/{store}/cameras/discover', { params, body: {} })),
  });
  const ask = useMutation({
    mutationFn: (body: Schemas['StreamQuery']) =>
      bodyOf(api.POST('/api/v1/stores/{store}/cameras/streams', { params, body })),
  });
  return { search, ask };
}

/** "Entrance, DS-2CD2143, Ground floor". */
export function describeDevice({ host, name, hardware, location }: FoundDevice): string {
  const parts = [name, hardware === name ? '' : hardware, location].filter((part) => part !== '');
  return parts.length > 0 ? `${host}: ${parts.join(', ')}` : host;
}

function describeStream(kind: string, { codec, width, height, frames_per_second: fps }: Stream): string {
  const size = width !== null && height !== null ? [`${width}×${height}`] : [];
  return [kind, codec, ...size, ...(fps === null ? [] : [`${fps} pictures/s`])].filter((part) => part !== '').join(', ');
}

type StreamChoice = { value: string; label: string; addresses: Addresses };

/** What a channel offers, both streams together first. */
export function streamChoices({ channels }: DeviceStreams): StreamChoice[] {
  const several = channels.length > 1;
  return channels.flatMap(({ number, main, sub }) => {
    const prefix = several ? `Channel ${number}: ` : '';
    const one = (kind: string, stream: Stream): StreamChoice => ({
      value: stream.url,
      label: prefix + describeStream(kind, stream),
      addresses: { url: stream.url, subUrl: '' },
    });
    return [
      ...(main && sub
        ? [
            {
              value: `${main.url} ${sub.url}`,
              label: `${prefix}${describeStream('main', main)}, with ${describeStream('sub', sub)}`,
              addresses: { url: main.url, subUrl: sub.url },
            },
          ]
        : []),
      ...(main ? [one('main stream', main)] : []),
      ...(sub ? [one('sub stream', sub)] : []),
    ];
  });
}

/* SPDX-License-Identifier: Apache-2.0 */
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Camera } from '@/lib/api/cameras.ts';
import { RestreamAddress } from './restream-address.tsx';

const stream = { name: 'main' } as Camera['streams'][number];

test('nothing is told while other programs read nothing', () => {
  const { container } = render(<RestreamAddress camera={{ restream_url: null, streams: [stream] }} />);
  expect(container.textContent).toBe('');
});

test('each stream has its address', () => {
  const camera = { restream_url: 'rtsp://shop:8554/door', streams: [stream] };
  const { rerender } = render(<RestreamAddress camera={camera} />);
  expect(screen.getByText('rtsp://shop:8554/door')).toBeTruthy();
  expect(screen.queryByText('rtsp://shop:8554/door/sub')).toBeNull();
  rerender(<RestreamAddress camera={{ ...camera, streams: [stream, { ...stream, name: 'sub' }] }} />);
  expect(screen.getByText('rtsp://shop:8554/door/sub')).toBeTruthy();
});

/* SPDX-License-Identifier: Apache-2.0 */
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { Answerer } from '../../../../test/frame.tsx';
import { refused, show } from '../../../../test/frame.tsx';
import type { Span } from '../playback/timeline-scale.ts';
import { ClipPanel } from './clip-panel.tsx';
import { useClipChoice } from './use-clip-choice.ts';

const MINUTE = 60_000;
const end = Math.floor(Date.now() / MINUTE) * MINUTE;
/** The aisle lacks the minute that begins then. */
const missing = end - 20 * MINUTE;
const bounds: Span = { from: end - 60 * MINUTE, to: end };

function Opened({ cameras, at, onSeek }: { cameras: string[]; at: number; onSeek: (at: number) => void }) {
  const choice = useClipChoice();
  if (!choice.open) return <button onClick={() => choice.begin(at)}>Open</button>;
  const named = cameras.map((id) => ({ id, name: id === 'aisle' ? 'Aisle' : 'Entrance' }));
  return <ClipPanel {...{ cameras: named, choice, bounds, onSeek }} at={() => at} />;
}

async function open(cameras: string[], at: number, answer?: Answerer) {
  const onSeek = vi.fn();
  const asked: string[] = [];
  const shown = show(<Opened {...{ cameras, at, onSeek }} />, {
    answer: (path, request) => {
      if (path.includes('/exports') && request.method !== 'GET') asked.push(`${request.method} ${path}`);
      return answer?.(path, request);
    },
  });
  await userEvent.click(screen.getByRole('button', { name: 'Open' }));
  return { ...shown, asked, onSeek, panel: within(screen.getByRole('region', { name: 'Save a clip' })) };
}

describe('ClipPanel', () => {
  it('says how long and large it is and what it lacks, and follows what is typed', async () => {
    const { panel, onSeek } = await open(['aisle'], missing);
    expect(await panel.findByText('1 min, about 1.8 MB')).toBeDefined();
    expect(panel.getByText(/^Not recorded: .*:00 to .*:30 \(30 s\)\.$/)).toBeDefined();
    const to = panel.getByLabelText('To');
    const later = new Date(missing - 10_000).toISOString().slice(0, 19);
    fireEvent.change(to, { target: { value: later } });
    expect(await panel.findByText('20 s, about 1.2 MB')).toBeDefined();
    expect(panel.queryByText(/^Not recorded/)).toBeNull();
    expect(onSeek.mock.calls).toEqual([[missing - 10_000]]);
    fireEvent.change(to, { target: { value: '2020-01-01T00:00:00' } });
    expect(panel.getByText('The end must be after the beginning.')).toBeDefined();
    expect((panel.getByRole('button', { name: 'Save clip' }) as HTMLButtonElement).disabled).toBe(true);
    expect(onSeek).toHaveBeenCalledTimes(1);
    await userEvent.click(panel.getByRole('button', { name: 'End here' }));
    expect(await panel.findByText('30 s, about 1.8 MB')).toBeDefined();
  });

  it('is made, shown as it grows, and can be downloaded', async () => {
    const { panel, asked, world } = await open(['entrance'], missing);
    await panel.findByText(/about/);
    await userEvent.click(panel.getByRole('button', { name: 'Save clip' }));
    expect(asked).toEqual(['POST /stores/mock/exports']);
    expect(await panel.findByText(/You may leave this page/)).toBeDefined();
    const download = await panel.findByRole('link', { name: 'Download' }, { timeout: 10_000 });
    expect(download.getAttribute('href')).toBe('/api/v1/stores/mock/exports/1/video.mp4');
    expect(panel.getByText('Ready')).toBeDefined();
    expect(world.clips.clips[0]?.from).toBe(new Date(missing - MINUTE / 2).toISOString());
    await userEvent.click(panel.getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('region')).toBeNull();
  });

  it('can be cancelled', async () => {
    const { panel, asked, world } = await open(['entrance'], missing);
    world.clips.step = 0;
    await userEvent.click(panel.getByRole('button', { name: 'Save clip' }));
    const item = await panel.findByRole('article', { name: 'Clip 1' });
    await within(item).findByRole('progressbar', undefined, { timeout: 5000 });
    await userEvent.click(within(item).getByRole('button', { name: 'Cancel' }));
    expect(await panel.findByText('It was cancelled.')).toBeDefined();
    expect(asked.at(-1)).toBe('DELETE /stores/mock/exports/1');
  });

  it('is one of each camera; of those without a recording none', async () => {
    const { panel, world } = await open(['entrance', 'aisle'], missing + MINUTE / 2);
    expect(await panel.findByText('Aisle: Nothing was recorded, no clip is made.')).toBeDefined();
    expect(await panel.findByText('1 clip of 1 min, about 3.6 MB')).toBeDefined();
    await userEvent.click(panel.getByRole('button', { name: 'Save clip' }));
    await waitFor(() => expect(world.clips.clips.map(({ camera }) => camera)).toEqual(['entrance']));
  });

  it('tells what the server refuses, of each camera', async () => {
    const answer: Answerer = (path, request) =>
      path.endsWith('/exports') && request.method === 'POST' ? refused(409, 'Ten clips wait already.') : undefined;
    const { panel } = await open(['entrance', 'aisle'], end - 5 * MINUTE, answer);
    await userEvent.click(panel.getByRole('button', { name: 'Save 2 clips' }));
    expect((await panel.findAllByRole('alert')).map(({ textContent }) => textContent)).toEqual([
      'Entrance: Ten clips wait already.',
      'Aisle: Ten clips wait already.',
    ]);
    expect(panel.getByLabelText('From')).toBeDefined();
  });

  it('is none of what was not recorded at all', async () => {
    const { panel } = await open(['entrance'], end - 300 * MINUTE);
    expect(await panel.findByText('Nothing was recorded in this time.')).toBeDefined();
    expect((panel.getByRole('button', { name: 'Save clip' }) as HTMLButtonElement).disabled).toBe(true);
  });
});

/* SPDX-License-Identifier: Apache-2.0 */
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { refused, show } from '../../../test/frame.tsx';
import { describeDevice, streamChoices } from './camera-find.ts';
import { CamerasPage } from './cameras-page.tsx';

async function open() {
  await userEvent.click((await screen.findAllByRole('button', { name: 'Add camera' }))[0]!);
  return within(await screen.findByRole('dialog'));
}

const ask = (dialog: Awaited<ReturnType<typeof open>>) =>
  userEvent.click(dialog.getByRole('button', { name: 'Ask for its streams' }));

describe('FindRow', () => {
  it('finds a recorder, asks it, and takes the address of a channel', async () => {
    show(<CamerasPage />);
    const dialog = await open();
    await userEvent.click(dialog.getByRole('button', { name: 'Search the network' }));
    await userEvent.selectOptions(await dialog.findByLabelText('2 found'), '192.0.2.40:8080: Recorder, NVR-2');
    expect(dialog.getByLabelText('Host')).toHaveProperty('value', '192.0.2.40:8080');
    await ask(dialog);
    expect((await dialog.findByRole('alert')).textContent).toContain('asks for a user and password');
    await userEvent.type(dialog.getByLabelText('User name'), 'viewer');
    await ask(dialog);
    const choice = await dialog.findByLabelText('Streams of Hikvision NVR-2');
    expect(dialog.getByText('its clock is 1 h 0 min ahead')).toBeDefined();
    await userEvent.selectOptions(
      choice,
      'Channel 2: main, H.265, 2560×1440, 10 pictures/s, with sub, H.264, 640×360, 10 pictures/s',
    );
    expect(dialog.getByLabelText('Address of the stream')).toHaveProperty('value', 'rtsp://192.0.2.40/c2m');
    expect(dialog.getByLabelText('Address of the sub stream')).toHaveProperty('value', 'rtsp://192.0.2.40/c2s');
    await userEvent.selectOptions(choice, 'Channel 2: sub stream, H.264, 640×360, 10 pictures/s');
    expect(dialog.getByLabelText('Address of the stream')).toHaveProperty('value', 'rtsp://192.0.2.40/c2s');
    expect(dialog.getByLabelText('Address of the sub stream')).toHaveProperty('value', '');
  });

  it('says so when nobody answers, and when the server is busy', async () => {
    let busy = false;
    show(<CamerasPage />, {
      answer: (path) => {
        if (!path.endsWith('/discover')) return undefined;
        return busy ? refused(503, 'The network is being searched already.') : { status: 200, body: { devices: [] } };
      },
    });
    const dialog = await open();
    const search = dialog.getByRole('button', { name: 'Search the network' });
    await userEvent.click(search);
    expect(await dialog.findByText(/Nobody answered/)).toBeDefined();
    busy = true;
    await userEvent.click(search);
    expect((await dialog.findByRole('alert')).textContent).toContain('searched already');
  });

  it('is not there for a camera that is known', async () => {
    show(<CamerasPage />);
    await userEvent.click((await screen.findAllByRole('button', { name: /Settings of Entrance/ }))[0]!);
    await within(await screen.findByRole('dialog')).findByLabelText('Name');
    expect(screen.queryByRole('button', { name: 'Search the network' })).toBeNull();
  });
});

describe('words', () => {
  it('name a device once', () => {
    const found = { endpoint: 'e', host: 'h', service: 's', name: 'A', hardware: 'A', location: '', maker: null };
    expect(describeDevice(found)).toBe('h: A');
    expect(describeDevice({ ...found, name: '', hardware: '' })).toBe('h');
  });
  it('leave out what a stream does not tell', () => {
    const untold = { width: null, height: null, frames_per_second: null, bits_per_second: null, keyframe_interval_s: null };
    const channel = { number: 1, source: 's', main: { url: 'rtsp://h/1', name: 'x', codec: '', ...untold }, sub: null };
    const found = { reached: true, reason: '', fault: null, device: null, truncated: false, advice: [], channels: [channel] };
    expect(streamChoices(found)).toEqual([
      { value: 'rtsp://h/1', label: 'main stream', addresses: { url: 'rtsp://h/1', subUrl: '' } },
    ]);
  });
});

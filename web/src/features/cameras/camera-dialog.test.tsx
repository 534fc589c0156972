/* SPDX-License-Identifier: Apache-2.0 */
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { refused, show } from '../../../test/frame.tsx';
import { changeOf, newCamera, type CameraSettings, trialsOf, valuesOf, withoutLogin } from './camera-setup.ts';
import { CamerasPage } from './cameras-page.tsx';

const settings: CameraSettings = {
  ...{ id: 'door', name: 'Door', number: 1, role: 'entrance', url: 'rtsp://view%20er:***@192.0.2.10:554/s?a=1' },
  ...{ transport: 'tcp', fps: 5, enabled: true, motion_gate: true, recording: 'default', realtime: true, loop: false },
};

const open = async (name: string | RegExp) => {
  await userEvent.click((await screen.findAllByRole('button', { name }))[0]!);
  return within(await screen.findByRole('dialog'));
};

describe('CameraDialog', () => {
  it('adds a camera, and takes the login out of a pasted address', async () => {
    const { world } = show(<CamerasPage />);
    const dialog = await open('Add camera');
    await userEvent.type(dialog.getByLabelText('Name'), 'Fresh food');
    expect(dialog.getByLabelText('Id')).toHaveProperty('value', 'fresh-food');
    await userEvent.type(dialog.getByLabelText('Address of the stream'), 'ftp://x');
    expect(dialog.getByText(/Begins with rtsp/)).toBeDefined();
    await userEvent.clear(dialog.getByLabelText('Address of the stream'));
    await userEvent.type(dialog.getByLabelText('Address of the stream'), 'rtsp://me:a%40b@192.0.2.9/live');
    await userEvent.tab();
    expect(dialog.getByLabelText('User name')).toHaveProperty('value', 'me');
    expect(dialog.getByLabelText('Password')).toHaveProperty('value', 'a@b');
    await userEvent.click(dialog.getByRole('button', { name: 'Add camera' }));
    expect(await screen.findByText(/Fresh food was added/)).toBeDefined();
    expect(world.wishes).toEqual([
      { id: 'fresh-food', name: 'Fresh food', role: 'general', transport: 'tcp', fps: 5, url: 'rtsp://192.0.2.9/live', username: 'me', password: 'a@b' },
    ]);
  });

  it('makes the address of a common maker', async () => {
    show(<CamerasPage />);
    const dialog = await open('Add camera');
    await dialog.findByRole('option', { name: /Dahua/ });
    await userEvent.selectOptions(dialog.getByLabelText('Maker'), 'dahua');
    await userEvent.type(dialog.getByLabelText('Camera or recorder'), '192.0.2.7');
    await userEvent.clear(dialog.getByLabelText('Channel'));
    await userEvent.type(dialog.getByLabelText('Channel'), '4');
    expect(dialog.getByLabelText('Address of the stream')).toHaveProperty(
      'value',
      'rtsp://192.0.2.7/cam/realmonitor?channel=4&subtype=0',
    );
    expect(dialog.getByLabelText('Address of the sub stream')).toHaveProperty(
      'value',
      'rtsp://192.0.2.7/cam/realmonitor?channel=4&subtype=1',
    );
  });

  it('refuses an id that is taken', async () => {
    show(<CamerasPage />);
    const dialog = await open('Add camera');
    await userEvent.type(dialog.getByLabelText('Name'), 'Aisle');
    expect(dialog.getByText('There is a camera with this id.')).toBeDefined();
  });

  it('sends only what was changed', async () => {
    const { world } = show(<CamerasPage />);
    const dialog = await open(/Settings of Entrance/);
    const name = await dialog.findByLabelText('Name');
    await userEvent.clear(name);
    await userEvent.type(name, 'Main door');
    await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Main door was changed.')).toBeDefined();
    expect(world.wishes).toEqual([{ name: 'Main door' }]);
  });

  it('tries an address and shows what came of it', async () => {
    const { world } = show(<CamerasPage />);
    const dialog = await open(/Settings of Entrance/);
    const address = await dialog.findByLabelText('Address of the stream');
    await userEvent.click(dialog.getByRole('button', { name: 'Test' }));
    expect(await dialog.findByText('Works with limits')).toBeDefined();
    expect(dialog.getByText(/H\.264 main, 1280×720, 15.0 pictures\/s/)).toBeDefined();
    expect(dialog.getByText('B-frames: set profile Baseline')).toBeDefined();
    expect(dialog.getByAltText('What the camera shows')).toBeDefined();
    expect(world.wishes[0]).toEqual({ id: 'entrance', transport: 'tcp', url: 'rtsp://viewer:***@192.0.2.10/stream1' });
    await userEvent.clear(address);
    await userEvent.type(address, 'rtsp://nobody/x');
    await userEvent.click(dialog.getByRole('button', { name: 'Test' }));
    expect(await dialog.findByText(/Not reached: connection refused/)).toBeDefined();
  });

  it('removes a camera when that is confirmed', async () => {
    const { world } = show(<CamerasPage />);
    vi.stubGlobal('confirm', () => true);
    const dialog = await open(/Settings of Aisle/);
    await userEvent.click(await dialog.findByRole('button', { name: 'Remove' }));
    expect(await screen.findByText('Aisle was removed.')).toBeDefined();
    expect(world.cameras.map(({ id }) => id)).toEqual(['entrance']);
    vi.unstubAllGlobals();
  });

  it('says why the server refused', async () => {
    show(<CamerasPage />, {
      answer: (_path, request) => (request.method === 'PATCH' ? refused(422, 'fps: 9 is odd') : undefined),
    });
    const dialog = await open(/Settings of Entrance/);
    await userEvent.type(await dialog.findByLabelText('Name'), 'x');
    await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
    expect((await dialog.findByRole('alert')).textContent).toContain('fps: 9 is odd');
  });

  it('offers nothing to who may not', async () => {
    const { client, world } = show(<CamerasPage />);
    client.setQueryData(['me'], { ...world.me, permissions: ['cameras.read'] });
    expect((await screen.findAllByText('Entrance')).length).toBeGreaterThan(0);
    expect(screen.queryByRole('button', { name: 'Add camera' })).toBeNull();
    expect(screen.queryByRole('button', { name: /Settings of/ })).toBeNull();
  });

  it('offers nothing in a simulated store', async () => {
    show(<CamerasPage />, { simulated: true });
    expect((await screen.findAllByText('Entrance')).length).toBeGreaterThan(0);
    expect(screen.queryByRole('button', { name: 'Add camera' })).toBeNull();
  });
});

describe('what is sent', () => {
  it('takes an address apart', () => {
    expect(withoutLogin(settings.url)).toEqual({ url: 'rtsp://192.0.2.10:554/s?a=1', username: 'view er' });
    expect(withoutLogin('rtsp://host/a@b')).toEqual({ url: 'rtsp://host/a@b', username: '' });
    expect(withoutLogin('film.mp4')).toEqual({ url: 'film.mp4', username: '' });
  });
  it('keeps the password that is known', () => {
    const values = valuesOf(settings);
    expect(changeOf(settings, values)).toEqual({});
    expect(changeOf(settings, { ...values, url: 'rtsp://192.0.2.10:554/t' })).toEqual({
      url: 'rtsp://view%20er:***@192.0.2.10:554/t',
    });
    expect(changeOf(settings, { ...values, username: '' })).toEqual({ url: 'rtsp://192.0.2.10:554/s?a=1' });
    expect(changeOf(settings, { ...values, password: 'p', fps: '7.5' })).toEqual({
      ...{ fps: 7.5, url: 'rtsp://192.0.2.10:554/s?a=1', username: 'view er', password: 'p' },
    });
  });
  it('sends the sub stream with the login of the main one', () => {
    const both = { ...settings, sub_url: 'rtsp://view%20er:***@192.0.2.10:554/sub' };
    const values = valuesOf(both);
    expect(values.subUrl).toBe('rtsp://192.0.2.10:554/sub');
    expect(changeOf(both, values)).toEqual({});
    expect(changeOf(both, { ...values, subUrl: '' })).toEqual({ sub_url: null });
    expect(changeOf(settings, { ...valuesOf(settings), subUrl: 'rtsp://192.0.2.10:554/new' })).toEqual({
      sub_url: 'rtsp://view%20er:***@192.0.2.10:554/new',
    });
    expect(newCamera({ ...values, password: 'p', analyse: 'main' })).toMatchObject({
      ...{ url: 'rtsp://192.0.2.10:554/s?a=1', sub_url: 'rtsp://192.0.2.10:554/sub' },
      ...{ username: 'view er', password: 'p', analyse: 'main' },
    });
    expect(trialsOf(both, values).map(({ url }) => url)).toEqual([
      'rtsp://view%20er:***@192.0.2.10:554/s?a=1',
      'rtsp://view%20er:***@192.0.2.10:554/sub',
    ]);
  });
  it('does not invent a login', () => {
    expect(newCamera({ ...valuesOf(settings), username: '', url: 'rtsp://h/x ' })).toMatchObject({ url: 'rtsp://h/x' });
  });
});

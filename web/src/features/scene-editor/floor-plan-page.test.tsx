/* SPDX-License-Identifier: Apache-2.0 */
import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { calibration, smallPlan } from '../../../e2e/mock/mock-floor.ts';
import { type Answerer, refused, show } from '../../../test/frame.tsx';
import { FloorPlanPage } from './floor-plan-page.tsx';
import { blindPath } from './plan-layers.tsx';

const bare = { version: 0, hash: '', image: { w: 0, h: 0 }, full_view: false, zones: [], lines: [] };

/** With a plan of 12 x 8 m, or another scene. */
function open(answer?: Answerer, scene = smallPlan()) {
  const shown = show(<FloorPlanPage />, { path: '/stores/mock/settings/floor-plan', ...(answer && { answer }) });
  shown.world.scenes.set('floor-plan', scene);
  return shown;
}

beforeEach(() => {
  const box = { x: 0, y: 0, left: 0, top: 0, right: 300, bottom: 200, width: 300, height: 200, toJSON: () => '' };
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(box);
});

describe('the floor plan', () => {
  it('is made of a width and a height', async () => {
    const { world } = open(undefined, bare);
    await userEvent.type(await screen.findByLabelText('Width (m)'), '12,5');
    await userEvent.type(screen.getByLabelText('Height (m)'), '0');
    await userEvent.click(screen.getByRole('button', { name: 'Make the plan' }));
    expect(screen.getByText('1 to 1000 metres')).toBeDefined();
    await userEvent.clear(screen.getByLabelText('Height (m)'));
    await userEvent.type(screen.getByLabelText('Height (m)'), '8');
    await userEvent.click(screen.getByRole('button', { name: 'Make the plan' }));
    await screen.findByRole('application');
    expect(world.scenes.get('floor-plan')?.plan).toEqual({ width_m: 12.5, height_m: 8 });
  });

  it('shows what the cameras see, honest about what is not drawn', async () => {
    open();
    expect(await screen.findByText(/Shelves and pillars are not drawn/)).toBeDefined();
    expect(screen.getByText('0 of 2 calibrated')).toBeDefined();
    expect(screen.getAllByText(/the floor plan ignores the camera/)).toHaveLength(2);
    expect(screen.getByRole('link', { name: 'Calibrate Entrance' }).getAttribute('href')).toMatch(
      /entrance\?calibrate$/,
    );
    expect(await screen.findByText(/One camera counts at the entrance/)).toBeDefined();
  });

  it('says that nothing is counted on it while no camera is calibrated', async () => {
    open();
    expect((await screen.findByText('Nothing is counted here yet.')).parentElement?.textContent).toMatch(/Calibrate/);
    await userEvent.click(screen.getByText('Walls and shelves'));
    expect(screen.queryByText('Nothing is counted here yet.')).toBeNull();
  });

  it('warns of what no camera sees, until it is moved', async () => {
    open();
    await userEvent.click(await screen.findByRole('button', { name: /Coffee.*no camera sees it/ }));
    expect(screen.getByText(/sees this zone, so it counts nobody/)).toBeDefined();
    fireEvent.keyDown(screen.getByRole('application'), { key: 'ArrowLeft' });
    await waitFor(() => expect(screen.queryByText(/counts nobody/)).toBeNull());
  });

  it('warns of nothing that a calibrated camera sees', async () => {
    const { world } = open();
    world.scenes.set('entrance', { ...world.scenes.get('entrance')!, calibration: calibration() });
    expect(await screen.findByText('1 of 2 calibrated')).toBeDefined();
    expect(screen.queryByText('no camera sees it')).toBeNull();
  });

  it('is drawn on like a picture and keeps its size, walls and picture', async () => {
    const { world } = open();
    await userEvent.click(await screen.findByRole('button', { name: 'Zone' }));
    const area = screen.getByRole('application');
    for (const [clientX, clientY] of [
      [30, 20],
      [90, 20],
      [90, 80],
    ])
      fireEvent.pointerUp(area, { clientX, clientY, button: 0, pointerId: 1, pointerType: 'mouse' });
    await userEvent.click(screen.getByRole('button', { name: 'Finish zone' }));
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText(/Saved as version 3/);
    const saved = world.scenes.get('floor-plan')!;
    expect(saved.zones).toHaveLength(2);
    expect([saved.plan?.width_m, saved.walls?.length]).toEqual([12, 1]);
  });

  it('gets shelves with their place, size and height', async () => {
    const { world } = open();
    await userEvent.click(await screen.findByRole('radio', { name: 'Walls and shelves' }));
    const area = screen.getByRole('group', { name: 'Walls and shelves on the plan' });
    const pointer = { button: 0, pointerId: 1, pointerType: 'mouse' };
    fireEvent.pointerDown(area, { clientX: 30, clientY: 20, ...pointer });
    fireEvent.pointerMove(area, { clientX: 50, clientY: 60, ...pointer });
    fireEvent.pointerUp(area, { clientX: 60, clientY: 120, ...pointer });
    expect(screen.getByLabelText('Width (m)')).toHaveProperty('value', '1.2');
    await userEvent.clear(screen.getByLabelText('How high (m)'));
    await userEvent.type(screen.getByLabelText('How high (m)'), '2,1{Enter}');
    await userEvent.click(screen.getByRole('button', { name: 'Shelf' }));
    await userEvent.click(screen.getByRole('button', { name: 'Remove Shelf 2' }));
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText(/Saved as version 3/);
    const outline = [
      [0.1, 0.1],
      [0.2, 0.1],
      [0.2, 0.6],
      [0.1, 0.6],
    ];
    expect(world.scenes.get('floor-plan')?.obstacles).toEqual([{ polygon: outline, height_m: 2.1 }]);
  });

  it('takes a picture, and says what is wrong with one', async () => {
    const { container } = open();
    await screen.findByRole('application');
    const input = container.querySelector<HTMLInputElement>('input[type=file]')!;
    await userEvent.upload(input, new File([new Uint8Array([1, 2])], 'plan.png', { type: 'image/png' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Use it' }));
    await waitFor(() =>
      expect(screen.getByAltText('Floor plan').getAttribute('src')).toContain('/images/9f86d081884c7d65'),
    );
  });

  it('says what the server refuses', async () => {
    const { container } = open((path) =>
      path.endsWith('/images') ? refused(422, 'neither a PNG nor a JPEG picture') : undefined,
    );
    await screen.findByRole('application');
    const input = container.querySelector<HTMLInputElement>('input[type=file]')!;
    await userEvent.upload(input, new File(['x'], 'plan.png', { type: 'image/png' }));
    expect((await screen.findByRole('alert')).textContent).toContain('neither a PNG nor a JPEG');
  });

  it('tells when it cannot be had', async () => {
    open((path) => (path.endsWith('/scene') ? refused(503, 'Busy') : undefined));
    expect(await screen.findByText(/the floor plan/)).toBeDefined();
  });
});

describe('blindPath', () => {
  it('joins neighbours in a row, and leaves out what is seen or no floor', () => {
    expect(blindPath({ cells: ['-001', '1-20'], cell_m: 0.5 })).toBe('M0.5 0h1v0.5h-1zM1.5 0.5h0.5v0.5h-0.5z');
  });
});

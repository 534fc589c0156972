/* SPDX-License-Identifier: Apache-2.0 */
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Route } from 'wouter';
import { calibration, smallPlan } from '../../../e2e/mock/mock-floor.ts';
import { type Answerer, refused, show } from '../../../test/frame.tsx';
import { EditorPage } from './editor-page.tsx';

const page = (
  <Route path="/stores/:store/settings/cameras/:camera">
    <EditorPage />
  </Route>
);

/** With a plan of 12 x 8 m. */
function open(answer?: Answerer) {
  const shown = show(page, { path: '/stores/mock/settings/cameras/entrance?calibrate', ...(answer && { answer }) });
  shown.world.scenes.set('floor-plan', smallPlan());
  return shown;
}

beforeEach(() => {
  const box = { x: 0, y: 0, left: 0, top: 0, right: 400, bottom: 300, width: 400, height: 300, toJSON: () => '' };
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(box);
});

const board = (name: string) => screen.findByRole('group', { name });

async function choose(name: string, clientX: number, clientY: number) {
  const area = await board(name);
  fireEvent.pointerUp(area, { clientX, clientY, button: 0, pointerId: 1, pointerType: 'mouse' });
}

async function pair(picture: [number, number], plan: [number, number]) {
  await choose('the picture', ...picture);
  await choose('the floor plan', ...plan);
}

async function fourPairs() {
  await pair([40, 270], [260, 80]);
  await pair([360, 270], [140, 80]);
  await pair([320, 105], [100, 240]);
  await pair([80, 105], [300, 240]);
}

describe('calibrating a camera', () => {
  it('takes pairs of points, says what is missing, and saves them in metres', async () => {
    const { world } = open();
    await choose('the picture', 40, 270);
    expect(screen.getByText(/same place on the floor plan: point 1/)).toBeDefined();
    await choose('the floor plan', 260, 80);
    expect(screen.getByText(/1 of 4 pairs of points; 3 more are needed/)).toBeDefined();
    expect(screen.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true);
    await pair([360, 270], [140, 80]);
    await pair([320, 105], [100, 240]);
    await pair([80, 105], [300, 240]);
    await screen.findByText('Not tested');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText(/Saved as version 2/);
    expect(world.scenes.get('entrance')?.calibration?.pairs[0]).toEqual({ image: [0.1, 0.9], plan: [7.8, 2.13] });
    expect(world.scenes.get('entrance')?.lines).toHaveLength(1);
  });

  it('shows the error of each pair and of the whole, and marks the suspect', async () => {
    const { world } = open();
    world.scenes.set('entrance', { ...world.scenes.get('entrance')!, calibration: calibration() });
    expect(await screen.findByText('± 9 cm')).toBeDefined();
    expect(screen.getByText('worst point 21 cm')).toBeDefined();
    const rows = within(screen.getByRole('table')).getAllByRole('row');
    expect(rows).toHaveLength(7);
    expect(rows[6]?.textContent).toContain('18 cm');
    expect(rows[6]?.className).toContain('danger');
    expect(screen.getByText('The points say 3.1 m.')).toBeDefined();
  });

  it('places a point by keyboard, in the middle, to be moved from there', async () => {
    open();
    fireEvent.keyDown(await screen.findByRole('group', { name: 'the picture' }), { key: 'Enter' });
    fireEvent.keyDown(screen.getByRole('group', { name: 'the floor plan' }), { key: 'Enter' });
    expect(screen.getByText(/1 of 4 pairs of points/)).toBeDefined();
    expect(screen.getByRole('button', { name: 'Point 1 on the picture' })).toBeDefined();
  });

  it('moves a point by keyboard, removes one, and undoes it', async () => {
    open();
    await fourPairs();
    const point = screen.getByRole('button', { name: 'Point 1 on the floor plan' });
    fireEvent.keyDown(point, { key: 'ArrowRight', shiftKey: true });
    await screen.findByText('8.04, 2.13 m');
    await userEvent.click(screen.getByRole('button', { name: 'Remove point 4' }));
    await screen.findByText(/3 of 4 pairs of points; 1 more is needed/);
    await userEvent.click(screen.getByRole('button', { name: /^Undo/ }));
    await waitFor(() => expect(screen.getByRole('button', { name: 'Point 4 on the floor plan' })).toBeDefined());
  });

  it('says why points make no calibration', async () => {
    open((path) =>
      path.endsWith('/calibration/check')
        ? {
            status: 200,
            body: {
              good: false,
              problem: 'the picture would be mirrored',
              error: null,
              pairs_off_m: [],
              pose: null,
              view: [],
            },
          }
        : undefined,
    );
    await fourPairs();
    expect((await screen.findByRole('alert')).textContent).toBe('The picture would be mirrored.');
  });

  it('says when it could not be checked', async () => {
    open((path) => (path.endsWith('/calibration/check') ? refused(503, 'Busy just now') : undefined));
    await fourPairs();
    expect((await screen.findByRole('alert')).textContent).toContain('Busy just now');
  });

  it('leads to the floor plan where there is none', async () => {
    open((path) =>
      path.endsWith('/floor-plan')
        ? { status: 200, body: { plan: null, cameras: [], overlaps: [], coverage: null, uncalibrated: 0 } }
        : undefined,
    );
    const link = await screen.findByRole('link', { name: 'Make the floor plan' });
    expect(link.getAttribute('href')).toBe('/stores/mock/settings/floor-plan');
  });
});

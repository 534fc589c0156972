/* SPDX-License-Identifier: Apache-2.0 */
import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Route } from 'wouter';
import { checkoutScene } from '../../../e2e/mock/mock-queues.ts';
import { refused, show } from '../../../test/frame.tsx';
import { EditorPage } from './editor-page.tsx';

const page = (
  <Route path="/stores/:store/settings/cameras/:camera">
    <EditorPage />
  </Route>
);
const at = { path: '/stores/mock/settings/cameras/entrance' };

beforeEach(() => {
  const box = { x: 0, y: 0, left: 0, top: 0, right: 400, bottom: 300, width: 400, height: 300, toJSON: () => '' };
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(box);
});

const canvas = () => screen.findByRole('application');
const point = (clientX: number, clientY: number) => ({
  clientX,
  clientY,
  button: 0,
  pointerId: 1,
  pointerType: 'mouse',
});

async function click(x: number, y: number) {
  const area = await canvas();
  fireEvent.pointerDown(area, point(x, y));
  fireEvent.pointerUp(area, point(x, y));
}

describe('the editor', () => {
  it('draws a line with the mouse, saves it on the version it was drawn on, and goes on from the new one', async () => {
    const { world } = show(page, at);
    await userEvent.click(await screen.findByRole('button', { name: 'Line' }));
    await click(100, 50);
    await click(100, 250);
    await userEvent.clear(screen.getByLabelText('Name'));
    await userEvent.type(screen.getByLabelText('Name'), 'Side door');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText(/Saved as version 2/);
    expect(world.scenes.get('entrance')?.lines[1]).toEqual({
      ...{ id: 'side-door', name: 'Side door', kind: 'entrance' },
      ...{ a: [0.25, 0.1667], b: [0.25, 0.8333] },
    });
    expect(screen.getByRole('button', { name: 'Version 2' })).toBeDefined();
    expect(screen.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true);
  });

  it('draws a zone by keyboard alone', async () => {
    show(page, at);
    await userEvent.click(await screen.findByRole('button', { name: 'Zone' }));
    const area = await canvas();
    await waitFor(() => expect(document.activeElement).toBe(area));
    await userEvent.keyboard(
      '{Enter}{Shift>}{ArrowRight}{ArrowRight}{ArrowRight}{/Shift}{Enter}{Shift>}{ArrowDown}{ArrowDown}{ArrowDown}{/Shift}{Enter}f',
    );
    expect(await screen.findByDisplayValue('Zone 1')).toBeDefined();
    const corners = screen.getAllByRole('button', { name: /^Corner \d of Zone 1/ });
    expect(corners.map((c) => c.getAttribute('aria-label'))).toEqual([
      'Corner 1 of Zone 1, 50% across, 50% down',
      'Corner 2 of Zone 1, 62% across, 50% down',
      'Corner 3 of Zone 1, 62% across, 62% down',
    ]);
    corners[0]!.focus();
    await userEvent.keyboard('{Shift>}{ArrowLeft}{/Shift}');
    expect(screen.getByRole('button', { name: /^Corner 1/ }).getAttribute('aria-label')).toContain('46% across');
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(screen.getByRole('button', { name: /^Corner 1/ }).getAttribute('aria-label')).toContain('50% across');
  });

  it('Enter closes a zone drawn with the mouse', async () => {
    show(page, at);
    await userEvent.click(await screen.findByRole('button', { name: 'Zone' }));
    await click(50, 50);
    await click(350, 50);
    await click(350, 250);
    fireEvent.keyDown(await canvas(), { key: 'Enter' });
    expect(await screen.findByDisplayValue('Zone 1')).toBeDefined();
    expect(screen.getAllByRole('button', { name: /^Corner \d of Zone 1/ })).toHaveLength(3);
    expect(screen.getByText(/drag a small dot/)).toBeDefined();
  });

  it('tells of a line what holds for lines', async () => {
    show(page, at);
    await userEvent.click(await screen.findByRole('button', { name: /^Door/ }));
    expect(screen.getByText(/Drag an end/)).toBeDefined();
    expect(screen.queryByText(/small dot/)).toBeNull();
  });

  it('does not save a drawing that breaks a rule, and says which', async () => {
    show(page, at);
    await userEvent.click(await screen.findByRole('button', { name: 'Zone' }));
    for (const [x, y] of [
      [50, 50],
      [350, 250],
      [350, 50],
      [50, 250],
    ] as const)
      await click(x, y);
    await userEvent.click(screen.getByRole('button', { name: 'Finish zone' }));
    expect((await screen.findByRole('alert')).textContent).toContain('cross or touch each other');
    expect(screen.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true);
  });

  it('somebody else was first: the user chooses whose drawing goes on', async () => {
    const { world } = show(page, at);
    await userEvent.click(await screen.findByRole('button', { name: 'Line' }));
    await click(100, 50);
    await click(100, 250);
    world.scenes.set('entrance', { ...world.scenes.get('entrance')!, version: 7, lines: [] });
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText(/Version 7 was saved/);
    await userEvent.click(screen.getByRole('button', { name: 'Save mine as the next version' }));
    await screen.findByText(/Saved as version 8/);
    expect(world.scenes.get('entrance')?.lines.map((l) => l.id)).toEqual(['door', 'line-1']);
  });

  it('what the server refuses stands at the shape', async () => {
    const errors = [{ pointer: '/lines/1/b', detail: 'the line leaves the floor' }];
    const answer = (path: string, request: Request) =>
      path.endsWith('/scene') && request.method === 'PUT'
        ? { status: 422, body: { ...refused(422, 'Not acceptable').body, errors } }
        : undefined;
    show(page, { ...at, answer });
    await userEvent.click(await screen.findByRole('button', { name: 'Line' }));
    await click(100, 50);
    await click(100, 250);
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect((await screen.findByRole('alert')).textContent).toContain('the line leaves the floor');
  });

  it('a role that may not draw sees the scene and no tools', async () => {
    const { client, world } = show(page, at);
    client.setQueryData(['me'], { ...world.me, permissions: world.me.permissions.filter((p) => p !== 'scenes.write') });
    await canvas();
    expect(await screen.findByText(/may look at what is drawn/)).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
  });
});

describe('a simulated store', () => {
  it('says before anybody draws that its scenario draws, and has no tools', async () => {
    const asked: string[] = [];
    const answer = (path: string) => void asked.push(path);
    show(page, { ...at, simulated: true, answer });
    expect((await screen.findByText('To look at only.')).parentElement?.textContent).toContain(
      'Edit the scenario file',
    );
    for (const name of ['Line', 'Zone', 'Lane', 'Save']) expect(screen.queryByRole('button', { name })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: /^Mat/ }));
    expect(screen.getByLabelText('Name').closest('fieldset')?.disabled).toBe(true);
    expect(asked.some((path) => path.endsWith('.jpg'))).toBe(false);
  });
});

describe('its states', () => {
  it('error: the scene cannot be had', async () => {
    show(page, { ...at, answer: (path) => (path.endsWith('/scene') ? refused(500, 'The disk is full.') : undefined) });
    expect((await screen.findByRole('alert')).textContent).toContain('The disk is full.');
  });

  it('error: no still to draw on', async () => {
    show(page, { ...at, answer: (path) => (path.endsWith('.jpg') ? refused(503, 'It is offline.') : undefined) });
    expect((await screen.findByRole('alert')).textContent).toContain('It is offline.');
  });

  it('empty: no such camera', async () => {
    show(page, { path: '/stores/mock/settings/cameras/nowhere' });
    expect(await screen.findByText(/no camera “nowhere”/)).toBeDefined();
  });

  it('loading', () => {
    show(page, at);
    expect(screen.getByRole('status', { name: 'Loading the scene' })).toBeDefined();
  });
});

/** The lanes of the mock, each without a group. */
function apart() {
  return checkoutScene().map(({ group: _, ...lane }) => lane);
}

describe('versions', () => {
  it('are compared by name: what was added, removed and moved', async () => {
    show(page, at);
    await userEvent.click(await screen.findByRole('button', { name: 'Line' }));
    await click(100, 50);
    await click(100, 250);
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText(/Saved as version 2/);
    await userEvent.click(screen.getByRole('button', { name: 'Version 2' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Compare version 1' }));
    expect((await screen.findByText('Line Line 1')).closest('li')?.textContent).toContain('added');
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
    await userEvent.click(screen.getByRole('button', { name: 'All versions' }));
    expect(screen.getByText('In use')).toBeDefined();
  });
});

describe('lanes', () => {
  const triangle = async (x: number, y: number) => {
    await click(x, y);
    await click(x + 60, y);
    await click(x + 60, y + 60);
    fireEvent.keyDown(await canvas(), { key: 'Enter' });
  };

  const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

  it('draws a lane: the queue, then the service area, which it needs', async () => {
    const { world } = show(page, at);
    await userEvent.click(await screen.findByRole('button', { name: 'Lane' }));
    expect(screen.getByText(/corners of the floor on which people wait/)).toBeDefined();
    await triangle(20, 200);
    expect(screen.getByText(/corners of the place where the customer stands/)).toBeDefined();
    expect(screen.getByRole('alert').textContent).toContain('Draw the service area');
    await triangle(120, 200);
    type('Name', 'Till 1');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText(/Saved as version 2/);
    const lane = world.scenes.get('entrance')?.lanes?.[0];
    expect(lane).toMatchObject({ id: 'till-1', name: 'Till 1', self_checkout: false });
    expect([lane?.queue?.polygon.length, lane?.service.polygon.length]).toEqual([3, 3]);
  });

  it('lanes share a line: a new one gets a name, the next lane chooses it', async () => {
    const { world } = show(page, at);
    world.scenes.set('entrance', { ...world.scenes.get('entrance')!, lanes: apart() });
    await userEvent.click(await screen.findByRole('button', { name: /^Till 1/ }));
    await userEvent.selectOptions(screen.getByLabelText('Serves'), 'A new shared line …');
    type('Name of the shared line', 'Tills');
    fireEvent.blur(screen.getByLabelText('Name of the shared line'));
    await userEvent.click(screen.getByRole('button', { name: 'Back to the list' }));
    await userEvent.click(screen.getByRole('button', { name: /^Till 2/ }));
    expect(screen.getByRole('alert').textContent).toContain('Draw the queue');
    await userEvent.selectOptions(screen.getByLabelText('Serves'), 'Shared line “tills”');
    await userEvent.click(screen.getByRole('switch', { name: 'Self-checkout' }));
    expect(screen.queryByRole('alert')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText(/Saved as version 2/);
    const lanes = world.scenes.get('entrance')?.lanes ?? [];
    expect(lanes.map((l) => [l.id, l.group, l.self_checkout])).toEqual([
      ['till-1', 'tills', false],
      ['till-2', 'tills', true],
    ]);
    expect(lanes[1]).not.toHaveProperty('queue');
  });

  it('draws a path by keyboard, and deletes an area', async () => {
    const { world } = show(page, at);
    world.scenes.set('entrance', { ...world.scenes.get('entrance')!, lanes: checkoutScene() });
    await userEvent.click(await screen.findByRole('button', { name: /^Till 1/ }));
    await userEvent.click(screen.getByRole('button', { name: 'Draw the path anew' }));
    await waitFor(async () => expect(document.activeElement).toBe(await canvas()));
    await userEvent.keyboard('{Enter}{ArrowLeft}{ArrowLeft}{Enter}f');
    const points = screen.getAllByRole('button', { name: /^Corner \d of path of Till 1/ });
    expect(points.map((c) => c.getAttribute('aria-label'))).toEqual([
      'Corner 1 of path of Till 1, 50% across, 50% down',
      'Corner 2 of path of Till 1, 48% across, 50% down',
    ]);
    await userEvent.click(screen.getByRole('button', { name: 'Delete the service' }));
    expect(screen.getByRole('alert').textContent).toContain('Draw the service area');
    expect(screen.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true);
  });

  it('a path waits for its queue', async () => {
    const { world } = show(page, at);
    world.scenes.set('entrance', { ...world.scenes.get('entrance')!, lanes: checkoutScene() });
    await userEvent.click(await screen.findByRole('button', { name: /^Till 2/ }));
    expect(screen.getByRole('button', { name: 'Draw the path' })).toHaveProperty('disabled', true);
    expect(screen.getByLabelText('Id')).toHaveProperty('disabled', true);
    expect(screen.queryByLabelText('Name of the shared line')).toBeNull();
  });
});

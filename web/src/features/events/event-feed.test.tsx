/* SPDX-License-Identifier: Apache-2.0 */
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { crossing } from '../../../e2e/mock/mock-world.ts';
import { refused, show } from '../../../test/frame.tsx';
import { EventFeed } from './event-feed.tsx';

const TOPIC = 'store/mock/events';
const rows = () => screen.findAllByText(/over Door$/);

describe('EventFeed', () => {
  it('loading, then ready with the names of lines and cameras', async () => {
    show(<EventFeed />);
    expect(screen.getByRole('status', { name: 'Loading events' })).toBeDefined();
    expect(await rows()).toHaveLength(30);
    expect((await screen.findAllByText('Entrance')).length).toBeGreaterThan(0);
  });

  it('shows what happens at once, on top', async () => {
    const { link } = show(<EventFeed />);
    await rows();
    act(() => link.say(TOPIC, 'snapshot', 1, { events: [] }));
    act(() => link.say(TOPIC, 'update', 2, { events: [crossing(900, 'out', Date.now())] }));
    const all = await rows();
    expect(all).toHaveLength(31);
    expect(all[0]?.textContent).toBe('Out over Door');
  });

  it('loads older ones page by page', async () => {
    show(<EventFeed />);
    await rows();
    await userEvent.click(screen.getByRole('button', { name: 'Load older events' }));
    expect(await screen.findAllByText(/over Door$/)).toHaveLength(60);
    expect(screen.queryByRole('button', { name: 'Load older events' })).toBeNull();
  });

  it('stale once the link is lost', async () => {
    const { link } = show(<EventFeed />);
    await rows();
    act(() => link.say(TOPIC, 'snapshot', 1, { events: [] }));
    act(() => link.lose());
    expect(screen.getByText(/Not up to date/)).toBeDefined();
  });

  it('empty', async () => {
    show(<EventFeed />, {
      answer: (path) =>
        path.endsWith('/events') ? { status: 200, body: { events: [], next_cursor: null } } : undefined,
    });
    expect(await screen.findByText('No events')).toBeDefined();
  });

  it('error', async () => {
    show(<EventFeed />, {
      answer: (path) => (path.endsWith('/events') ? refused(503, 'Try again in a moment.') : undefined),
    });
    expect((await screen.findByRole('alert')).textContent).toContain('Try again in a moment.');
  });

  it('opens the row of the ledger behind an event', async () => {
    show(<EventFeed />);
    await userEvent.click((await rows())[0]!);
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toContain('line.crossed');
    expect(dialog.textContent).toContain('Scene version');
  });
});

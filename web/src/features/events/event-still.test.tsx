/* SPDX-License-Identifier: Apache-2.0 */
import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { crossing } from '../../../e2e/mock/mock-world.ts';
import { show } from '../../../test/frame.tsx';
import { EventFeed } from './event-feed.tsx';
import { offMoment, type Snapshot } from './event-snapshots.ts';

const event = crossing(2, 'in');
const snapshot = (more: Partial<Snapshot> = {}): Snapshot => ({
  id: 7,
  camera_id: 'entrance',
  event_id: event.id,
  kind: event.kind,
  ts: event.ts,
  picture_ts: event.ts,
  size: { w: 1280, h: 720 },
  boxes: 2,
  bytes: 400_000,
  held: false,
  place: 'here',
  ...more,
});

const asked: string[] = [];
function open(snapshots: Snapshot[]) {
  asked.length = 0;
  return show(<EventFeed />, {
    answer: (path, request) => {
      if (!path.endsWith('/snapshots')) return undefined;
      asked.push(request.url);
      return { status: 200, body: { snapshots, next_cursor: null } };
    },
  });
}

describe('the picture of an event', () => {
  it('is small in the list, large in the dialog, with boxes until they are switched off', async () => {
    open([snapshot()]);
    const thumbnail = await screen.findByRole('img', { name: 'Picture of the event' });
    expect(thumbnail.getAttribute('src')).toBe('/api/v1/stores/mock/snapshots/7/thumbnail.jpg');
    await userEvent.click(thumbnail);
    const dialog = within(await screen.findByRole('dialog'));
    const still = () => dialog.getByRole('img').getAttribute('src');
    expect(still()).toBe('/api/v1/stores/mock/snapshots/7/picture.jpg?boxes=1');
    await userEvent.click(dialog.getByRole('switch', { name: 'Boxes' }));
    expect(still()).toBe('/api/v1/stores/mock/snapshots/7/picture.jpg');
    expect(dialog.queryByText(/the event$/)).toBeNull();
  });

  it('is looked for from the oldest event that is shown on', async () => {
    open([]);
    await screen.findAllByText(/over Door$/);
    expect(asked.length).toBeGreaterThan(0);
    const from = Date.parse(new URL(asked[0]!).searchParams.get('from')!);
    expect(from).toBeLessThanOrEqual(Date.parse(crossing(29, 'in').ts) + 1000);
    expect(screen.queryByRole('img', { name: 'Picture of the event' })).toBeNull();
  });

  it('says so when it was deleted meanwhile', async () => {
    open([snapshot()]);
    await userEvent.click(await screen.findByRole('img', { name: 'Picture of the event' }));
    const dialog = within(await screen.findByRole('dialog'));
    fireEvent.error(dialog.getByRole('img'));
    expect(dialog.getByText('The picture is not there any more.')).toBeDefined();
  });

  it('tells how far from the moment it is', () => {
    const off = (ms: number) => offMoment(snapshot({ picture_ts: new Date(Date.parse(event.ts) + ms).toISOString() }));
    expect(off(300)).toBeNull();
    expect(off(-2400)).toBe('2.4 s before');
    expect(off(12_000)).toBe('12 s after');
  });
});

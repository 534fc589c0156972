/* SPDX-License-Identifier: Apache-2.0 */
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { CheckoutPage } from '@/app/pages/checkout-page.tsx';
import { liveQueue, queueKpis } from '../e2e/mock/mock-queues.ts';
import { refused, show } from './frame.tsx';

/* The checkout screen as a whole, over the mock's world. */

const at = { path: '/stores/mock/checkout' };
const line = (id: string) => document.querySelector<HTMLElement>(`[data-queue="${id}"]`)!;

describe('CheckoutPage', () => {
  it('shows each line with who waits and its lanes; a long one says so in words', async () => {
    show(<CheckoutPage />, at);
    expect(await screen.findByText('Long queue')).toBeDefined();
    const tills = within(line('tills'));
    expect(tills.getByText('1 of 2 lanes open', { exact: false })).toBeDefined();
    expect(tills.getByRole('progressbar', { name: 'People waiting for tills' }).getAttribute('aria-valuenow')).toBe(
      '100',
    );
    expect(tills.getByText('Till 1 · open, serving')).toBeDefined();
    expect(tills.getByText('Till 2 · closed')).toBeDefined();
    expect(within(line('self')).queryByText('Long queue')).toBeNull();
    expect(screen.getByRole('status', { name: 'Lanes open' }).textContent).toBe('2 / 3');
    expect(screen.getByRole('status', { name: 'Waiting now' }).textContent).toBe('9');
    expect((await screen.findByRole('status', { name: 'Service level' })).textContent).toBe('87%');
  });

  it('says which lane to open, for which wait, and how often such calls were right', async () => {
    show(<CheckoutPage />, at);
    expect(await screen.findByText('Long queue ahead')).toBeDefined();
    expect(screen.getByText('Open Till 2 now')).toBeDefined();
    expect(screen.getByText(/82% of 102 calls came true; 83% of 131 long queues/)).toBeDefined();
    const plan = await screen.findByRole('region', { name: 'Lanes needed by hour' });
    expect(within(plan).getAllByRole('progressbar').length).toBeGreaterThan(10);
  });

  it('a call that what came since made unlikely is no alarm any more', async () => {
    const { live } = show(<p />).world;
    const pools = live.outlook.pools.map((pool) => ({ ...pool, long_chance: 0.05 }));
    const answer = (path: string) =>
      path.endsWith('/kpis/live') ? { status: 200, body: { ...live, outlook: { ...live.outlook, pools } } } : undefined;
    show(<CheckoutPage />, { ...at, answer });
    expect(await screen.findByText('Long queue foretold, less likely now')).toBeDefined();
    expect(screen.queryByText('Long queue ahead')).toBeNull();
  });

  it('without enough facts it claims nothing', async () => {
    const { live } = show(<p />).world;
    const unknown = { foretold_wait_5m_s: null, foretold_wait_10m_s: null, long_chance: null, arrivals_15m: null };
    const pools = live.outlook.pools.map((pool) => ({ ...pool, ...unknown, called_at: null, advice: null }));
    const answer = (path: string) =>
      path.endsWith('/kpis/live') ? { status: 200, body: { ...live, outlook: { ...live.outlook, pools } } } : undefined;
    show(<CheckoutPage />, { ...at, answer });
    expect((await screen.findAllByText(/Still learning/)).length).toBe(2);
    expect(screen.queryByText('Open Till 2 now')).toBeNull();
  });

  it('follows the live topic, and marks what it shows when the link is lost', async () => {
    const { link, world } = show(<CheckoutPage />, at);
    await screen.findByText('Long queue');
    const queues = [liveQueue('tills', 'tills', 0), liveQueue('self', 'Self-checkout', null)];
    act(() => link.say('store/mock/kpi', 'snapshot', 1, { ...world.live, queues }));
    expect(screen.queryByText('Long queue')).toBeNull();
    expect(screen.getByRole('status', { name: 'Waiting now' }).textContent).toBe('0');
    expect(screen.getByText('1 line not seen')).toBeDefined();
    expect(within(line('self')).getByText(/^n\/a: the camera gives no picture/)).toBeDefined();
    expect(within(line('self')).queryByRole('progressbar')).toBeNull();
    act(() => link.lose());
    expect(screen.getAllByText(/Not up to date/).length).toBeGreaterThan(0);
  });

  it('without lanes it shows the way to the editor', async () => {
    const answer = (path: string) =>
      path.endsWith('/kpis/live') ? { status: 200, body: { ...live, queues: [], lanes: [] } } : undefined;
    const { live } = show(<p />).world;
    show(<CheckoutPage />, { ...at, answer });
    const link = await screen.findByRole('link', { name: 'Draw a lane' });
    expect(link.getAttribute('href')).toBe('/stores/mock/settings');
  });

  it('with no lane at all it is one word and a way on, not six empty cards', async () => {
    const world = show(<p />).world;
    const answer = (path: string) => {
      if (path.endsWith('/kpis/live')) return { status: 200, body: { ...world.live, queues: [], lanes: [] } };
      const kpis = path.endsWith('/kpis/queues') ? queueKpis(new URLSearchParams(), '2026-11-24T00:00:00.000Z') : null;
      return kpis ? { status: 200, body: { ...kpis, rows: [] } } : undefined;
    };
    show(<CheckoutPage />, { ...at, answer });
    expect(await screen.findByText('No lane is drawn yet')).toBeDefined();
    expect(screen.getByRole('link', { name: 'Draw a lane' })).toBeDefined();
    expect(screen.queryByText('Mean wait')).toBeNull();
  });

  it('in a simulated store nobody is sent to draw', async () => {
    const world = show(<p />).world;
    const answer = (path: string) =>
      path.endsWith('/kpis/live') ? { status: 200, body: { ...world.live, queues: [], lanes: [] } } : undefined;
    show(<CheckoutPage />, { ...at, answer, simulated: true });
    await screen.findByText('No lane yet');
    expect(screen.queryByRole('link', { name: 'Draw a lane' })).toBeNull();
  });

  it('shows the line that the address names, and keeps the one that is chosen in it', async () => {
    const { location } = show(<CheckoutPage />, { path: '/stores/mock/checkout?queue=self' });
    const select = await screen.findByLabelText('Line');
    expect(select).toHaveProperty('value', 'self');
    await userEvent.selectOptions(select, 'Shared line tills');
    expect(location.history?.at(-1)).toContain('queue=tills');
  });

  it('sets the week before beside the history', async () => {
    show(<CheckoutPage />, at);
    const table = (await screen.findByText('Waits per period')).closest('table')!;
    expect(within(table).getByRole('columnheader', { name: 'Mean, last week' })).toBeDefined();
    expect(await screen.findByRole('status', { name: 'Mean wait' })).toBeDefined();
    expect(screen.getAllByText(/on last week/).length).toBeGreaterThan(0);
  });

  it('history can be of waits, lengths or people', async () => {
    show(<CheckoutPage />, at);
    expect(await screen.findByText('Waits per period')).toBeDefined();
    await userEvent.click(screen.getByRole('radio', { name: /Joined, served/ }));
    const table = screen.getByText('People per period').closest('table')!;
    expect(
      within(table)
        .getAllByRole('columnheader')
        .map((c) => c.textContent),
    ).toEqual(expect.arrayContaining(['Joined', 'Served', 'Abandoned', 'Cameras alive']));
  });

  it('figures carry the definitions that the server gives', async () => {
    show(<CheckoutPage />, at);
    await screen.findByText('9 of 212 left unserved');
    await userEvent.click(screen.getByRole('button', { name: 'What Abandonment means' }));
    expect(await screen.findByText('left unserved after 10 s or more / joined')).toBeDefined();
    expect(screen.getByText('98% of the period')).toBeDefined();
    expect(screen.getByText('3 waits are still going on.')).toBeDefined();
  });

  it('says why figures of the period cannot be had, and goes on with the live ones', async () => {
    const answer = (path: string) => (path.endsWith('/kpis/queues') ? refused(500, 'The disk is full.') : undefined);
    show(<CheckoutPage />, { ...at, answer });
    expect((await screen.findAllByText('The disk is full.')).length).toBe(2);
    expect(screen.getByText('Long queue')).toBeDefined();
    expect(screen.getByRole('status', { name: 'Mean wait' }).textContent).toBe('n/a');
  });
});

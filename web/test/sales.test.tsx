/* SPDX-License-Identifier: Apache-2.0 */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OverviewPage } from '@/app/pages/overview/overview-page.tsx';
import { ReceiptsPage } from '@/app/pages/receipts-page.tsx';
import { SalesPage } from '@/app/pages/sales-page.tsx';
import { routesOf } from '@/app/routes.tsx';
import type { Schemas } from '@/lib/api/client.ts';
import { ME_KEY } from '@/lib/api/query-client.ts';
import type { Permission } from '@/lib/api/session.ts';
import { MockWorld } from '../e2e/mock/mock-world.ts';
import { refused, show } from './frame.tsx';

/* The pages of sales, put together, over a mock of the API. */

const SALES = '/stores/mock/sales';
const RECEIPTS = `${SALES}/receipts`;

/* An afternoon in the store's time: the mock sells all day long. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-24T15:30:00Z') }));
afterEach(() => void vi.useRealTimers());

const card = (name: string) => screen.findByRole('status', { name });
const main = () => document.body.textContent;

function drawnLane(lane_id: string, name: string): Schemas['LiveKpis']['lanes'][number] {
  return {
    lane_id,
    name,
    queue_id: lane_id,
    camera_id: 'entrance',
    self_checkout: false,
    state: 'open',
    serving: false,
  };
}

function open(path: string, change?: (world: MockWorld) => void, permissions?: Permission[]) {
  const Page = path.startsWith(RECEIPTS) ? ReceiptsPage : path.startsWith(SALES) ? SalesPage : OverviewPage;
  const shown = show(<Page />, { path });
  change?.(shown.world);
  if (permissions) shown.client.setQueryData(ME_KEY, { ...shown.world.me, permissions });
  return shown;
}

describe('Sales', () => {
  it('shows the figures of today, against last week, in the currency that is served', async () => {
    const { world } = open(SALES);
    const query = new URLSearchParams({ from: '2026-11-24T00:00:00.000Z', to: '2026-11-25T00:00:00.000Z' });
    const { totals } = world.sales.answer('GET', 'kpis/sales', query, {})?.body as Schemas['SalesKpis'];
    expect((await card('Transactions')).textContent).toBe(String(totals.transactions.value));
    expect((await card('Net revenue')).title).toMatch(/^€[\d,]+\.\d\d$/);
    expect((await card('Conversion')).textContent).toBe('40%');
    expect(await screen.findAllByText('on last week')).not.toHaveLength(0);
    expect(screen.getByRole('link', { name: 'Refunds' }).getAttribute('href')).toContain('kind=refund');
    expect(screen.getByRole('link', { name: 'Link rate' }).getAttribute('href')).toContain('linked=false');
  });

  it('asks for another period, and keeps it in the address', async () => {
    const { location } = open(SALES);
    await card('Net revenue');
    await userEvent.click(screen.getByRole('radio', { name: '7 days' }));
    expect(await screen.findByText('Sales by day')).toBeDefined();
    expect(location.history.at(-1)).toContain('from=2026-11-18&to=2026-11-24');
  });

  it('tells how to connect where no point of sale ever told of anything', async () => {
    open(SALES, (world) => world.sales.disconnect());
    expect(await screen.findByText('Connect your point of sale')).toBeDefined();
    expect(main()).not.toContain('€0.00');
    expect(screen.queryByRole('status', { name: 'Net revenue' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'How to connect' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toContain('POST /api/v1/stores/mock/transactions');
    expect(dialog.textContent).toContain('inveye sales import');
  });

  it('n/a and never 0 in a period that no point of sale told of', async () => {
    open(`${SALES}?from=2026-01-01&to=2026-01-01`);
    expect((await card('Net revenue')).textContent).toBe('n/a');
    expect((await card('Refunds')).textContent).toBe('n/a');
    expect(screen.getAllByText('no receipt of this period')).not.toHaveLength(0);
    expect(await screen.findByText('No receipt in this period')).toBeDefined();
  });

  it('warns where the cameras saw too little for conversion', async () => {
    const { client } = open(SALES);
    await card('Conversion');
    client.setQueriesData<Schemas['SalesKpis']>(
      { queryKey: ['stores', 'mock', 'kpis', 'sales'] },
      (old) =>
        old && {
          ...old,
          totals: { ...old.totals, conversion_rate: { ...old.totals.conversion_rate, coverage: 0.4 } },
        },
    );
    expect(await screen.findByText('cameras alive 40%')).toBeDefined();
  });

  it('a failure is said where it is, and the rest goes on', async () => {
    show(<SalesPage />, {
      path: SALES,
      answer: (path) => (path.endsWith('/kpis/baskets') ? refused(422, 'Too many lines.') : undefined),
    });
    expect((await screen.findByRole('alert')).textContent).toContain('Too many lines.');
    expect((await card('Transactions')).textContent).not.toBe('n/a');
  });

  it('old figures are marked when a refetch fails', async () => {
    let broken = false;
    const { client } = show(<SalesPage />, {
      path: SALES,
      answer: (path) => (broken && path.endsWith('/kpis/sales') ? refused(422, 'Broken.') : undefined),
    });
    await card('Transactions');
    broken = true;
    await client.invalidateQueries({ queryKey: ['stores', 'mock', 'kpis', 'sales'] });
    expect(await screen.findAllByText('Not up to date')).not.toHaveLength(0);
    expect(screen.getAllByText(/last known sales/)).not.toHaveLength(0);
  });

  it('maps a terminal to a lane, and its receipts count for it', async () => {
    const { world } = open(SALES);
    expect(await screen.findByText(/receipts count for no lane/)).toBeDefined();
    await userEvent.click(await screen.findByRole('button', { name: '1 without a lane' }));
    await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'Lane of POS-9' }), 'lane-2');
    await screen.findByText('POS-9 stands at lane-2.');
    expect(world.sales.terminals[2]).toMatchObject({ id: 'POS-9', name: '', lane_id: 'lane-2' });
    await waitFor(() => expect(screen.queryByText(/count for no lane/)).toBeNull());
  });

  it('calls lanes by the names they were drawn with', async () => {
    open(SALES, ({ live }) => {
      live.lanes = [drawnLane('lane-1', 'Front till'), drawnLane('lane-7', 'Kiosk')];
    });
    await screen.findByRole('progressbar', { name: /^Revenue of Front till/ });
    await userEvent.click(await screen.findByRole('button', { name: '1 without a lane' }));
    const select = await screen.findByRole('combobox', { name: 'Lane of POS-9' });
    expect(
      within(select)
        .getAllByRole('option')
        .map((option) => option.textContent),
    ).toEqual([...['No lane', 'Front till (lane-1)', 'lane-2', 'Kiosk (lane-7)', 'Another lane …']]);
  });

  it('maps to a lane that nobody knew, and says what its id must be like', async () => {
    const { world } = open(SALES);
    await userEvent.click(await screen.findByRole('button', { name: '1 without a lane' }));
    await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'Lane of POS-9' }), 'Another lane …');
    await userEvent.type(screen.getByRole('textbox', { name: 'Id of the lane of POS-9' }), 'Lane 9{Enter}');
    expect(screen.getByText('1 to 40 of a-z, 0-9 and -')).toBeDefined();
    expect(world.sales.terminals[2]?.lane_id).toBeNull();
    await userEvent.clear(screen.getByRole('textbox', { name: 'Id of the lane of POS-9' }));
    await userEvent.type(screen.getByRole('textbox', { name: 'Id of the lane of POS-9' }), 'lane-9{Enter}');
    await waitFor(() => expect(world.sales.terminals[2]?.lane_id).toBe('lane-9'));
  });

  it('says what goes with a basket', async () => {
    open(SALES);
    const choose = await screen.findByRole('combobox', { name: 'Add a product to the basket' });
    await userEvent.selectOptions(choose, 'Milk');
    expect(await screen.findByText(/^Offer Rolls: 67% of those who buy Milk also buy it \(.*baskets/)).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: 'Take Milk out of the basket' }));
    expect(screen.queryByText(/^Offer Rolls/)).toBeNull();
  });

  it('shows pairs or triples, each set once', async () => {
    open(SALES);
    await screen.findByText('Pasta, Parmesan and Tomato sauce');
    expect(document.querySelectorAll('[data-rule]')).toHaveLength(4);
    await userEvent.click(screen.getByRole('radio', { name: 'Pairs' }));
    expect(screen.queryByText('Pasta, Parmesan and Tomato sauce')).toBeNull();
    expect(document.querySelectorAll('[data-rule]')).toHaveLength(3);
  });

  it('sums without single receipts for those who may not see them', async () => {
    open(SALES, undefined, ['stores.read', 'kpis.read']);
    await card('Net revenue');
    expect(screen.queryByText('All receipts')).toBeNull();
    expect(screen.queryByRole('link', { name: 'Refunds' })).toBeNull();
    expect(screen.queryByRole('button', { name: /without a lane/ })).toBeNull();
  });

  it('who may only look sees where terminals stand', async () => {
    open(SALES, undefined, ['stores.read', 'kpis.read', 'sales.read']);
    await userEvent.click(await screen.findByRole('button', { name: '1 without a lane' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toContain('lane-1');
    expect(within(dialog).queryByRole('combobox')).toBeNull();
  });
});

describe('Receipts', () => {
  const rows = () => document.querySelectorAll('[data-receipt]').length;

  it('come page by page', async () => {
    open(RECEIPTS);
    await waitFor(() => expect(rows()).toBe(50));
    await userEvent.click(screen.getByRole('button', { name: 'Load older receipts' }));
    await waitFor(() => expect(rows()).toBe(100));
  });

  it('are found by number, kind, terminal and SKU, and the address says so', async () => {
    const { location, world } = open(RECEIPTS);
    const wanted = world.sales.receipts.find(({ kind }) => kind === 'refund')!;
    await waitFor(() => expect(rows()).toBe(50));
    await userEvent.type(screen.getByRole('textbox', { name: 'Receipt number' }), ` ${wanted.receipt}{Enter}`);
    await waitFor(() => expect(rows()).toBe(1));
    expect(location.history.at(-1)).toContain(`receipt=${wanted.receipt}`);
    await userEvent.click(screen.getByRole('button', { name: 'Clear' }));
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Kind' }), 'refund');
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Terminal' }), wanted.terminal_id);
    await userEvent.type(screen.getByRole('textbox', { name: 'SKU' }), `${wanted.items[0]!.sku}{Enter}`);
    await waitFor(() => expect(location.history.at(-1)).toContain(`sku=${wanted.items[0]!.sku}`));
    expect(location.history.at(-1)).toContain('kind=refund');
    await waitFor(() => expect(document.querySelector(`[data-receipt="${wanted.receipt}"]`)).not.toBeNull());
    expect(screen.queryAllByText(/^Sale /)).toHaveLength(0);
  });

  it('open with their lines; a refund takes money out', async () => {
    open(`${RECEIPTS}?kind=refund`);
    await waitFor(() => expect(rows()).toBeGreaterThan(0));
    await userEvent.click(document.querySelector('[data-receipt]')!);
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toMatch(/Refund \d+-€\d+\.\d\d/);
    expect(within(dialog).getByRole('table', { name: 'Lines of the receipt' })).toBeDefined();
    expect(dialog.textContent).toMatch(/SKU \d{4} · €\d+\.\d\d each/);
  });

  it('of an hour that was chosen, with a way back', async () => {
    const { location } = open(`${RECEIPTS}?since=2026-11-24T09:00:00.000Z&until=2026-11-24T10:00:00.000Z`);
    await waitFor(() => expect(rows()).toBe(3));
    await userEvent.click(screen.getByRole('button', { name: /^Remove filter/ }));
    await waitFor(() => expect(rows()).toBe(50));
    expect(location.history.at(-1)).not.toContain('since');
  });

  it('of which nobody was seen at a till: found by the link, and marked', async () => {
    const { location } = open(RECEIPTS);
    await waitFor(() => expect(rows()).toBe(50));
    expect(screen.getByText(/^Newest first · \d+% of the sales of these days are linked/)).toBeDefined();
    await userEvent.selectOptions(screen.getByRole('combobox', { name: /^Link to a service/ }), 'Not linked');
    await waitFor(() => expect(screen.getAllByText('not linked')).toHaveLength(rows()));
    expect(location.history.at(-1)).toContain('linked=false');
    await userEvent.click(document.querySelector('[data-receipt]')!);
    expect((await screen.findByRole('dialog')).textContent).toContain('nobody was seen being served then');
    await userEvent.keyboard('{Escape}');
    await userEvent.selectOptions(screen.getByRole('combobox', { name: /^Link to a service/ }), 'Linked to a service');
    await waitFor(() => expect(screen.queryByText('not linked')).toBeNull());
    await userEvent.click(document.querySelector('[data-receipt]')!);
    expect((await screen.findByRole('dialog')).textContent).toMatch(/served from \d\d:\d\d:\d\d to/);
  });

  it('none that fits', async () => {
    open(`${RECEIPTS}?receipt=77`);
    expect(await screen.findByText(/No receipt of this time fits the filter/)).toBeDefined();
  });
});

describe('the overview', () => {
  const overview = '/stores/mock/overview';

  it('has revenue, transactions, conversion and sales per visitor of today', async () => {
    open(overview);
    for (const name of ['Net revenue today', 'Transactions', 'Conversion', 'Sales per visitor'])
      expect((await card(name)).textContent).not.toBe('n/a');
    expect(screen.getByRole('link', { name: 'Net revenue today' }).getAttribute('href')).toBe(SALES);
  });

  it('n/a with a way on where no point of sale is connected', async () => {
    open(overview, (world) => world.sales.disconnect());
    expect((await screen.findByText('Revenue n/a')).parentElement?.textContent).toContain('no point of sale connected');
    expect(screen.getByRole('link', { name: 'Connect' }).getAttribute('href')).toBe(SALES);
    expect(screen.queryByRole('status', { name: 'Net revenue today' })).toBeNull();
  });

  it('nothing of it for those who may not see figures', async () => {
    open(overview, undefined, ['stores.read', 'cameras.read', 'pictures.read', 'events.read']);
    await screen.findAllByText(/over Door$/);
    expect(screen.queryByRole('region', { name: "Today's sales" })).toBeNull();
  });
});

it('the navigation leads to sales whom it may', () => {
  const { me } = new MockWorld();
  const paths = (permissions: Permission[]) => routesOf({ ...me, permissions }).map(({ path }) => path);
  expect(paths(['kpis.read'])).toContain('/sales');
  expect(paths(['kpis.read'])).not.toContain('/sales/receipts');
  expect(paths(['pictures.read', 'events.read'])).not.toContain('/sales');
});

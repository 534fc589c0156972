/* SPDX-License-Identifier: Apache-2.0 */
import { screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { describe, expect, it } from 'vitest';
import type { DataQuery } from '@/components/data-state.tsx';
import { CameraGrid } from '@/features/cameras/camera-grid.tsx';
import { LaneTable } from '@/features/checkout/lane-table.tsx';
import { LiveQueues } from '@/features/checkout/live-queues.tsx';
import { NowCards } from '@/features/checkout/now-cards.tsx';
import { QueueHistory } from '@/features/checkout/queue-history.tsx';
import { WaitCards } from '@/features/checkout/wait-cards.tsx';
import { HealthTable } from '@/features/cameras/health-table.tsx';
import { ForecastCard } from '@/features/forecast/forecast-card.tsx';
import { FunnelCard } from '@/features/funnel/funnel-card.tsx';
import { HeatCard } from '@/features/heatmap/heat-card.tsx';
import { BasketCard } from '@/features/sales/basket-card.tsx';
import { CategoryCard } from '@/features/sales/category-card.tsx';
import { LaneCard } from '@/features/sales/lane-card.tsx';
import { ReceiptList } from '@/features/sales/receipt-list.tsx';
import { SalesChartCard } from '@/features/sales/sales-chart-card.tsx';
import { TerminalList } from '@/features/sales/terminals-dialog.tsx';
import { LineTable } from '@/features/traffic/line-table.tsx';
import { TrafficCard } from '@/features/traffic/traffic-card.tsx';
import { TrafficCards } from '@/features/traffic/traffic-cards.tsx';
import { ZoneCards } from '@/features/zones/zone-cards.tsx';
import { ZoneTable } from '@/features/zones/zone-table.tsx';
import type { Schemas } from '@/lib/api/client.ts';
import { ApiProblem } from '@/lib/api/problem.ts';
import { unseen } from '../e2e/mock/mock-queues.ts';
import { MockWorld } from '../e2e/mock/mock-world.ts';
import { show } from './frame.tsx';

/* Every data component has loading, empty, error, stale and ready. */

const world = new MockWorld();
const get = (path: string, query = '') => world.answer('GET', path, new URLSearchParams(query), {}).body as never;

type Part<T> = {
  name: string;
  data: T;
  ready: RegExp;
  /** Data with nothing to show, and what is said then. */
  empty: [T, RegExp];
  /** What is shown while it loads and where it failed, when not the common words. */
  loading?: (root: HTMLElement) => boolean;
  failed?: RegExp;
  old?: RegExp;
  node: (query: DataQuery<T> & { stale: boolean }) => ReactNode;
};

/** Figures of a period are stale once fetching them anew failed. */
function failing<T>(query: DataQuery<T>, stale: boolean): DataQuery<T> {
  return stale ? { ...query, error: new ApiProblem(500, 'Broken') } : query;
}

function part<T>(p: Part<T>): Part<never> {
  return p as unknown as Part<never>;
}

const nowhere = () => '/';
const traffic = get('/stores/mock/kpis/traffic') as never;
const zones = get('/stores/mock/kpis/zones') as never;
const forecast = get('/stores/mock/kpis/forecast') as never;
const funnel = get('/stores/mock/kpis/funnel') as Schemas['Funnel'];
const noFunnel = { ...funnel, steps: funnel.steps.map((step) => ({ ...step, value: null, share: null })) };
const heat = get('/stores/mock/kpis/heatmap') as Schemas['HeatMap'];
const noHours = { ...(forecast as object), hours: [], known_hours: 40 } as never;
const noBuckets = { ...(traffic as object), buckets: [] } as never;
const noZones = { ...(zones as object), zones: [] } as never;
const unknown = { ...world.live, footfall_today: { ...world.live.footfall_today, value: null } };
const queues = get('/stores/mock/kpis/queues') as Schemas['QueueKpis'];
const noLanes = { ...queues, total: unseen, rows: [] } as never;
const noQueues = { queues: [], lanes: [] };
const twoDays = `from=${new Date(Date.now() - 2 * 86_400_000).toISOString()}&to=${new Date().toISOString()}`;
const sales = get('/stores/mock/kpis/sales', twoDays) as Schemas['SalesKpis'];
const baskets = get('/stores/mock/kpis/baskets', twoDays) as Schemas['BasketKpis'];
const { transactions } = get('/stores/mock/transactions', 'limit=5') as Schemas['TransactionPage'];
const untold = { ...sales, buckets: [], terminals: [], lanes: [], categories: [] };
const blank = (root: HTMLElement) => root.querySelector('article') === null;

const PARTS = [
  part({
    name: 'TrafficCard',
    data: traffic,
    ready: /Cameras alive/,
    empty: [noBuckets, /No traffic in this period/],
    node: (q) => <TrafficCard title="T" query={q} stale={q.stale} zone="UTC" />,
  }),
  part({
    name: 'ForecastCard',
    data: forecast,
    ready: /Expected footfall by hour/,
    empty: [noHours, /So far 40 hours are known/],
    node: (q) => <ForecastCard query={q} stale={q.stale} zone="UTC" />,
  }),
  part({
    name: 'HeatCard',
    data: heat,
    ready: /Time people spent, per m²/,
    empty: [{ ...heat, grid: null }, /No heat map in this period/],
    node: (q) => (
      <HeatCard
        {...{ query: q, stale: q.stale, zone: 'UTC', drawing: null, still: null, mode: 'whole', onMode: () => undefined }}
        {...{ at: 0, onAt: () => undefined }}
        {...{ subject: 'floor-plan', subjects: [], onSubject: () => undefined }}
      />
    ),
  }),
  part({
    name: 'TrafficCards',
    data: world.live,
    ready: /Footfall today/,
    empty: [unknown, /n\/a/],
    loading: blank,
    node: (q) => <TrafficCards query={q} compared={() => null} links={{ traffic: '/', cameras: '/' }} />,
  }),
  part({
    name: 'FunnelCard',
    data: funnel,
    ready: /Link rate/,
    empty: [noFunnel, /Nobody was counted in this period/],
    node: ({ stale, ...q }) => <FunnelCard query={failing(q, stale)} salesHref="/" />,
  }),
  part({
    name: 'LineTable',
    data: world.live.lines,
    ready: /Door/,
    empty: [[], /No line yet/],
    node: (q) => <LineTable title="L" query={q} stale={q.stale} cameraName={(id) => id} eventsHref={nowhere} />,
  }),
  part({
    name: 'ZoneTable',
    data: zones,
    ready: /Shelf/,
    empty: [noZones, /No zone yet/],
    node: (q) => <ZoneTable title="Z" query={q} stale={q.stale} shown={8} eventsHref={nowhere} />,
  }),
  part({
    name: 'ZoneCards',
    data: zones,
    ready: /Zone visits/,
    empty: [noZones, /no zone drawn yet/],
    loading: blank,
    failed: /n\/acould not be loaded/,
    node: (q) => <ZoneCards query={q} stale={q.stale} href="/" />,
  }),
  part({
    name: 'CameraGrid',
    data: world.cameras,
    ready: /Entrance/,
    empty: [[], /No camera yet/],
    node: (q) => <CameraGrid store="mock" query={q} stale={q.stale} size={4} show={{ boxes: true, shapes: false }} />,
  }),
  part({
    name: 'HealthTable',
    data: world.cameras,
    ready: /812 kbit\/s/,
    empty: [[], /No camera yet/],
    node: (q) => <HealthTable store="mock" query={q} stale={q.stale} editHref={nowhere} />,
  }),
  part({
    name: 'LiveQueues',
    data: world.live,
    ready: /Long queue.*7waiting.*8 min 32 s/,
    empty: [{ ...world.live, ...noQueues }, /No lane yet.*Draw a lane.*the way/],
    node: (q) => <LiveQueues query={q} stale={q.stale} cameraName={(id) => id} draw={<a href="/">the way</a>} />,
  }),
  part({
    name: 'NowCards',
    data: world.live,
    ready: /Lanes open2 \/ 3lanes/,
    empty: [{ ...world.live, ...noQueues }, /n\/ano lane drawn yet/],
    loading: blank,
    failed: /n\/acould not be loaded/,
    node: (q) => <NowCards query={q} stale={q.stale} meanings={queues.figures} />,
  }),
  part({
    name: 'WaitCards',
    data: queues,
    ready: /9 of 212 left unserved/,
    empty: [noLanes, /Mean waitn\/a.*Abandonmentn\/a/],
    loading: blank,
    failed: /n\/acould not be loaded/,
    node: ({ stale, ...q }) => <WaitCards compared={() => null} query={failing(q, stale)} eventsHref={nowhere} />,
  }),
  part({
    name: 'QueueHistory',
    data: queues,
    ready: /Cameras alive/,
    empty: [noLanes, /Nothing seen in this period/],
    node: ({ stale, ...q }) => (
      <QueueHistory query={failing(q, stale)} zone="UTC" before={null} line="" onLine={() => undefined} />
    ),
  }),
  part({
    name: 'LaneTable',
    data: queues,
    ready: /tillsshared line.*203.*Till 1/,
    empty: [noLanes, /No lane yet/],
    node: ({ stale, ...q }) => <LaneTable query={failing(q, stale)} eventsHref={nowhere} />,
  }),
  part({
    name: 'SalesChartCard',
    data: sales,
    ready: /Sales per period: revenue/,
    empty: [untold, /No receipt in this period/],
    node: ({ stale, ...q }) => (
      <SalesChartCard query={failing(q, stale)} before="Last week" zone="UTC" />
    ),
  }),
  part({
    name: 'LaneCard',
    data: sales,
    ready: /lane-1/,
    empty: [untold, /No terminal told of a receipt/],
    node: ({ stale, ...q }) => <LaneCard query={failing(q, stale)} laneName={(id) => id} />,
  }),
  part({
    name: 'CategoryCard',
    data: sales,
    ready: /Dairy/,
    empty: [untold, /No receipt of this period tells what was bought/],
    node: ({ stale, ...q }) => <CategoryCard query={failing(q, stale)} />,
  }),
  part({
    name: 'BasketCard',
    data: baskets,
    ready: /Of those who buy Pasta and Parmesan, 100% also buy Tomato sauce/,
    empty: [{ ...baskets, rules: [] }, /Nothing is often bought together/],
    node: ({ stale, ...q }) => <BasketCard query={failing(q, stale)} />,
  }),
  part({
    name: 'TerminalList',
    data: world.sales.terminals,
    ready: /Till 1 \(POS-1\)/,
    empty: [[], /Connect your point of sale/],
    node: ({ stale, ...q }) => (
      <TerminalList store="mock" zone="UTC" query={failing(q, stale)} lanes={[]} laneName={(id) => id} mayWrite />
    ),
  }),
  part({
    name: 'ReceiptList',
    data: transactions,
    ready: /Till 1 \(POS-1\) · lane-1/,
    empty: [[], /Nothing was sold/],
    node: ({ stale, ...q }) => (
      <ReceiptList
        query={failing(q, stale)}
        money={sales}
        terminals={world.sales.terminals}
        laneName={(id) => id}
        zone="UTC"
        emptyText="Nothing was sold."
      />
    ),
  }),
];

const none = { data: undefined, error: null, isPending: false, stale: false };

describe.each(PARTS)('$name', ({ data, ready, empty, loading, failed, old, node }) => {
  it('loading', () => {
    const { container } = show(node({ ...none, isPending: true }));
    expect(loading ? loading(container) : screen.queryByRole('status', { name: /^Loading/ }) !== null).toBe(true);
    expect(container.textContent).not.toMatch(/Could not load|n\/a/);
  });

  it('error', () => {
    const { container } = show(node({ ...none, error: new ApiProblem(500, 'Broken', 'The disk is full.') }));
    expect(container.textContent).toMatch(failed ?? /The disk is full\./);
  });

  it('empty', () => {
    const { container } = show(node({ ...none, data: empty[0] }));
    expect(container.textContent).toMatch(empty[1]);
  });

  it('stale', () => {
    const { container } = show(node({ ...none, data, stale: true }));
    expect(container.textContent).toMatch(ready);
    expect(container.textContent).toMatch(old ?? /Not up to date/);
  });

  it('ready', () => {
    const { container } = show(node({ ...none, data }));
    expect(container.textContent).toMatch(ready);
    expect(container.textContent).not.toMatch(/Not up to date|Could not load/);
  });
});

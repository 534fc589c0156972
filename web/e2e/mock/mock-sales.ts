/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '../../src/lib/api/client.ts';

/* Receipts of the mock store, plainly made up, and the sums over them. The same every time. */

type Answer = { status: number; body?: unknown };
type Receipt = Schemas['Transaction'];
type Kind = Schemas['TransactionKind'];
type Sum = Omit<Schemas['LaneSales'], 'lane_id'>;

const HOUR = 3_600_000;
const DAYS = 36;
const EVERY_MS = 17 * 60_000;

const SHELF = [
  ['4001', 'Pasta', 'Dry goods', 199],
  ['4002', 'Tomato sauce', 'Dry goods', 249],
  ['7310', 'Parmesan', 'Dairy', 599],
  ['7120', 'Milk', 'Dairy', 119],
  ['2200', 'Coffee', 'Drinks', 899],
  ['2300', 'Orange juice', 'Drinks', 279],
  ['1500', 'Rolls', 'Bakery', 45],
  ['9001', 'Carrier bag', null, 20],
] as const;
/* What lies in the baskets, one after the other. */
const BASKETS = [[0, 1, 2], [0, 1], [3, 6], [4, 3], [5, 6, 3], [0, 1, 2, 7], [2], [4, 6]] as const;
const TILLS = ['POS-1', 'POS-2', 'POS-1', 'POS-9', 'POS-2', 'POS-1'] as const;

export class MockSales {
  /** Null = no point of sale has told of anything. */
  currency: string | null = 'EUR';
  terminals: Schemas['Terminal'][] = [
    { id: 'POS-1', name: 'Till 1', lane_id: 'lane-1', last_receipt_ts: null },
    { id: 'POS-2', name: 'Till 2', lane_id: 'lane-2', last_receipt_ts: null },
    { id: 'POS-9', name: '', lane_id: null, last_receipt_ts: null },
  ];
  receipts: Receipt[];

  /** The mock's present: that of the clock, or of a test. */
  private readonly now: () => number;

  constructor(at?: number) {
    this.now = () => at ?? Date.now();
    const now = this.now();
    const count = Math.floor((DAYS * 24 * HOUR) / EVERY_MS);
    this.receipts = Array.from({ length: count }, (_, i) => receiptOf(count - i, now - (i + 0.2) * EVERY_MS));
    for (const terminal of this.terminals)
      terminal.last_receipt_ts = this.receipts.find((r) => r.terminal_id === terminal.id)?.ts ?? null;
  }

  /** No point of sale has ever told of anything. */
  disconnect(): void {
    this.currency = null;
    this.receipts = [];
    this.terminals = [];
  }

  answer(method: string, what: string, query: URLSearchParams, body: Record<string, unknown>): Answer | null {
    if (what === 'kpis/sales') return { status: 200, body: this.compared(query) };
    if (what === 'kpis/funnel') return { status: 200, body: this.funnel(query) };
    if (what === 'kpis/baskets') return { status: 200, body: this.baskets(query) };
    if (what === 'transactions') return { status: 200, body: this.page(query) };
    if (what !== 'terminals') return null;
    if (method === 'PUT') return this.map(body as Schemas['TerminalMap']);
    return { status: 200, body: { terminals: this.terminals } satisfies Schemas['TerminalList'] };
  }

  private map({ terminals }: Schemas['TerminalMap']): Answer {
    for (const { id, name = '', lane_id } of terminals) {
      const found = this.terminals.find((terminal) => terminal.id === id);
      if (found?.lane_id === null)
        for (const receipt of this.receipts) if (receipt.terminal_id === id) receipt.lane_id = lane_id;
      if (found) Object.assign(found, { name, lane_id });
      else this.terminals.push({ id, name, lane_id, last_receipt_ts: null });
    }
    return { status: 204 };
  }

  private within(query: URLSearchParams): Receipt[] {
    const from = query.get('from') ?? '';
    const to = query.get('to') ?? '9';
    return this.receipts.filter(({ ts }) => ts >= from && ts < to);
  }

  private page(query: URLSearchParams): Schemas['TransactionPage'] {
    const is = (key: string, value: string) => !query.get(key) || query.get(key) === value;
    const found = this.within(query).filter(
      (r) =>
        is('terminal', r.terminal_id) &&
        is('kind', r.kind) &&
        is('receipt', r.receipt) &&
        is('linked', String(r.linked)) &&
        (!query.get('sku') || r.items.some(({ sku }) => sku === query.get('sku'))),
    );
    const at = Number(query.get('cursor') ?? 0);
    const end = at + Number(query.get('limit') ?? 100);
    return { transactions: found.slice(at, end), next_cursor: end < found.length ? String(end) : null };
  }

  private funnel(query: URLSearchParams): Schemas['Funnel'] {
    const { from, to, totals } = this.kpis(query);
    const bought = totals.transactions.value;
    const entered = bought === null ? null : bought * 2.5;
    const unknown = { value: null, share: null, same_people: false, note: 'n/a', figure: null };
    const meaning = (unit: string, definition: string) => ({
      ...{ unit, denominator: null, definition, definition_version: 1 },
    });
    return {
      ...{ from, to, time_zone: 'UTC', coverage: 0.99, provisional: true, link_rate: totals.link_rate },
      steps: [
        {
          ...{ step: 'entered', value: entered, share: entered && 1, same_people: true, note: 'footfall' },
          figure: meaning('people', 'traffic in without re-entries'),
        },
        { step: 'engaged', ...unknown },
        { step: 'in_cart', ...unknown },
        {
          ...{ step: 'purchased', value: bought, share: entered && 0.4, same_people: false, note: 'transactions' },
          figure: meaning('transactions', 'sales; refunds, voids and no-sales are no transactions'),
        },
      ],
    };
  }

  private compared(query: URLSearchParams): Schemas['SalesKpis'] {
    const sales = this.kpis(query);
    if (!query.get('compare')) return sales;
    const [from, to] = [Date.parse(sales.from), Date.parse(sales.to)];
    const weeks = Math.ceil((to - from) / (7 * 24 * HOUR));
    const until = Math.min(to, Math.floor(this.now() / (HOUR / 12)) * (HOUR / 12));
    if (until <= from) return { ...sales, comparison: null };
    const part = (start: number, end: number) =>
      this.kpis(new URLSearchParams({ from: time(start), to: time(end), step: sales.step }));
    const back = weeks * 7 * 24 * HOUR;
    const then = part(from - back, until - back);
    const now = part(from, until);
    const figures = Object.keys(now.totals) as (keyof Schemas['SalesTotals'])[];
    const changes = figures.map((id) => [id, change(now.totals[id].value, then.totals[id].value)] as const);
    return {
      ...sales,
      comparison: {
        ...{ weeks, until: time(until), from: then.from, to: then.to },
        ...{ totals: then.totals, changes: Object.fromEntries(changes), buckets: then.buckets },
      },
    };
  }

  private kpis(query: URLSearchParams): Schemas['SalesKpis'] {
    const from = Date.parse(query.get('from') ?? '') || startOfDay();
    const to = Date.parse(query.get('to') ?? '') || from + 24 * HOUR;
    const step = (query.get('step') ?? 'hour') as Schemas['SalesKpis']['step'];
    const width = step === 'day' ? 24 * HOUR : HOUR;
    const all = this.within(query);
    const rows = <K extends string | null>(keyOf: (r: Receipt) => K) =>
      [...new Set(all.map(keyOf))].sort(nullLast).map((key) => ({
        key,
        sum: sumOf(
          all.filter((r) => keyOf(r) === key),
          true,
        ),
      }));
    return {
      ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString(), step, time_zone: 'UTC' },
      ...{ currency: this.currency, minor_digits: 2, totals: totalsOf(all, to > Date.now()) },
      buckets: Array.from({ length: Math.ceil((to - from) / width) }, (_, i) => bucketOf(all, from + i * width, width)),
      terminals: rows((r) => r.terminal_id).map(({ key, sum }) => {
        const { name = '', lane_id = null } = this.terminals.find(({ id }) => id === key) ?? {};
        return { terminal_id: key, name, lane_id, ...sum };
      }),
      lanes: rows((r) => r.lane_id).map(({ key, sum }) => ({ lane_id: key, ...sum })),
      categories: categoriesOf(all),
      unmapped_receipts: all.filter(({ lane_id }) => lane_id === null).length,
    };
  }

  private baskets(query: URLSearchParams): Schemas['BasketKpis'] {
    const sales = this.within(query).filter(({ kind }) => kind === 'sale');
    const known = sales.length > 0;
    const rules = known ? RULES.map((rule) => ruleOf(rule, sales.length)) : [];
    const skus = query.getAll('sku');
    const hint = rules.find((r) => r.if.every(({ sku }) => skus.includes(sku)) && !skus.includes(r.then.sku));
    const pieces = sales.reduce((sum, r) => sum + (r.items_count ?? 0), 0);
    const amount = sales.reduce((sum, r) => sum + r.amount_minor, 0);
    const meaning = (denominator: string, definition: string): Schemas['FigureMeaning'] => ({
      ...{ unit: 'ratio', denominator, definition, definition_version: 1 },
    });
    return {
      ...{ from: query.get('from') ?? '', to: query.get('to') ?? '', time_zone: 'UTC' },
      ...{ currency: this.currency, minor_digits: 2, baskets: known ? sales.length : null, cut: false },
      items_per_basket: figure(known ? pieces / sales.length : null, 'pieces', 'pieces / baskets'),
      basket_value_minor: figure(known ? amount / sales.length : null, 'minor units', 'amounts / baskets'),
      figures: {
        support: meaning('baskets', 'baskets that hold all products of the rule / baskets'),
        confidence: meaning('baskets with the condition', 'baskets with all / baskets with the condition'),
        lift: meaning('share of baskets with what follows', 'confidence / share of baskets with what follows'),
      },
      ...{ rules_found: rules.length, rules, hint: hint ?? null },
    };
  }
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}

function change(now: number | null, before: number | null): number | null {
  return now === null || !before ? null : (now - before) / before;
}

/** As the server sorts lanes and terminals. */
function nullLast(a: string | null, b: string | null): number {
  return Number(a === null) - Number(b === null) || String(a).localeCompare(String(b));
}

/** If these lie in a basket, then that: with support, confidence and lift of the baskets above. */
const RULES: readonly [readonly number[], number, number, number, number][] = [
  [[0, 2], 1, 0.25, 1, 2.67],
  [[1, 2], 0, 0.25, 1, 2.67],
  [[0], 1, 0.375, 1, 2.67],
  [[1], 0, 0.375, 1, 2.67],
  [[0, 1], 2, 0.25, 0.667, 1.78],
  [[3], 6, 0.25, 0.667, 1.78],
  [[6], 3, 0.25, 0.667, 1.78],
  [[5], 6, 0.125, 1, 2.67],
];

function ruleOf(
  [condition, then, support, confidence, lift]: (typeof RULES)[number],
  of: number,
): Schemas['BasketRule'] {
  const product = (i: number) => ({ sku: SHELF[i]![0], name: SHELF[i]![1] });
  const baskets = Math.max(2, Math.round(support * of));
  return { if: condition.map(product), then: product(then), baskets, support, confidence, lift };
}

function receiptOf(n: number, at: number): Receipt {
  const kind: Kind = n % 41 === 0 ? 'refund' : n % 67 === 0 ? 'void' : n % 29 === 0 ? 'no-sale' : 'sale';
  const ts = new Date(at).toISOString();
  const terminal_id = TILLS[n % TILLS.length]!;
  const items = kind === 'no-sale' ? [] : BASKETS[n % BASKETS.length]!.map((place, i) => itemOf(place, n + i));
  return {
    ...{ id: n, terminal_id, lane_id: terminal_id === 'POS-9' ? null : `lane-${terminal_id.slice(4)}` },
    ...{ receipt: String(10_000 + n), ts, kind, currency: 'EUR', items, source: 'api', received_at: ts },
    amount_minor: items.reduce((sum, item) => sum + item.amount_minor, 0),
    items_count: kind === 'no-sale' ? null : items.reduce((sum, item) => sum + item.quantity, 0),
    ...linkOf(n, at, kind === 'sale' && terminal_id !== 'POS-9'),
  };
}

/** Of every eleventh sale no service was seen. */
function linkOf(n: number, at: number, mapped: boolean): Pick<Receipt, 'linked' | 'service'> {
  if (!mapped) return { linked: null, service: null };
  if (n % 11 === 0) return { linked: at < Date.now() - 15 * 60_000 ? false : null, service: null };
  const time = (ms: number) => new Date(ms).toISOString();
  return { linked: true, service: { start: time(at - 70_000), end: time(at + 9000), camera_id: 'aisle' } };
}

function itemOf(place: number, n: number): Schemas['TransactionItem'] {
  const [sku, name, , unit_price_minor] = SHELF[place]!;
  const quantity = 1 + (n % 3);
  const discount_minor = n % 7 === 0 ? 10 : 0;
  return {
    sku,
    name,
    quantity,
    unit_price_minor,
    discount_minor,
    amount_minor: quantity * unit_price_minor - discount_minor,
  };
}

function sumOf(receipts: readonly Receipt[], known: boolean): Sum {
  const of = (kind: Kind) => receipts.filter((r) => r.kind === kind);
  const amount = (list: readonly Receipt[]) => list.reduce((sum, r) => sum + r.amount_minor, 0);
  const sales = of('sale');
  const revenue = amount(sales) - amount(of('refund'));
  const pieces = sales.reduce((sum, r) => sum + (r.items_count ?? 0), 0);
  const or = <T>(value: T) => (known ? value : null);
  return {
    revenue_minor: or(revenue),
    transactions: or(sales.length),
    average_value_minor: sales.length > 0 ? revenue / sales.length : null,
    units_per_transaction: sales.length > 0 ? pieces / sales.length : null,
    refunds: or(of('refund').length),
    refunds_minor: or(amount(of('refund'))),
    voids: or(of('void').length),
    no_sales: or(of('no-sale').length),
    link_rate: sales.length > 0 ? sales.filter(({ linked }) => linked).length / sales.length : null,
  };
}

function bucketOf(all: readonly Receipt[], start: number, width: number): Schemas['SalesBucket'] {
  const from = new Date(start).toISOString();
  const end = new Date(start + width).toISOString();
  const receipts = all.filter(({ ts }) => ts >= from && ts < end);
  const sum = sumOf(receipts, receipts.length > 0);
  const footfall = (sum.transactions ?? 0) * 2.5;
  return {
    ...{ start: from, end, ...sum, coverage: footfall > 0 ? 1 : null },
    conversion_rate: footfall > 0 ? 0.4 : null,
    group_conversion: footfall > 0 ? 0.5 : null,
    sales_per_visitor_minor: footfall > 0 && sum.revenue_minor !== null ? sum.revenue_minor / footfall : null,
    provisional: start <= Date.now() && start + width > Date.now() - 15 * 60_000,
  };
}

function categoriesOf(all: readonly Receipt[]): Schemas['CategorySales'][] {
  const rows = new Map<string | null, Schemas['CategorySales']>();
  for (const { kind, items } of all)
    for (const item of kind === 'sale' || kind === 'refund' ? items : []) {
      const category = SHELF.find(([sku]) => sku === item.sku)?.[2] ?? null;
      const row = rows.get(category) ?? { category, revenue_minor: 0, refunds_minor: 0, items: 0 };
      rows.set(category, row);
      row.revenue_minor += kind === 'sale' ? item.amount_minor : -item.amount_minor;
      if (kind === 'refund') row.refunds_minor += item.amount_minor;
      else row.items += item.quantity;
    }
  return [...rows.values()].sort((a, b) => b.revenue_minor - a.revenue_minor);
}

function totalsOf(all: readonly Receipt[], provisional: boolean): Schemas['SalesTotals'] {
  const sum = sumOf(all, all.length > 0);
  const footfall = (sum.transactions ?? 0) * 2.5;
  const own = (value: number | null, unit: string, definition: string) => ({
    ...figure(value, unit, definition),
    provisional,
  });
  const by = (value: number | null, unit: string, definition: string) => ({
    ...own(value, unit, definition),
    denominator: 'footfall',
    coverage: footfall > 0 ? 0.99 : null,
  });
  return {
    revenue_minor: own(sum.revenue_minor, 'minor units', 'amounts of sales less refunds'),
    transactions: own(sum.transactions, 'transactions', 'sales; refunds, voids and no-sales are no transactions'),
    average_value_minor: own(sum.average_value_minor, 'minor units', 'revenue / transactions'),
    units_per_transaction: own(sum.units_per_transaction, 'pieces', 'pieces sold / transactions'),
    conversion_rate: by(footfall > 0 ? 0.4 : null, 'ratio', 'transactions / footfall'),
    sales_per_visitor_minor: by(
      footfall > 0 && sum.revenue_minor !== null ? sum.revenue_minor / footfall : null,
      'minor units',
      'revenue / footfall',
    ),
    group_conversion: {
      ...by(footfall > 0 ? 0.5 : null, 'ratio', 'transactions / groups that came in'),
      denominator: 'groups',
    },
    refunds: own(sum.refunds, 'receipts', 'refunds'),
    refunds_minor: own(sum.refunds_minor, 'minor units', 'what refunds gave back'),
    voids: own(sum.voids, 'receipts', 'receipts that were cancelled'),
    no_sales: own(sum.no_sales, 'receipts', 'drawer opened without a sale'),
    link_rate: own(sum.link_rate, 'ratio', 'transactions whose service at the till is known / transactions'),
  };
}

function figure(value: number | null, unit: string, definition: string): Schemas['Figure'] {
  return { value, unit, denominator: null, definition, definition_version: 1, coverage: null, provisional: true };
}

function startOfDay(): number {
  return Date.parse(`${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`);
}

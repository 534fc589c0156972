/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '../../src/lib/api/client.ts';

/** 100 visits through three zones; the same whenever asked. */
export function journeysOf(query: URLSearchParams): Schemas['Journeys'] {
  const figure = (value: number | null, unit: string, definition: string): Schemas['Figure'] => ({
    ...{ value, unit, denominator: 'closed visits', definition, definition_version: 1, coverage: 0.99 },
    provisional: true,
  });
  const link = (depth: number, from: number | null, to: number | null, visits: number) => ({ depth, from, to, visits });
  const path = (steps: number[], visits: number) => ({ steps, visits, share: visits / 100, mean_s: 120 + visits });
  return {
    ...{ from: query.get('from') ?? '', to: query.get('to') ?? '', time_zone: 'UTC', known_share: 0.9, open: 4 },
    figures: {
      closed_visits: figure(100, 'visits', 'visits that are over'),
      zones_visited: figure(1.3, 'zones', 'different zones of a visit'),
      backtracking_rate: figure(0.1, 'ratio', 'steps back to a zone that was visited before'),
      express_share: figure(0.2, 'ratio', 'short visits that bought'),
      browser_share: figure(0.3, 'ratio', 'long visits without a checkout'),
      visit_conversion: figure(0.4, 'ratio', 'visits with a linked transaction / closed visits'),
      visit_link_rate: figure(0.8, 'ratio', 'visits with a linked transaction / visits with a checkout'),
      cart_abandonment: figure(null, 'ratio', 'carts left / carts'),
    },
    zones: ['Coffee', 'Snacks', 'Tills'].map((name, i) => ({ id: `z${i}`, name, kind: i === 2 ? 'checkout' : 'dwell' })),
    links: [
      ...[link(0, null, 0, 60), link(0, null, 1, 30), link(0, null, null, 10)],
      ...[link(1, 0, 2, 40), link(1, 0, null, 20), link(1, 1, null, 30), link(2, 2, null, 40)],
    ],
    paths: [path([0, 2], 40), path([1], 30), path([0], 20), path([], 10)],
    hours: Array.from({ length: 24 }, (_, hour) => {
      const open = hour >= 8 && hour < 18;
      return {
        ...{ hour, visits: open ? 10 : 0, conversion: open ? 0.4 : null, link_rate: open ? 0.8 : null },
        mean_s: open ? 150 : null,
      };
    }),
    different_paths: 4,
  };
}

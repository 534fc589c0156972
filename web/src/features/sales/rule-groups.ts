/* SPDX-License-Identifier: Apache-2.0 */
import type { Rule } from './sales-queries.ts';

/* A pair is served as two rules and a triple as up to three, with one count: people read them as
 * one thing that is bought together. Pure. */

/** One rule for each set of products, the one that is surest; in the order of their lift. */
export function oneForEachSet(rules: readonly Rule[]): Rule[] {
  const best = new Map<string, Rule>();
  for (const rule of rules) {
    const key = JSON.stringify([...rule.if, rule.then].map(({ sku }) => sku).sort());
    const before = best.get(key);
    if (!before || rule.confidence > before.confidence) best.set(key, rule);
  }
  return [...best.values()].sort((a, b) => b.lift - a.lift || b.baskets - a.baskets);
}

export type Size = 'all' | 'pairs' | 'triples';

export function ofSize(rules: readonly Rule[], size: Size): Rule[] {
  return rules.filter((rule) => size === 'all' || (rule.if.length === 1) === (size === 'pairs'));
}

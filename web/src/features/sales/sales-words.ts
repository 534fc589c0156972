/* SPDX-License-Identifier: Apache-2.0 */
import type { Tone } from '@/components/badge.tsx';
import type { IconName } from '@/components/icon.tsx';
import { formatCount, formatDecimal, formatShare } from '@/lib/format/number.ts';
import { formatClock } from '@/lib/format/time.ts';
import type { Product, Receipt, ReceiptKind, Rule, Sales } from './sales-queries.ts';

/* How sales are called on the screen. */

export const CONNECT_TEXT =
  'InvEye learns of sales from receipts: the point of sale sends them, or they are read from CSV files.';

/** A point of sale has told of something once: the first receipt names the currency. */
export function isConnected({ currency }: { currency: string | null }): boolean {
  return currency !== null;
}

/** No point of sale told of the period; that is not the same as nothing sold. */
export function isUntold({ totals }: Sales): boolean {
  return totals.revenue_minor.value === null;
}

type KindWords = { label: string; icon: IconName; tone: Tone };

export const KINDS: Record<ReceiptKind, KindWords> = {
  sale: { label: 'Sale', icon: 'receipt', tone: 'primary' },
  refund: { label: 'Refund', icon: 'undo', tone: 'warning' },
  void: { label: 'Void', icon: 'close', tone: 'danger' },
  'no-sale': { label: 'No sale', icon: 'key', tone: 'neutral' },
};

export function isKind(text: string): text is ReceiptKind {
  return text in KINDS;
}

/** What the till calls itself, and what the API calls it. */
export function terminalLabel({ id, name }: { id: string; name: string }): string {
  return name === '' || name === id ? id : `${name} (${id})`;
}

/** Gives a lane its name; an id that is not known (any more) is shown itself. */
export type LaneName = (lane: string) => string;

export function laneLabel(lane: string | null, nameOf: LaneName): string {
  return lane === null ? 'No lane' : nameOf(lane);
}

export function productLabel({ sku, name }: Product): string {
  return name ?? sku;
}

const list = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** "Pasta, Cheese and Milk". */
export function productsLabel(products: readonly Product[]): string {
  return list.format(products.map(productLabel));
}

/** "Of those who buy Pasta, 60% also buy Tomato sauce: 3.1 times as many as of all." */
export function ruleWords({ if: condition, then, confidence, lift }: Rule): string {
  const share = `Of those who buy ${productsLabel(condition)}, ${formatShare(confidence)} also buy ${productLabel(then)}`;
  if (lift >= 1.05) return `${share}: ${formatDecimal(lift)} times as many as of all.`;
  return lift <= 0.95 ? `${share}: fewer than of all.` : `${share}: about as many as of all.`;
}

/** So many baskets hold a rule at least, or it may well be chance. */
const SURE_BASKETS = 10;

/** "Offer Tomato sauce: 48% of those who buy Pasta also buy it (61 baskets), 3.1 times as many as of all." */
export function offerWords({ if: condition, then, confidence, lift, baskets }: Rule): string {
  const rests = baskets < SURE_BASKETS ? `only ${formatCount(baskets)} baskets, so it may be chance` : `${formatCount(baskets)} baskets`;
  const times = lift >= 1.05 ? `, ${formatDecimal(lift)} times as many as of all` : '';
  return `Offer ${productLabel(then)}: ${formatShare(confidence)} of those who buy ${productsLabel(condition)} also buy it (${rests})${times}.`;
}

/** "12 pieces", "1 piece"; n/a where the till did not tell. */
export function piecesWords(pieces: number | null): string {
  return pieces === null ? 'pieces not told' : `${formatCount(pieces)} ${pieces === 1 ? 'piece' : 'pieces'}`;
}

/** Whether somebody was seen being served when the receipt was made; why that can't be told. */
export function linkWords({ kind, lane_id, linked, service }: Receipt, zone: string): string {
  if (service) return `served from ${formatClock(service.start, zone)} to ${formatClock(service.end, zone)}`;
  if (linked === false) return 'no: nobody was seen being served then';
  if (kind !== 'sale') return 'n/a: only sales are looked for';
  return lane_id === null ? 'n/a: the terminal stands at no lane' : 'n/a: the lane was not watched, or it is too new';
}

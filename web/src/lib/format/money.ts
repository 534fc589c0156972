/* SPDX-License-Identifier: Apache-2.0 */
import { known, NOT_KNOWN } from './number.ts';

/* Money comes as whole minor units (cents) of the store's one currency, with the digits that the
 * minor unit has: 2 for EUR, 0 for JPY, 3 for KWD. */

/** As the API serves it; null = no point of sale has named one yet. */
export type Money = { currency: string | null; minor_digits: number };

const cache = new Map<string, Intl.NumberFormat>();

function formatter(currency: string, digits: number, compact = false): Intl.NumberFormat {
  const id = `${currency}|${digits}|${compact}`;
  let found = cache.get(id);
  if (!found) {
    found = new Intl.NumberFormat('en-GB', {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      ...(compact ? { notation: 'compact' } : {}),
    });
    cache.set(id, found);
  }
  return found;
}

/** To the last minor unit. */
export function formatMoney(minor: number | null | undefined, { currency, minor_digits }: Money): string {
  if (!known(minor) || currency === null) return NOT_KNOWN;
  return formatter(currency, minor_digits).format(minor / 10 ** minor_digits);
}

/** For cards: from a thousand on without minor units, from a million on "€1.23m". */
export function formatMoneyShort(minor: number | null | undefined, money: Money): string {
  const { currency, minor_digits } = money;
  if (!known(minor) || currency === null) return NOT_KNOWN;
  const major = minor / 10 ** minor_digits;
  if (Math.abs(major) >= 1e6) return formatter(currency, 2, true).format(major);
  return Math.abs(major) >= 1000 ? formatter(currency, 0).format(major) : formatMoney(minor, money);
}

/** For axes: whole amounts without minor units, all others short. */
export function formatMoneyTick(minor: number, money: Money): string {
  const major = minor / 10 ** money.minor_digits;
  if (money.currency === null || !Number.isInteger(major) || Math.abs(major) >= 1000)
    return formatMoneyShort(minor, money);
  return formatter(money.currency, 0).format(major);
}

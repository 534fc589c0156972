/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { formatMoney, formatMoneyShort, formatMoneyTick } from './money.ts';

const EUR = { currency: 'EUR', minor_digits: 2 };

describe('money', () => {
  it('says n/a for what is not known, and never 0', () => {
    for (const value of [null, undefined, NaN]) {
      expect(formatMoney(value, EUR)).toBe('n/a');
      expect(formatMoneyShort(value, EUR)).toBe('n/a');
    }
    expect(formatMoney(100, { currency: null, minor_digits: 2 })).toBe('n/a');
    expect(formatMoney(0, EUR)).toBe('€0.00');
  });

  it('goes by the digits of the minor unit that are served', () => {
    expect(formatMoney(123456, EUR)).toBe('€1,234.56');
    expect(formatMoney(-1299, EUR)).toBe('-€12.99');
    expect(formatMoney(271.774, EUR)).toBe('€2.72');
    expect(formatMoney(1500, { currency: 'JPY', minor_digits: 0 })).toBe('¥1,500');
    expect(formatMoney(1234, { currency: 'KWD', minor_digits: 3 })).toBe('KWD 1.234'.replace(' ', '\u00a0'));
  });

  it('leaves cents out of large amounts on cards', () => {
    expect(formatMoneyShort(99_999, EUR)).toBe('€999.99');
    expect(formatMoneyShort(1_234_567, EUR)).toBe('€12,346');
    expect(formatMoneyShort(-1_234_567, EUR)).toBe('-€12,346');
    expect(formatMoneyShort(123_456_789, EUR)).toBe('€1.23m');
  });

  it('leaves cents out of whole amounts on axes', () => {
    expect([0, 2000, 250, 250_000].map((minor) => formatMoneyTick(minor, EUR))).toEqual([
      '€0',
      '€20',
      '€2.50',
      '€2,500',
    ]);
    expect(formatMoneyTick(500, { currency: 'JPY', minor_digits: 0 })).toBe('¥500');
  });
});

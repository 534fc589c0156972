/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { changeBy, formatBitrate, formatBytes, formatCount, formatDuration, formatShare } from './number.ts';
import { addDays, dayStart, formatAgo, formatClock, isoDay } from './time.ts';

describe('figures', () => {
  it('says n/a for what is not known, and never 0', () => {
    for (const value of [null, undefined, NaN]) {
      expect(formatCount(value)).toBe('n/a');
      expect(formatShare(value)).toBe('n/a');
      expect(formatDuration(value)).toBe('n/a');
      expect(formatBitrate(value)).toBe('n/a');
    }
    expect(formatCount(0)).toBe('0');
  });

  it('never rounds an almost whole share up, nor a tiny one down', () => {
    expect(formatShare(0.999)).toBe('99%');
    expect(formatShare(1)).toBe('100%');
    expect(formatShare(0.001)).toBe('1%');
    expect(formatShare(0)).toBe('0%');
  });

  it('writes durations as people say them', () => {
    expect(formatDuration(0)).toBe('0 s');
    expect(formatDuration(3.24)).toBe('3.2 s');
    expect(formatDuration(8)).toBe('8.0 s');
    expect(formatDuration(9.96)).toBe('10 s');
    expect(formatDuration(59.6)).toBe('1 min');
    expect(formatDuration(80)).toBe('1 min 20 s');
    expect(formatDuration(7500)).toBe('2 h 5 min');
    expect(formatDuration(7199)).toBe('2 h');
  });

  it('writes bytes as disks count them', () => {
    const written = [0, 999, 1000, 1_540_000, 216e9, 3.2e12].map(formatBytes);
    expect(written).toEqual(['0 B', '999 B', '1.0 KB', '1.5 MB', '216 GB', '3.2 TB']);
    expect(formatBytes(null)).toBe('n/a');
  });

  it('says which way a figure went', () => {
    expect(changeBy(0.2)).toEqual({ direction: 'up', share: 0.2 });
    expect(changeBy(0.001).direction).toBe('flat');
    expect(changeBy(-0.5).direction).toBe('down');
  });
});

describe('store time', () => {
  it('reads instants in the zone of the store', () => {
    expect(formatClock('2024-11-24T18:30:05Z', 'Asia/Kolkata')).toBe('00:00:05');
    expect(isoDay('2024-11-24T18:30:05Z', 'Asia/Kolkata')).toBe('2024-11-25');
    expect(isoDay('2024-11-24T18:29:59Z', 'Asia/Kolkata')).toBe('2024-11-24');
  });

  it('finds the start of a day, also where the clocks change', () => {
    expect(dayStart('2024-11-24', 'UTC').toISOString()).toBe('2024-11-24T00:00:00.000Z');
    expect(dayStart('2024-11-24', 'Asia/Kathmandu').toISOString()).toBe('2024-11-23T18:15:00.000Z');
    expect(dayStart('2024-03-31', 'Europe/Berlin').toISOString()).toBe('2024-03-30T23:00:00.000Z');
    expect(dayStart('2024-04-01', 'Europe/Berlin').toISOString()).toBe('2024-03-31T22:00:00.000Z');
    expect(dayStart('2024-10-28', 'Europe/Berlin').toISOString()).toBe('2024-10-27T23:00:00.000Z');
  });

  it('counts days over the ends of months', () => {
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
    expect(addDays('2024-01-01', -1)).toBe('2023-12-31');
  });

  it('says how long ago', () => {
    expect(formatAgo(1000, 1500)).toBe('just now');
    expect(formatAgo(0, 42_000)).toBe('42 s ago');
    expect(formatAgo(0, 3_700_000)).toBe('1 h ago');
  });
});

/* SPDX-License-Identifier: Apache-2.0 */
/* Times come as RFC 3339 in UTC; people read them in the store's own time. */

type Zone = string | undefined;

const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: Zone, key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${zone ?? ''}|${key}`;
  let found = cache.get(id);
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', { ...options, ...(zone ? { timeZone: zone } : {}) });
    cache.set(id, found);
  }
  return found;
}

export function formatClock(when: string | number | Date, zone: Zone): string {
  return formatter(zone, 'hms', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(when));
}

export function formatHour(when: string | number | Date, zone: Zone): string {
  return formatter(zone, 'hm', { hour: '2-digit', minute: '2-digit' }).format(new Date(when));
}

export function formatDay(when: string | number | Date, zone: Zone): string {
  return formatter(zone, 'day', { weekday: 'short', day: 'numeric', month: 'short' }).format(new Date(when));
}

export function formatLongDay(when: string | number | Date, zone: Zone): string {
  return formatter(zone, 'long', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(
    new Date(when),
  );
}

export function formatDateTime(when: string | number | Date, zone: Zone): string {
  return formatter(zone, 'dt', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(new Date(when));
}

/** 2024-11-24 in the store's time. */
export function isoDay(when: string | number | Date, zone: Zone): string {
  const parts = formatter(zone, 'iso', { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(
    new Date(when),
  );
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** The instant at which a store's day begins (its local midnight, DST included). */
export function dayStart(day: string, zone: Zone): Date {
  const guess = Date.parse(`${day}T00:00:00Z`);
  let at = guess - offsetMs(guess, zone);
  at = guess - offsetMs(at, zone); // once more, for days on which the offset changes
  return new Date(at);
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}

/** Whole days from one date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** "just now", "12 s ago", "5 min ago", "3 h ago". */
export function formatAgo(then: number, now: number): string {
  const s = Math.max(0, Math.round((now - then) / 1000));
  if (s < 2) return 'just now';
  if (s < 60) return `${s} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ago`;
  return `${Math.floor(s / 86_400)} d ago`;
}

function offsetMs(at: number, zone: Zone): number {
  const parts = formatter(zone, 'offset', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(at));
  const n = (type: string) => Number(parts.find((p) => p.type === type)?.value);
  const asUtc = Date.UTC(n('year'), n('month') - 1, n('day'), n('hour'), n('minute'), n('second'));
  return asUtc - Math.floor(at / 1000) * 1000;
}

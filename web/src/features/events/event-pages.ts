/* SPDX-License-Identifier: Apache-2.0 */
import type { Event } from './event-words.ts';

/* The cached pages of events, and what a pushed event does to them. Pure. */

export type EventPage = { events: Event[]; next_cursor?: string | null };
export type EventPages = { pages: EventPage[]; pageParams: (string | null)[] };

/** A page left open all day must not grow without end: from here on it is fetched anew, which gives
 * the newest page and a cursor that fits it. */
const FIRST_PAGE_MOST = 500;

export function hasGrown(pages: EventPages | undefined): boolean {
  return pages?.pages.length === 1 && (pages.pages[0]?.events.length ?? 0) > FIRST_PAGE_MOST;
}

/** Adds events on top, newest first, each id once. */
export function withNew(old: EventPages | undefined, added: readonly Event[]): EventPages | undefined {
  const first = old?.pages[0];
  if (!old || !first) return old;
  const known = new Set(old.pages.flatMap((page) => page.events.map((event) => event.id)));
  const fresh = added.filter(
    (event, i) => !known.has(event.id) && added.findIndex((other) => other.id === event.id) === i,
  );
  if (fresh.length === 0) return old;
  const events = [...fresh, ...first.events].sort(newestFirst);
  return { ...old, pages: [{ ...first, events }, ...old.pages.slice(1)] };
}

/** What topic store/{id}/events carries: one event, or several. */
export function readPushed(data: unknown): Event[] {
  if (typeof data !== 'object' || data === null) return [];
  const many = (data as { events?: unknown }).events;
  const list = Array.isArray(many) ? many : [data];
  return list.filter(isEvent);
}

function isEvent(value: unknown): value is Event {
  if (typeof value !== 'object' || value === null) return false;
  const event = value as Partial<Event>;
  return (
    typeof event.id === 'string' &&
    typeof event.kind === 'string' &&
    typeof event.ts === 'string' &&
    typeof event.attrs === 'object'
  );
}

function newestFirst(a: Event, b: Event): number {
  return Date.parse(b.ts) - Date.parse(a.ts);
}

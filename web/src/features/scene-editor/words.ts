/* SPDX-License-Identifier: Apache-2.0 */
import type { LanePart, LineKind, ZoneKind } from './draft.ts';

/* What the kinds are called, and what each one does, for people. */

export const ZONE_KIND_WORDS: Record<ZoneKind, { label: string; text: string }> = {
  general: { label: 'General', text: 'Visitors, dwell and occupancy.' },
  entrance: { label: 'Entrance', text: 'The floor inside the door.' },
  product: { label: 'Product', text: 'Shelves and displays of goods.' },
  promotion: { label: 'Promotion', text: 'A display or campaign area.' },
  checkout: { label: 'Checkout', text: 'In front of the tills.' },
  fitting: { label: 'Fitting rooms', text: 'Entrance of the fitting rooms.' },
  service: { label: 'Service', text: 'Counters where people are helped.' },
  'staff-only': { label: 'Staff only', text: 'Customers should not be here.' },
  corridor: { label: 'Corridor', text: 'People walk through; they seldom stay.' },
};

export const LINE_KIND_WORDS: Record<LineKind, { label: string; text: string }> = {
  entrance: { label: 'Entrance', text: 'Counts traffic in and out of the store, and footfall.' },
  'pass-by': { label: 'Pass-by', text: 'Outside: people who walk past the entrance.' },
  internal: { label: 'Internal', text: 'Counts crossings inside the store; not part of footfall.' },
};

export const LANE_PART_WORDS: Record<LanePart, { label: string; text: string; hint: string }> = {
  queue: {
    label: 'Queue',
    text: 'Where people wait.',
    hint: 'the floor on which people wait',
  },
  service: {
    label: 'Service',
    text: 'Where the customer stands who is served.',
    hint: 'the place where the customer stands who is served',
  },
  exit: {
    label: 'Exit',
    text: 'Who comes here has been served. May be left out.',
    hint: 'the way out: who comes there has been served',
  },
  staff: {
    label: 'Staff',
    text: 'Where the cashier stands; somebody there opens the lane. May be left out.',
    hint: 'the place where the cashier stands',
  },
  path: {
    label: 'Path',
    text: 'Middle of a line that bends, the head first. May be left out.',
    hint: 'the middle of the line, from its head to its end',
  },
};

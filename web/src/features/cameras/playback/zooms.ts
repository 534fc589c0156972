/* SPDX-License-Identifier: Apache-2.0 */

/** How much of the day a timeline shows, in hours. */
export const ZOOMS = [
  { value: '24', label: 'Day' },
  { value: '4', label: '4 h' },
  { value: '1', label: '1 h' },
  { value: '0.25', label: '15 min' },
] as const;
export type Zoom = (typeof ZOOMS)[number]['value'];

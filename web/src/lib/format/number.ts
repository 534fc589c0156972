/* SPDX-License-Identifier: Apache-2.0 */
/* One way to write each kind of figure. What is not known is "n/a", never 0. */

export const NOT_KNOWN = 'n/a';

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

type Known = number | null | undefined;

export function known(value: Known): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function formatCount(value: Known): string {
  return known(value) ? whole.format(value) : NOT_KNOWN;
}

export function formatDecimal(value: Known): string {
  return known(value) ? oneDecimal.format(value) : NOT_KNOWN;
}

/** A share 0..1 as a percentage; a share just short of all is never rounded up to all. */
export function formatShare(value: Known): string {
  if (!known(value)) return NOT_KNOWN;
  const percent = value * 100;
  const shown = value < 1 ? Math.min(99, Math.round(percent)) : Math.round(percent);
  return `${whole.format(value > 0 && shown === 0 ? 1 : shown)}%`;
}

/** Seconds as people say them: 8.0 s, 42 s, 1 min 20 s, 2 h 5 min. */
export function formatDuration(seconds: Known): string {
  if (!known(seconds)) return NOT_KNOWN;
  if (seconds !== 0 && seconds < 9.95) return `${oneDecimal.format(seconds)} s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return s % 60 === 0 ? `${s / 60} min` : `${Math.floor(s / 60)} min ${s % 60} s`;
  const minutes = Math.round(s / 60);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function formatBitrate(bitsPerSecond: Known): string {
  if (!known(bitsPerSecond)) return NOT_KNOWN;
  if (bitsPerSecond < 1e6) return `${whole.format(bitsPerSecond / 1e3)} kbit/s`;
  return `${oneDecimal.format(bitsPerSecond / 1e6)} Mbit/s`;
}

/** "1.5 GB", of 10^9 bytes as disks and bills count. */
export function formatBytes(bytes: Known): string {
  if (!known(bytes)) return NOT_KNOWN;
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let power = 0;
  let value = bytes;
  while (value >= 1000 && power < units.length - 1) {
    value /= 1000;
    power++;
  }
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

export type Change = { direction: 'up' | 'down' | 'flat'; share: number };

export function changeBy(share: number): Change {
  return { share, direction: Math.abs(share) < 0.005 ? 'flat' : share > 0 ? 'up' : 'down' };
}

/* SPDX-License-Identifier: Apache-2.0 */
import type { Tone } from '@/components/badge.tsx';
import { formatBytes, formatDuration } from '@/lib/format/number.ts';
import { formatClock, formatDateTime, isoDay } from '@/lib/format/time.ts';
import type { Span } from '../playback/timeline-scale.ts';
import type { Clip } from './clip-queries.ts';
import type { Content } from './clip-span.ts';

/* What is said of clips. */

export const CLIP_STATES: Record<Clip['state'], { tone: Tone; label: string }> = {
  waiting: { tone: 'neutral', label: 'Waiting' },
  working: { tone: 'primary', label: 'Being saved' },
  done: { tone: 'success', label: 'Ready' },
  failed: { tone: 'danger', label: 'Failed' },
  expired: { tone: 'neutral', label: 'Deleted' },
};

/** "24 Nov, 10:04:50 to 10:06:00"; the end with its day where that is another. */
export function spanWords({ from, to }: Span, zone: string): string {
  const end = isoDay(from, zone) === isoDay(to, zone) ? formatClock(to, zone) : formatDateTime(to, zone);
  return `${formatDateTime(from, zone)} to ${end}`;
}

/** What the file shows where that is not what was wished: it begins at a picture that stands alone. "" = as wished. */
export function shownWords({ from, to, start, end }: Clip, zone: string): string {
  if (start === null || end === null) return '';
  const off = Math.max(Math.abs(Date.parse(start) - Date.parse(from)), Math.abs(Date.parse(end) - Date.parse(to)));
  return off < 1000 ? '' : `The file shows ${spanWords({ from: Date.parse(start), to: Date.parse(end) }, zone)}.`;
}

const GAPS_TOLD = 3;

/** "Not recorded: 10:02:00 to 10:02:10 (10 s)." "" without gaps. */
export function gapWords(gaps: readonly Span[], zone: string): string {
  if (gaps.length === 0) return '';
  const length = ({ from, to }: Span) => (to - from) / 1000;
  const told = gaps
    .slice(0, GAPS_TOLD)
    .map((gap) => `${formatClock(gap.from, zone)} to ${formatClock(gap.to, zone)} (${formatDuration(length(gap))})`);
  const more = gaps.length - told.length;
  const all = formatDuration(gaps.reduce((sum, gap) => sum + length(gap), 0));
  return `Not recorded: ${told.join(', ')}${more > 0 ? `, and ${more} more; ${all} in all` : ''}.`;
}

/** How long it is, and about how large. `content`: of each camera, null where it is not known. */
export function sizeWords(span: Span, contents: readonly (Content | null)[]): string {
  const length = formatDuration((span.to - span.from) / 1000);
  if (contents.some((content) => content === null)) return length;
  const bytes = contents.reduce((sum, content) => sum + (content?.bytes ?? 0), 0);
  if (bytes === 0) return length;
  const several = contents.filter((content) => !content?.nothing).length > 1;
  return `${length}, about ${formatBytes(bytes)}${several ? ' together' : ''}`;
}

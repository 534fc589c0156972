/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { contentOf, faultOf, hoursOf, minuteAround, withEdge } from './clip-span.ts';

const at = (clock: string) => Date.parse(`2026-03-29T${clock}Z`);
const span = (from: string, to: string) => ({ from: at(from), to: at(to) });
const LATER = at('20:00:00');

describe('the span of a clip', () => {
  it('begins as the minute around the position, of what has been', () => {
    expect(minuteAround(at('10:00:00.400'), LATER)).toEqual(span('09:59:30', '10:00:30'));
    expect(minuteAround(at('10:00:00'), at('10:00:12.700'))).toEqual(span('09:59:12', '10:00:12'));
  });

  it('has edges that do not pass each other, nor the bounds', () => {
    const clip = span('10:00:00', '10:01:00');
    const day = span('09:00:00', '10:05:00.500');
    expect(withEdge(clip, 'from', at('09:59:59.600'), day)).toEqual(clip);
    expect(withEdge(clip, 'from', at('08:00:00'), day).from).toBe(day.from);
    expect(withEdge(clip, 'from', at('10:02:00'), day).from).toBe(at('10:00:59'));
    expect(withEdge(clip, 'to', at('09:30:00'), day).to).toBe(at('10:00:01'));
    expect(withEdge(clip, 'to', at('11:00:00'), day).to).toBe(at('10:05:00'));
  });

  it('says why it can be no clip', () => {
    expect(faultOf(span('10:00:00', '10:01:00'), LATER)).toBeNull();
    expect(faultOf(span('10:00:00', '10:00:00'), LATER)).toMatch(/after the beginning/);
    expect(faultOf(span('10:00:00', '20:00:01'), LATER)).toMatch(/not come yet/);
    expect(faultOf({ from: at('10:00:00') - 25 * 3_600_000 - 1000, to: at('10:00:00') }, LATER)).toMatch(/25 h/);
  });

  it('lies in whole hours', () => {
    expect(hoursOf(span('09:59:30', '10:00:30'))).toEqual(span('09:00:00', '11:00:00'));
    expect(hoursOf(span('10:00:00', '11:00:00'))).toEqual(span('10:00:00', '11:00:00'));
  });
});

describe('what is in it', () => {
  const file = (from: string, to: string, bytes: number) => ({ ...span(from, to), bytes });
  const files = [
    file('10:00:00', '10:01:00', 6_000_000),
    file('10:01:00.200', '10:02:00', 6_000_000),
    file('10:03:00', '10:04:00', 12_000_000),
  ];

  it('is a share of each file', () => {
    const content = contentOf(files, span('10:00:30', '10:01:00'), LATER);
    expect(content).toEqual({ nothing: false, bytes: 3_000_000, gaps: [] });
  });

  it('lacks what was not recorded, but no seam between files', () => {
    const content = contentOf(files, span('09:59:00', '10:03:30'), LATER);
    expect(content.gaps).toEqual([span('09:59:00', '10:00:00'), span('10:02:00', '10:03:00')]);
    expect(content.bytes).toBeCloseTo(18_000_000);
    expect(contentOf(files, span('10:03:30', '10:05:00'), LATER).gaps).toEqual([span('10:04:00', '10:05:00')]);
    expect(contentOf([], span('10:00:00', '10:01:00'), LATER)).toEqual({
      ...{ nothing: true, bytes: 0 },
      gaps: [span('10:00:00', '10:01:00')],
    });
  });

  it('does not call a gap what is only not told yet, and counts it as what came before', () => {
    const clip = span('10:03:30', '10:04:10');
    expect(contentOf(files, clip, at('10:04:15'))).toEqual({ nothing: false, bytes: 8_000_000, gaps: [] });
    expect(contentOf(files, clip, at('10:04:25')).gaps).toEqual([span('10:04:00', '10:04:05')]);
    expect(contentOf(files, clip, at('10:04:25')).bytes).toBe(6_000_000);
    expect(contentOf(files, span('10:04:01', '10:04:10'), at('10:04:15'))).toEqual({ nothing: false, bytes: 0, gaps: [] });
    /* Between two that are told, it is one, however new. */
    expect(contentOf(files, span('10:01:50', '10:04:00'), at('10:04:01')).gaps).toEqual([span('10:02:00', '10:03:00')]);
  });
});

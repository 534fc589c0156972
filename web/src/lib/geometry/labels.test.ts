/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { boxOf, type LabelWish, placeLabels } from './labels.ts';
import { pixelPoint } from './points.ts';

const FONT = 12;
const size = { w: 324, h: 250 };
const rectangle = (x: number, y: number, w: number, h: number) => [
  ...[pixelPoint(x, y), pixelPoint(x + w, y), pixelPoint(x + w, y + h), pixelPoint(x, y + h)],
];
const wish = (key: string, at: ReturnType<typeof rectangle>, rank = 1, text = key): LabelWish => ({
  ...{ key, text, points: at, rank },
});
const find = (wishes: LabelWish[], key: string) => placeLabels(wishes, size, FONT).find((l) => l.key === key);

/** A supermarket as a phone shows it: aisles a few pixels wide, zones in zones, tills in a row. */
function supermarket(scale: number): LabelWish[] {
  const s = (x: number, y: number, w: number, h: number) => rectangle(x * scale, y * scale, w * scale, h * scale);
  return [
    wish('floor', s(0, 0, 300, 200), 3),
    wish('pantry', s(60, 40, 160, 90), 3),
    ...Array.from({ length: 9 }, (_, i) => wish(`aisle-${i}`, s(60 + i * 17, 40, 12, 90))),
    ...Array.from({ length: 15 }, (_, i) => wish(`lane-${i}`, s(90 + i * 11, 160, 9, 9), 2)),
    wish('Bakery and patisserie', s(0, 60, 55, 40)),
    wish('Service desk', s(270, 150, 30, 20)),
  ];
}

describe('labels of shapes', () => {
  it.each([0.6, 1, 1.8, 4])('none covers another, at %s times the size', (scale) => {
    const all = { w: 300 * scale, h: 200 * scale };
    const boxes = placeLabels(supermarket(scale), all, FONT).map((label) => boxOf(label, FONT));
    expect(boxes.length).toBeGreaterThan(2);
    boxes.forEach((a, i) =>
      boxes.slice(i + 1).forEach((b) => {
        const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
        expect(apart).toBe(true);
      }),
    );
    for (const box of boxes) {
      expect(box.left).toBeGreaterThanOrEqual(0);
      expect(box.bottom).toBeLessThanOrEqual(all.h + 1e-9);
    }
  });

  it('stands just within the upper edge where there is room', () => {
    expect(find([wish('Dairy', rectangle(100, 50, 120, 60))], 'Dairy')).toMatchObject({ x: 160, turned: false });
    expect(find([wish('Dairy', rectangle(100, 50, 120, 60))], 'Dairy')!.y).toBeLessThan(70);
  });

  it('is turned in a narrow and tall shape, cut short in a small one, left out of a tiny one', () => {
    expect(find([wish('aisle-4', rectangle(50, 50, 16, 90))], 'aisle-4')).toMatchObject({ text: 'aisle-4', turned: true });
    const cut = find([wish('a', rectangle(50, 50, 50, 16), 1, 'Household goods')], 'a');
    expect(cut?.text).toMatch(/^Hou.*…$/);
    expect(find([wish('a', rectangle(50, 50, 8, 8), 1, 'Household goods')], 'a')).toBeUndefined();
  });

  it('goes elsewhere in its shape when its first place is taken', () => {
    const inner = wish('Dairy', rectangle(100, 0, 100, 40), 1);
    const outer = wish('Floor', rectangle(50, 0, 200, 120), 3);
    const label = find([outer, inner], 'Floor');
    expect(label?.text).toBe('Floor');
    expect(label!.y).toBeGreaterThan(40);
  });

  it('the shape that is worked on is always named in full', () => {
    const small = { ...wish('a', rectangle(50, 50, 8, 8), 3, 'Household goods'), must: true };
    expect(find([wish('b', rectangle(0, 0, 300, 200), 1, 'Floor'), small], 'a')?.text).toBe('Household goods');
  });
});

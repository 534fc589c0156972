/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { courseOf, nextStep, readPiece } from './mse-pieces.ts';

function piece(kind: number, flag: number, time: bigint, rest: number[], length = 0): ArrayBuffer {
  const data = new ArrayBuffer(16 + rest.length);
  const view = new DataView(data);
  view.setUint8(0, kind);
  view.setUint8(1, flag);
  view.setUint16(2, length);
  view.setBigInt64(8, time);
  new Uint8Array(data).set(rest, 16);
  return data;
}

describe('pieces of live MP4', () => {
  it('tell when a picture was taken', () => {
    expect(readPiece(piece(1, 1, 1_764_201_600_040_000n, [1, 2]))).toEqual({
      ...{ kind: 'picture', key: true, ts: 1_764_201_600_040, mp4: new Uint8Array([1, 2]) },
    });
  });
  it('begin with the codec', () => {
    const name = [...new TextEncoder().encode('avc1')];
    expect(readPiece(piece(0, 0, 5_000_000n, [...name, 9, 8], 4))).toEqual({
      ...{ kind: 'begin', codec: 'avc1', origin: 5000, mp4: new Uint8Array([9, 8]) },
    });
  });
  it('are left out where they are none', () => {
    expect(readPiece(new ArrayBuffer(16))).toBeNull();
    expect(readPiece(piece(0, 0, 0n, [1, 2], 40))).toBeNull();
    expect(readPiece(piece(7, 0, 0n, [1, 2]))).toBeNull();
  });
});

describe('where to play on', () => {
  const at = (behind: number, more: object = {}) =>
    courseOf({ now: 10, edge: 10 + behind, step: 0.067, buffered: true, rate: 1, ...more });
  it('is where it is while that is near the newest picture', () => {
    expect(at(0.2)).toEqual({ jumpTo: null, rate: 1 });
  });
  it('hurries a little when it falls behind, until it has caught up', () => {
    expect(at(0.5)).toEqual({ jumpTo: null, rate: 1.1 });
    expect(at(0.3, { rate: 1.1 })).toEqual({ jumpTo: null, rate: 1.1 });
    expect(at(0.2, { rate: 1.1 })).toEqual({ jumpTo: null, rate: 1 });
  });
  it('keeps farther away where pictures come seldom', () => {
    expect(at(0.5, { step: 0.4 })).toEqual({ jumpTo: null, rate: 1 });
  });
  it('jumps when it is far behind, in a gap, or before the beginning', () => {
    expect(at(2).jumpTo).toBeCloseTo(11.82);
    expect(at(0.3, { buffered: false }).jumpTo).toBeCloseTo(10.12);
    expect(at(-8).jumpTo).toBeCloseTo(1.82);
  });
  it('learns how far apart pictures are', () => {
    let step = 0.1;
    for (let i = 0; i < 60; i++) step = nextStep(step, 0.04);
    expect(step).toBeCloseTo(0.04, 3);
    expect(nextStep(0.1, 30)).toBeCloseTo(0.19);
  });
});

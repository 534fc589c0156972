/* SPDX-License-Identifier: Apache-2.0 */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Piece } from './playlist-clock.ts';
import { type Player, SyncedPlayback } from './synced-playback.ts';

/* A player on a clock of the test, that takes its time to jump and may fall behind. */
class FakePlayer {
  playbackRate = 1;
  paused = true;
  ended = false;
  seeking = false;
  readyState = 4;
  dataset: DOMStringMap = {};
  jumps = 0;
  /** Share of its rate at which it really goes: less on a busy machine. */
  health = 1;
  private time = 0;
  private landsIn = 0;

  get currentTime() {
    return this.time;
  }
  set currentTime(to: number) {
    this.time = to;
    this.jumps++;
    this.seeking = true;
    this.landsIn = 0.16;
  }
  play() {
    this.paused = false;
    return Promise.resolve();
  }
  pause() {
    this.paused = true;
  }
  pass(s: number) {
    if (this.seeking) {
      this.landsIn -= s;
      if (this.landsIn <= 0) this.seeking = false;
    } else if (!this.paused && this.readyState >= 3) this.time += s * this.playbackRate * this.health;
  }
}

const whole: Piece[] = [{ start: 0, recorded: 0, duration: 600 }];
const holed: Piece[] = [
  { start: 0, recorded: 0, duration: 10 },
  { start: 10, recorded: 14_000, duration: 100 },
];

let now: number;
let synced: SyncedPlayback;
let players: Map<string, FakePlayer>;
beforeEach(() => {
  now = 5000;
  players = new Map();
  synced = new SyncedPlayback(2000, () => now);
});

function add(camera: string, pieces: Piece[] | null) {
  const player = new FakePlayer();
  players.set(camera, player);
  const seat = synced.join(camera, player as unknown as Player);
  if (pieces) seat.ready(() => pieces);
  return { player, seat };
}

function pass(seconds: number) {
  for (let i = 0; i < Math.round(seconds / 0.04); i++) {
    now += 40;
    for (const player of players.values()) player.pass(0.04);
    synced.tick();
  }
}
const stateOf = (camera: string) => synced.snapshot().tiles[camera];

describe('SyncedPlayback', () => {
  it('shows the same instant of all, plays and pauses them together', () => {
    const a = add('a', whole).player;
    const b = add('b', [{ start: 0, recorded: -30_000, duration: 600 }]).player;
    pass(1);
    expect([a.currentTime, b.currentTime]).toEqual([2, 32]);
    expect(synced.snapshot()).toMatchObject({ at: 2000, paused: true, tiles: { a: 'shown', b: 'shown' } });
    synced.toggle();
    pass(5);
    expect(Math.abs(b.currentTime - a.currentTime - 30)).toBeLessThan(0.05);
    expect(Math.abs(synced.at() / 1000 - a.currentTime)).toBeLessThan(0.1);
    expect(a.currentTime).toBeGreaterThan(6.5);
    synced.toggle();
    pass(0.5);
    expect([a.paused, b.paused]).toEqual([true, true]);
    expect(Math.abs(b.currentTime - a.currentTime - 30)).toBeLessThan(0.021);
  });

  it('keeps the drift of a slow player small without jumps', () => {
    add('a', whole);
    const b = add('b', whole).player;
    b.health = 0.93;
    pass(1);
    synced.toggle();
    pass(1);
    const jumps = b.jumps;
    for (let i = 0; i < 20; i++) {
      pass(0.5);
      expect(Math.abs(b.currentTime - synced.at() / 1000)).toBeLessThan(0.2);
    }
    expect(b.jumps).toBe(jumps);
  });

  it('tells a gap and comes back in time', () => {
    add('a', whole);
    const b = add('b', holed).player;
    synced.seek(9000);
    pass(1);
    synced.toggle();
    pass(2);
    expect([stateOf('a'), stateOf('b')]).toEqual(['shown', 'gap']);
    expect([b.paused, b.currentTime]).toEqual([true, 10]);
    pass(4);
    expect(stateOf('b')).toBe('shown');
    expect(Math.abs(b.currentTime - (synced.at() / 1000 - 4))).toBeLessThan(0.2);
  });

  it('is held up by one that loads for a moment only, and by all as long as it takes', () => {
    const a = add('a', whole).player;
    const { player: b, seat } = add('b', null);
    synced.toggle();
    pass(0.4);
    expect(a.paused).toBe(true);
    pass(3);
    expect(synced.at()).toBeGreaterThan(4000);
    expect(stateOf('b')).toBe('loading');
    seat.ready(() => whole);
    pass(2);
    expect(Math.abs(b.currentTime - synced.at() / 1000)).toBeLessThan(0.2);
    for (const player of players.values()) player.readyState = 1;
    pass(1);
    const held = synced.at();
    pass(5);
    expect(synced.at()).toBe(held);
    for (const player of players.values()) player.readyState = 4;
    pass(1);
    expect(synced.at()).toBeGreaterThan(held + 500);
  });

  it('leaves out what was recorded of none, and says when there is no more', () => {
    add('a', holed);
    synced.setRecorded([[{ from: 0, to: 10_000 }, { from: 14_000, to: 114_000 }, { from: 9_000_000, to: 9_100_000 }]]);
    synced.seek(9500);
    pass(0.5);
    synced.toggle();
    pass(1.5);
    expect(synced.at()).toBeGreaterThan(14_000);
    synced.seek(113_900);
    pass(1);
    /* In the next hour: the page loads it. */
    expect(synced.at()).toBe(9_000_000);
    synced.setRecorded([]);
    pass(0.5);
    expect(synced.snapshot()).toMatchObject({ ended: true, paused: false, at: 9_000_000 });
  });

  it('goes without one that cannot be played, and forgets who has left', () => {
    const { seat } = add('a', null);
    const b = add('b', whole).player;
    seat.failed();
    synced.toggle();
    pass(1);
    expect(stateOf('a')).toBe('failed');
    expect(b.currentTime).toBeGreaterThan(2.5);
    seat.leave();
    players.delete('a');
    pass(0.4);
    expect(stateOf('a')).toBeUndefined();
  });

  it('jumps again when it was sent elsewhere meanwhile', () => {
    const a = add('a', whole).player;
    pass(0.5);
    synced.seek(100_000);
    pass(0.04);
    synced.seek(300_000);
    pass(0.5);
    expect(a.currentTime).toBe(300);
  });

  it('plays at another speed, all together', () => {
    const a = add('a', whole).player;
    const b = add('b', whole).player;
    pass(0.5);
    synced.setSpeed(4);
    synced.toggle();
    pass(3);
    expect(a.currentTime).toBeGreaterThan(11);
    expect(Math.abs(a.currentTime - b.currentTime)).toBeLessThan(0.2);
  });
});

/* SPDX-License-Identifier: Apache-2.0 */
import {
  isOff,
  isRecorded,
  mustWait,
  nextBeginning,
  paceOf,
  type PlayClock,
  type Place,
  placeAt,
  readClock,
  setClock,
  type Standing,
} from './play-clock.ts';
import { type Piece, recordedTime } from './playlist-clock.ts';
import type { Span } from './timeline-scale.ts';

/* Players of several cameras on one clock. `tick` asks each where it is and puts it right. */

/** What of a video element is used. */
export type Player = Pick<
  HTMLVideoElement,
  'currentTime' | 'playbackRate' | 'paused' | 'ended' | 'seeking' | 'readyState' | 'play' | 'pause' | 'dataset'
>;

export type TileState = 'loading' | 'shown' | 'gap' | 'failed';

export type SyncedState = {
  at: number;
  /** By the user; a clock that waits for pictures is not paused. */
  paused: boolean;
  /** Nothing more to play is loaded: what is recorded now comes later, or the recordings end. */
  ended: boolean;
  tiles: Readonly<Record<string, TileState>>;
};

type Member = {
  player: Player;
  /** Null until the playlist has come. */
  pieces: (() => readonly Piece[]) | null;
  failed: boolean;
  /** When the jump that is under way began, and how long (s) the last ones took. */
  jumped: number | null;
  jumpS: number;
};

export type Seat = { ready: (pieces: () => readonly Piece[]) => void; failed: () => void; leave: () => void };

const ENOUGH = 3; // HAVE_FUTURE_DATA
const SOME = 2; // HAVE_CURRENT_DATA
const END_S = 0.5;
const STALE_JUMP_S = 2;
const NEWS_MS = 200;

export class SyncedPlayback {
  private clock: PlayClock;
  private playing = false;
  private ended = false;
  private waited = 0;
  private lastTick: number;
  private lastNews = -Infinity;
  private recorded: readonly (readonly Span[])[] = [];
  private readonly members = new Map<string, Member>();
  private tiles: Record<string, TileState> = {};
  private state: SyncedState;
  private readonly listeners = new Set<() => void>();
  private readonly now: () => number;

  constructor(at: number, now: () => number = () => performance.now()) {
    this.now = now;
    this.lastTick = now();
    this.clock = { at, since: now(), speed: 1, running: false };
    this.state = { at, paused: true, ended: false, tiles: {} };
  }

  /* ---- for the page ---- */

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): SyncedState => this.state;

  at(): number {
    return readClock(this.clock, this.now());
  }

  seek(at: number): void {
    this.clock = setClock(this.clock, this.now(), { at, running: false });
    this.settle();
  }

  toggle(): void {
    this.playing = !this.playing;
    this.clock = setClock(this.clock, this.now(), { running: false });
    this.settle();
  }

  pause(): void {
    if (this.playing) this.toggle();
  }

  setSpeed(speed: number): void {
    this.clock = setClock(this.clock, this.now(), { speed });
  }

  /** What is known to be recorded of each camera on the day: gaps of all are left out. */
  setRecorded(recorded: readonly (readonly Span[])[]): void {
    this.recorded = recorded;
  }

  /** A camera takes part until it leaves; the others wait a moment for it. */
  join(camera: string, player: Player): Seat {
    const member: Member = { player, pieces: null, failed: false, jumped: null, jumpS: 0.2 };
    this.members.set(camera, member);
    this.settle();
    return {
      ready: (pieces) => {
        member.pieces = pieces;
        this.settle();
      },
      failed: () => (member.failed = true),
      leave: () => {
        if (this.members.get(camera) === member) this.members.delete(camera);
      },
    };
  }

  /** To be called some 25 times a second. */
  tick(): void {
    const now = this.now();
    const at = readClock(this.clock, now);
    const standings = [...this.members].map(([camera, member]) => this.follow(camera, member, at, now));
    if (!this.clock.running) this.waited += now - this.lastTick;
    this.lastTick = now;
    if (this.playing) this.goOn(standings, at, now);
    this.tell(now);
  }

  /* ---- the clock ---- */

  /** Something changed: the cameras get a moment to come along. */
  private settle(): void {
    this.waited = 0;
    this.ended = false;
    this.lastNews = -Infinity;
  }

  private goOn(standings: readonly Standing[], at: number, now: number): void {
    if (standings.length > 0 && standings.every((standing) => standing === 'gap')) return this.leaveGap(at, now);
    this.ended = false;
    const running = standings.length > 0 && !mustWait(standings, this.waited);
    if (running !== this.clock.running) this.clock = setClock(this.clock, now, { running });
  }

  /** No camera has anything here: on to the next that has, or to the end. */
  private leaveGap(at: number, now: number): void {
    const loaded = [...this.members.values()].flatMap(({ pieces }) => {
      const place = placeAt(pieces?.() ?? [], at);
      return place.recorded || !place.next ? [] : [place.next.at];
    });
    const all = this.recorded.flat();
    const listed = isRecorded(all, at) ? null : nextBeginning(all, at);
    const next = Math.min(...loaded, listed ?? Infinity);
    if (Number.isFinite(next)) return this.seek(next);
    this.ended = true;
    if (this.clock.running) this.clock = setClock(this.clock, now, { running: false });
  }

  /* ---- one camera ---- */

  private follow(camera: string, member: Member, at: number, now: number): Standing {
    if (member.failed) return this.note(camera, 'failed', 'gap');
    if (!member.pieces) return this.note(camera, 'loading', 'busy');
    const { player } = member;
    const pieces = member.pieces();
    this.timeJump(member, now);
    player.dataset.shown = String(Math.round(recordedTime(pieces, player.currentTime) ?? 0));
    const place = placeAt(pieces, at);
    if (!place.recorded) return this.waitInGap(camera, member, place, now);
    const ready = this.clock.running
      ? this.keepPace(member, pieces, place.time, at, now)
      : this.standStill(member, place.time, now);
    if (ready) return this.note(camera, 'shown', 'ready');
    return this.note(camera, 'loading', 'busy');
  }

  private note(camera: string, state: TileState, standing: Standing): Standing {
    if (this.tiles[camera] !== state) {
      this.tiles = { ...this.tiles, [camera]: state };
      this.lastNews = -Infinity;
    }
    return standing;
  }

  /** The player stands at what comes after the gap, so that it is there in time. */
  private waitInGap(camera: string, member: Member, place: Place & { recorded: false }, now: number): Standing {
    const { player } = member;
    if (!player.paused) player.pause();
    if (place.next && !player.seeking && isOff(player.currentTime - place.next.time)) jump(member, place.next.time, now);
    return this.note(camera, 'gap', 'gap');
  }

  private standStill(member: Member, time: number, now: number): boolean {
    const { player } = member;
    if (!player.paused) player.pause();
    const ahead = player.currentTime - time;
    /* What is read may end a little before its playlist says. */
    const off = isOff(ahead) && !(ahead < 0 && atEnd(member) && ahead > -END_S);
    if (off && mayJump(player, ahead)) jump(member, time, now);
    return !player.seeking && !off && canGoOn(member);
  }

  /** Whether it shows what it should, about. */
  private keepPace(member: Member, pieces: readonly Piece[], time: number, at: number, now: number): boolean {
    const { player } = member;
    const ahead = player.currentTime - time;
    const pace = paceOf(ahead, this.clock.speed);
    if (pace === null) {
      if (mayJump(player, ahead)) jump(member, this.landing(member, pieces, at) ?? time, now);
      return false;
    }
    if (player.seeking) return false;
    if (player.playbackRate !== pace) player.playbackRate = pace;
    /* play() on what has ended begins at the front. */
    if (player.paused && !player.ended) void player.play().catch(() => {});
    return canGoOn(member);
  }

  /** A jump takes time: it aims at where the clock will be then. */
  private landing(member: Member, pieces: readonly Piece[], at: number): number | null {
    const then = placeAt(pieces, at + member.jumpS * 1000 * this.clock.speed);
    return then.recorded ? then.time : null;
  }

  private timeJump(member: Member, now: number): void {
    if (member.jumped === null || member.player.seeking) return;
    member.jumpS = Math.min(1, (member.jumpS + (now - member.jumped) / 1000) / 2);
    member.jumped = null;
  }

  /* ---- news ---- */

  private tell(now: number): void {
    if (now - this.lastNews < NEWS_MS) return;
    this.lastNews = now;
    const known = Object.entries(this.tiles).filter(([camera]) => this.members.has(camera));
    const next = { at: this.at(), paused: !this.playing, ended: this.ended, tiles: Object.fromEntries(known) };
    if (sameState(this.state, next)) return;
    this.state = next;
    for (const listener of this.listeners) listener();
  }
}

function jump(member: Member, time: number, now: number): void {
  member.player.currentTime = time;
  member.jumped = now;
}

/** A jump under way is let finish, but not when it leads far off. */
function mayJump(player: Player, ahead: number): boolean {
  return !player.seeking || Math.abs(ahead) > STALE_JUMP_S;
}

function canGoOn(member: Member): boolean {
  const { readyState } = member.player;
  return readyState >= ENOUGH || (readyState >= SOME && atEnd(member));
}

function atEnd({ player, pieces }: Member): boolean {
  const last = pieces?.().at(-1);
  return last !== undefined && player.currentTime > last.start + last.duration - END_S;
}

function sameState(a: SyncedState, b: SyncedState): boolean {
  const keys = Object.keys(a.tiles);
  return (
    a.at === b.at &&
    a.paused === b.paused &&
    a.ended === b.ended &&
    keys.length === Object.keys(b.tiles).length &&
    keys.every((key) => a.tiles[key] === b.tiles[key])
  );
}

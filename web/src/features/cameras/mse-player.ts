/* SPDX-License-Identifier: Apache-2.0 */
import { courseOf, nextStep, readPiece } from './mse-pieces.ts';

/* Pieces of fragmented MP4 into a video element, near to the newest picture. */

/** Waiting to be taken by the browser, in pieces; more means that it takes none. */
const WAITING_MAX = 600;
/** Played pictures are kept for so long, in seconds. */
const PAST_S = 8;
const TIDY_S = 20;

export class MsePlayer {
  onFault: (fault: unknown) => void = () => {};
  private readonly source = new MediaSource();
  private readonly address: string;
  private buffer: SourceBuffer | null = null;
  private waiting: Uint8Array<ArrayBuffer>[] = [];
  private codec = '';
  private origin = 0;
  private edge: number | null = null;
  private step = 0.1;
  private closed = false;

  private readonly video: HTMLVideoElement;
  private readonly onPicture: (ts: number) => void;

  constructor(video: HTMLVideoElement, onPicture: (ts: number) => void) {
    this.video = video;
    this.onPicture = onPicture;
    this.address = URL.createObjectURL(this.source);
    this.source.addEventListener('sourceopen', () => this.feed());
    video.srcObject = null;
    video.src = this.address;
    void video.play().catch(() => {});
    video.requestVideoFrameCallback(this.shown);
  }

  take(data: ArrayBuffer): void {
    const piece = readPiece(data);
    if (!piece || this.closed) return;
    if (piece.kind === 'begin') {
      this.codec = piece.codec;
      this.origin = piece.origin;
    } else {
      const at = (piece.ts - this.origin) / 1000;
      if (this.edge !== null && at > this.edge) this.step = nextStep(this.step, at - this.edge);
      this.edge = this.edge === null ? at : Math.max(this.edge, at);
    }
    this.waiting.push(piece.mp4);
    if (this.waiting.length > WAITING_MAX) this.onFault(null);
    this.feed();
  }

  close(): void {
    this.closed = true;
    this.waiting = [];
    if (this.video.src === this.address) {
      this.video.removeAttribute('src');
      this.video.load();
    }
    URL.revokeObjectURL(this.address);
  }

  private readonly shown = (_now: number, frame: VideoFrameCallbackMetadata) => {
    if (this.closed) return;
    this.onPicture(this.origin + frame.mediaTime * 1000);
    this.video.requestVideoFrameCallback(this.shown);
  };

  /** One append at a time; what came meanwhile goes together. */
  private feed(): void {
    if (this.closed || this.source.readyState !== 'open' || this.codec === '') return;
    try {
      this.buffer ??= this.open();
      if (this.buffer.updating) return;
      if (this.tidy(this.buffer)) return;
      const next = this.waiting.shift();
      if (next) this.buffer.appendBuffer(next);
    } catch (fault) {
      this.onFault(fault);
    }
  }

  private open(): SourceBuffer {
    const buffer = this.source.addSourceBuffer(`video/mp4; codecs="${this.codec}"`);
    buffer.addEventListener('updateend', () => {
      this.steer();
      this.feed();
    });
    buffer.addEventListener('error', () => this.onFault(null));
    return buffer;
  }

  /** TRUE while old pictures are being removed. */
  private tidy(buffer: SourceBuffer): boolean {
    const { buffered } = buffer;
    const now = this.video.currentTime;
    if (buffered.length === 0 || now - buffered.start(0) < TIDY_S) return false;
    buffer.remove(0, now - PAST_S);
    return true;
  }

  private steer(): void {
    if (this.closed || this.edge === null || !this.buffer || this.waiting.length > 0) return;
    const { video } = this;
    const { currentTime: now, playbackRate: rate } = video;
    const course = courseOf({ now, edge: this.edge, step: this.step, buffered: this.holds(now), rate });
    if (rate !== course.rate) video.playbackRate = course.rate;
    if (course.jumpTo !== null) video.currentTime = this.startOf(course.jumpTo);
    if (video.paused) void video.play().catch(() => {});
  }

  private holds(time: number): boolean {
    const { buffered } = this.buffer!;
    for (let i = 0; i < buffered.length; i++)
      if (time >= buffered.start(i) - 0.01 && time <= buffered.end(i)) return true;
    return false;
  }

  /** Within what is there: not before the last gap. */
  private startOf(time: number): number {
    const { buffered } = this.buffer!;
    return buffered.length === 0 ? time : Math.max(time, buffered.start(buffered.length - 1));
  }
}

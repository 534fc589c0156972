/* SPDX-License-Identifier: Apache-2.0 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveSocket, type SocketLike } from './live-socket.ts';
import { applyMessage, emptyTopic, parseMessage, type TopicMessage } from './topic-state.ts';

const topic = 'store/demo/kpi';

function message(over: Partial<TopicMessage>): TopicMessage {
  return { topic, epoch: 'a', seq: 1, ts: '2024-11-24T10:00:00Z', type: 'update', data: {}, ...over };
}

describe('applyMessage', () => {
  const fresh = applyMessage(emptyTopic, message({ type: 'snapshot', seq: 7 })).state;

  it('takes the next in order and refuses what it has', () => {
    expect(applyMessage(fresh, message({ seq: 8 })).outcome).toBe('taken');
    expect(applyMessage(fresh, message({ seq: 7 })).outcome).toBe('old');
  });

  it('sees a gap in a jump, in a new epoch, and before any snapshot', () => {
    expect(applyMessage(fresh, message({ seq: 9 })).outcome).toBe('gap');
    expect(applyMessage(fresh, message({ seq: 8, epoch: 'b' })).outcome).toBe('gap');
    expect(applyMessage(emptyTopic, message({ seq: 0 })).outcome).toBe('gap');
  });

  it('a snapshot heals any gap', () => {
    const gap = applyMessage(fresh, message({ seq: 12 })).state;
    expect(gap.fresh).toBe(false);
    const healed = applyMessage(gap, message({ type: 'snapshot', seq: 12, epoch: 'b' }));
    expect(healed.outcome).toBe('taken');
    expect(healed.state.fresh).toBe(true);
  });

  it('tracks are latest-wins: a jump is no gap, an older one is dropped', () => {
    const tracks = 'camera/entrance/tracks';
    const first = applyMessage(emptyTopic, message({ topic: tracks, seq: 5 }));
    expect(first.outcome).toBe('taken');
    expect(applyMessage(first.state, message({ topic: tracks, seq: 50 })).outcome).toBe('taken');
    expect(applyMessage(first.state, message({ topic: tracks, seq: 4 })).outcome).toBe('old');
  });
});

describe('parseMessage', () => {
  it('takes messages of the protocol and nothing else', () => {
    expect(parseMessage(JSON.stringify(message({})))?.topic).toBe(topic);
    for (const text of ['', '{', '[]', 'null', '{"topic":1}', JSON.stringify({ ...message({}), type: 'other' })]) {
      expect(parseMessage(text)).toBeNull();
    }
  });
});

class FakeSocket implements SocketLike {
  readyState = 0;
  sent: unknown[] = [];
  onopen: SocketLike['onopen'] = null;
  onclose: SocketLike['onclose'] = null;
  onmessage: SocketLike['onmessage'] = null;
  send = (text: string) => void this.sent.push(JSON.parse(text));
  close = () => void (this.readyState = 3);
  accept = () => this.onopen?.(new Event('open'));
  fail = () => this.onclose?.(new Event('close') as CloseEvent);
  say = (m: Partial<TopicMessage>) =>
    this.onmessage?.(new MessageEvent('message', { data: JSON.stringify(message(m)) }));
}

describe('LiveSocket', () => {
  let sockets: FakeSocket[];
  const onGap = vi.fn();
  const onRefused = vi.fn();
  let live: LiveSocket;
  const last = () => sockets[sockets.length - 1]!;

  beforeEach(() => {
    vi.useFakeTimers();
    sockets = [];
    onGap.mockReset();
    onRefused.mockReset();
    const open = () => (sockets.push(new FakeSocket()), last());
    live = new LiveSocket({ open, onGap, onRefused, random: () => 1 });
  });
  afterEach(() => {
    live.stop();
    vi.useRealTimers();
  });

  it('subscribes each topic once, on opening and later, and unsubscribes with the last listener', () => {
    const offA = live.subscribe(topic, () => {});
    const offB = live.subscribe(topic, () => {});
    live.start();
    last().accept();
    expect(last().sent).toEqual([{ subscribe: [topic] }]);
    live.subscribe('store/demo/events', () => {});
    expect(last().sent[1]).toEqual({ subscribe: ['store/demo/events'] });
    offA();
    expect(last().sent).toHaveLength(2);
    offB();
    expect(last().sent[2]).toEqual({ unsubscribe: [topic] });
  });

  it('asks for a snapshot after a gap and tells that what was fetched may be old', () => {
    const seen = vi.fn();
    live.subscribe(topic, seen);
    live.start();
    last().accept();
    last().say({ type: 'snapshot', seq: 1, data: { n: 1 } });
    last().say({ seq: 3, data: { n: 3 } });
    expect(live.getTopic(topic)).toMatchObject({ fresh: false, data: { n: 1 } });
    expect(last().sent.slice(1)).toEqual([{ unsubscribe: [topic] }, { subscribe: [topic] }]);
    expect(onGap).not.toHaveBeenCalled();
    last().say({ type: 'snapshot', seq: 4, data: { n: 4 } });
    expect(live.getTopic(topic)).toMatchObject({ fresh: true, data: { n: 4 } });
    expect(onGap).toHaveBeenCalledExactlyOnceWith(topic);
    expect(seen.mock.calls.map((c) => (c[0] === null ? null : (c[0] as TopicMessage).seq))).toEqual([1, null, 4]);
  });

  it('comes back with growing delays, keeps the topics, and marks them stale meanwhile', () => {
    live.subscribe(topic, () => {});
    live.start();
    last().accept();
    last().say({ type: 'snapshot', seq: 1 });
    last().fail();
    expect(live.getStatus()).toBe('lost');
    expect(live.getTopic(topic).fresh).toBe(false);
    vi.advanceTimersByTime(499);
    expect(sockets).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets).toHaveLength(2);
    last().fail();
    expect(onRefused).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(999);
    expect(sockets).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(sockets).toHaveLength(3);
    last().accept();
    expect(live.getStatus()).toBe('open');
    expect(last().sent).toEqual([{ subscribe: [topic] }]);
  });

  it('takes a line that fell silent for dead, where the server would speak', () => {
    live.subscribe('camera/entrance/tracks', () => {});
    live.start();
    last().accept();
    vi.advanceTimersByTime(90_000);
    expect(live.getStatus()).toBe('open');
    live.subscribe(topic, () => {});
    last().say({ type: 'snapshot', seq: 1 });
    vi.advanceTimersByTime(29_999);
    expect(live.getTopic(topic).fresh).toBe(true);
    vi.advanceTimersByTime(1);
    expect(live.getStatus()).toBe('lost');
    expect(live.getTopic(topic).fresh).toBe(false);
    expect(sockets[0]?.readyState).toBe(3);
    vi.advanceTimersByTime(500);
    expect(sockets).toHaveLength(2);
    last().accept();
    expect(live.getStatus()).toBe('open');
  });

  it('never waits longer than 15 s, and tries at once when told', () => {
    live.start();
    for (let i = 0; i < 12; i++) {
      last().fail();
      vi.advanceTimersByTime(15_000);
    }
    expect(sockets).toHaveLength(13);
    last().fail();
    live.retryNow();
    expect(sockets).toHaveLength(14);
  });

  it('is silent once stopped', () => {
    live.start();
    const socket = last();
    live.stop();
    socket.fail();
    vi.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
    expect(live.getStatus()).toBe('idle');
  });
});

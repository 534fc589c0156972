/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of one topic, and how a message changes it. Pure: the socket and the store call it. */

export type TopicMessage = {
  topic: string;
  epoch: string | number;
  seq: number;
  ts: string;
  type: 'snapshot' | 'update';
  data: unknown;
};

export type TopicState = {
  /** Newest data of the topic; null until the first message. */
  readonly data: unknown;
  readonly type: TopicMessage['type'] | null;
  readonly epoch: TopicMessage['epoch'] | null;
  readonly seq: number;
  readonly ts: string | null;
  /** False from a gap or a lost connection until the next snapshot. */
  readonly fresh: boolean;
};

export const emptyTopic: TopicState = { data: null, type: null, epoch: null, seq: -1, ts: null, fresh: false };

export type Applied = { state: TopicState; outcome: 'taken' | 'old' | 'gap' };

/** Track topics are latest-wins: the server may leave messages out, so a jump is no gap there. */
export function isLatestWins(topic: string): boolean {
  return topic.startsWith('camera/') && topic.endsWith('/tracks');
}

/** Topics on which the server speaks every few seconds, whether anything happened or not. */
export function isRegular(topic: string): boolean {
  return topic.startsWith('store/') && (topic.endsWith('/kpi') || topic.endsWith('/cameras'));
}

export function applyMessage(state: TopicState, message: TopicMessage): Applied {
  if (message.type === 'snapshot') return taken(message);
  const sameEpoch = state.epoch === message.epoch;
  if (sameEpoch && message.seq <= state.seq) return { state, outcome: 'old' };
  if (isLatestWins(message.topic)) return taken(message);
  if (!sameEpoch || !state.fresh || message.seq !== state.seq + 1) {
    return { state: { ...state, fresh: false }, outcome: 'gap' };
  }
  return taken(message);
}

export function markStale(state: TopicState): TopicState {
  return state.fresh ? { ...state, fresh: false } : state;
}

function taken(message: TopicMessage): Applied {
  const { data, type, epoch, seq, ts } = message;
  return { state: { data, type, epoch, seq, ts, fresh: true }, outcome: 'taken' };
}

/** Null for anything that is not a message of the protocol. */
export function parseMessage(text: string): TopicMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const m = value as Partial<TopicMessage>;
  const known = m.type === 'snapshot' || m.type === 'update';
  if (typeof m.topic !== 'string' || typeof m.seq !== 'number' || typeof m.ts !== 'string' || !known) return null;
  if (typeof m.epoch !== 'string' && typeof m.epoch !== 'number') return null;
  return value as TopicMessage;
}

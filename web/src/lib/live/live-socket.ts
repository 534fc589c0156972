/* SPDX-License-Identifier: Apache-2.0 */
import {
  applyMessage,
  emptyTopic,
  isRegular,
  markStale,
  parseMessage,
  type TopicMessage,
  type TopicState,
} from './topic-state.ts';

/* The one WebSocket of a page and the topics that come over it. Components read it through the
 * hooks in use-topic.ts. */

export type LinkStatus = 'idle' | 'connecting' | 'open' | 'lost';

export type SocketLike = Pick<WebSocket, 'send' | 'close' | 'readyState'> & {
  onopen: ((event: Event) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
};

export type LiveSocketOptions = {
  open: () => SocketLike;
  /** A topic missed messages or the link came back: what was fetched for it may be out of date. */
  onGap?: (topic: string) => void;
  /** An attempt failed before it opened, or the server said so: the session may have ended. */
  onRefused?: () => void;
  random?: () => number;
};

type Topic = { state: TopicState; listeners: Set<(message: TopicMessage | null) => void> };

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;
/** The server tells the figures every 10 s at least and the cameras every 2 s: so long without a word
 * means that the line is dead, though nobody closed it. */
const LONGEST_SILENCE_MS = 30_000;
/** Close code of the API: the session ended. */
const NOT_LOGGED_IN = 4401;

export class LiveSocket {
  private readonly options: LiveSocketOptions;
  private readonly topics = new Map<string, Topic>();
  private readonly statusListeners = new Set<() => void>();
  private socket: SocketLike | null = null;
  private status: LinkStatus = 'idle';
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LiveSocketOptions) {
    this.options = options;
  }

  getStatus = (): LinkStatus => this.status;

  onStatus = (listener: () => void): (() => void) => {
    this.statusListeners.add(listener);
    return () => this.statusListeners.delete(listener);
  };

  getTopic = (name: string): TopicState => this.topics.get(name)?.state ?? emptyTopic;

  /** Listens to a topic; the listener gets each message, or null when the topic turned stale. */
  subscribe = (name: string, listener: (message: TopicMessage | null) => void): (() => void) => {
    let topic = this.topics.get(name);
    if (!topic) {
      topic = { state: emptyTopic, listeners: new Set() };
      this.topics.set(name, topic);
      this.send({ subscribe: [name] });
    }
    topic.listeners.add(listener);
    return () => this.unsubscribe(name, listener);
  };

  /** Connects, and keeps connecting until stop(). */
  start = (): void => {
    if (this.socket || this.timer) return;
    this.connect();
  };

  stop = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.attempts = 0;
    this.drop();
    this.setStatus('idle');
  };

  /** Tries at once instead of waiting for the back-off: the network or the tab came back. */
  retryNow = (): void => {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.connect();
  };

  private connect(): void {
    this.timer = undefined;
    this.setStatus(this.attempts === 0 ? 'connecting' : 'lost');
    const socket = this.options.open();
    let opened = false;
    this.socket = socket;
    socket.onopen = () => {
      opened = true;
      this.attempts = 0;
      this.setStatus('open');
      this.awaitWord();
      if (this.topics.size > 0) this.send({ subscribe: [...this.topics.keys()] });
    };
    socket.onmessage = (event) => {
      this.awaitWord();
      this.receive(String(event.data));
    };
    socket.onclose = ({ code }) => {
      if (this.socket !== socket) return;
      this.lose();
      if (!opened || code === NOT_LOGGED_IN) this.options.onRefused?.();
    };
  }

  private lose(): void {
    this.drop();
    this.setStatus('lost');
    this.timer = setTimeout(() => this.connect(), this.nextDelay());
  }

  private awaitWord(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      if ([...this.topics.keys()].some(isRegular)) this.lose();
      else this.awaitWord();
    }, LONGEST_SILENCE_MS);
  }

  private nextDelay(): number {
    const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.attempts++);
    return longest * (0.5 + 0.5 * (this.options.random ?? Math.random)());
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.silence);
    if (socket) {
      socket.onopen = socket.onclose = socket.onmessage = null;
      socket.close();
    }
    for (const topic of this.topics.values()) {
      topic.state = markStale(topic.state);
      notify(topic, null);
    }
  }

  private receive(text: string): void {
    const message = parseMessage(text);
    const topic = message && this.topics.get(message.topic);
    if (!message || !topic) return;
    const wasStale = !topic.state.fresh && topic.state.epoch !== null;
    const { state, outcome } = applyMessage(topic.state, message);
    topic.state = state;
    if (outcome === 'gap') {
      this.send({ unsubscribe: [message.topic] });
      this.send({ subscribe: [message.topic] });
      notify(topic, null);
    } else if (outcome === 'taken') {
      notify(topic, message);
      if (wasStale) this.options.onGap?.(message.topic);
    }
  }

  private unsubscribe(name: string, listener: (message: TopicMessage | null) => void): void {
    const topic = this.topics.get(name);
    if (!topic) return;
    topic.listeners.delete(listener);
    if (topic.listeners.size > 0) return;
    this.topics.delete(name);
    this.send({ unsubscribe: [name] });
  }

  private send(message: object): void {
    if (this.socket && this.status === 'open') this.socket.send(JSON.stringify(message));
  }

  private setStatus(status: LinkStatus): void {
    if (this.status === status) return;
    this.status = status;
    for (const listener of this.statusListeners) listener();
  }
}

function notify(topic: Topic, message: TopicMessage | null): void {
  for (const listener of [...topic.listeners]) listener(message);
}

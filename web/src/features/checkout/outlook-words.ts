/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '@/lib/api/client.ts';
import { formatCount, formatDuration, formatShare, known } from '@/lib/format/number.ts';
import { formatAgo } from '@/lib/format/time.ts';

/* From what is foretold to the words of the card. */

export type Outlook = Schemas['Outlook'];
export type OutlookPool = Schemas['OutlookPool'];

export type LaneNames = (id: string) => string;

/** The pools whose lanes can be opened and closed come first. */
export function poolsInOrder(outlook: Outlook): OutlookPool[] {
  return [...outlook.pools].sort((a, b) => Number(b.advice !== null) - Number(a.advice !== null));
}

export function isKnown(pool: OutlookPool): boolean {
  return known(pool.long_chance);
}

/** "Lanes" for those with a line each, else the name of the line they share. */
export function poolName(pool: OutlookPool, queueName: LaneNames): string {
  const [first] = pool.queues;
  return pool.queues.length === 1 && first ? queueName(first.queue_id) : 'Staffed lanes';
}

export type AdviceWords = { tone: 'warning' | 'success' | 'neutral' | 'danger'; title: string; text: string };

/** `waiting`: people in the pool's lines now. A shop that is shut needs no lane. */
export function adviceWords(
  pool: OutlookPool,
  laneName: LaneNames,
  target_s: number,
  waiting: number,
): AdviceWords | null {
  const { advice } = pool;
  if (!advice) return null;
  if (pool.lanes_open === 0 && waiting === 0 && known(pool.arrivals_15m) && pool.arrivals_15m < 0.5)
    return { tone: 'neutral', title: 'No lane is needed', text: 'Nobody waits, and next to nobody is expected.' };
  const lanes = advice.lane_ids.map(laneName).join(', ');
  const now = worstWords(advice.worst_wait_s);
  const then = thenWords(advice.then_wait_s);
  if (advice.action === 'open') {
    const when = known(advice.within_s) && advice.within_s >= 60 ? `within ${formatDuration(advice.within_s)}` : 'now';
    const text = `${now}; with it ${then}.${advice.enough ? '' : ` Even so it passes the target of ${formatDuration(target_s)}.`}`;
    return { tone: 'warning', title: `Open ${lanes} ${when}`, text };
  }
  if (advice.action === 'close') {
    return { tone: 'success', title: `${lanes} can close`, text: `Without: ${then}.` };
  }
  return advice.enough
    ? { tone: 'neutral', title: pool.lanes_open === 0 ? 'No lane is needed' : 'Enough lanes are open', text: `${now}.` }
    : { tone: 'danger', title: 'All lanes are open', text: `${now}: more than the target.` };
}

/** null: there is no lane open to wait at. */
function worstWords(seconds: number | null): string {
  return known(seconds) ? `Foretold wait up to ${formatDuration(seconds)} in the next 15 min` : 'No lane is open';
}

function thenWords(seconds: number | null): string {
  return known(seconds) ? `a foretold wait of up to ${formatDuration(seconds)}` : 'no lane is open';
}

/** How the calls came out, in a sentence that does not say more than is known. */
export function scoreWords(score: Schemas['CallScore'], now: number): string {
  const { calls, hits, long_queues, foretold } = score;
  const when = whenWords(score.since, now);
  if (calls === 0 && long_queues === 0) return `${when}: no queue got long, and none was foretold to.`;
  if (calls === 0) {
    const long = long_queues === 1 ? 'one queue' : `${formatCount(long_queues)} queues`;
    return `${when}: no long queue was foretold, and ${long} got long.`;
  }
  const right = `${formatShare(hits / calls)} of ${calls === 1 ? 'the one call' : `${formatCount(calls)} calls`} came true`;
  const seen =
    long_queues > 0
      ? `${formatShare(foretold / long_queues)} of ${long_queues === 1 ? 'the one long queue was' : `${formatCount(long_queues)} long queues were`} foretold 4 min ahead`
      : 'no queue got long';
  return `${when}: ${right}; ${seen}.`;
}

const KEPT_DAYS = 28;

function whenWords(since: string | null, now: number): string {
  if (since === null) return 'So far';
  const days = (now - Date.parse(since)) / 86_400_000;
  return days > KEPT_DAYS - 1 ? `Last ${KEPT_DAYS} days` : `Since it first looked ahead (${formatAgo(Date.parse(since), now)})`;
}

/** "2 of 4 lanes open", or of how many lanes nothing is seen. */
export function lanesWords({ lanes_open, lanes_total, lanes_unseen }: OutlookPool): string {
  if (lanes_open !== null) return `${formatCount(lanes_open)} of ${formatCount(lanes_total)} lanes open`;
  return lanes_unseen === lanes_total ? 'Lanes not seen' : `${formatCount(lanes_unseen)} of ${formatCount(lanes_total)} lanes not seen`;
}

/** Why nothing is foretold. */
export function unknownWords({ lanes_unseen }: OutlookPool): string {
  return lanes_unseen > 0
    ? 'Not known: a camera of these lanes gives no picture. See Cameras.'
    : 'Still learning: too few services were seen yet.';
}

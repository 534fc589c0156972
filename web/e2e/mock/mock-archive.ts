/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '../../src/lib/api/client.ts';

const PLACE = 'the bucket video at https://s3.example.net';

export function archiveState(): Schemas['ArchiveState'] {
  return {
    ...{ state: 'sending', place: PLACE, sent_files: 12, sent_bytes: 901_000_000, deleted: 0, unreadable: 0, lost: 0 },
    lost_snapshots: 0,
    waiting: { files: 3, bytes: 225_000_000, oldest: new Date(Date.now() - 900_000).toISOString() },
    stored: { files: 2880, bytes: 216_000_000_000, only_there: 864 },
    kinds: {
      recordings: { waiting: 3, waiting_bytes: 225_000_000, stored: 1920, stored_bytes: 215_000_000_000 },
      snapshots: { waiting: 0, waiting_bytes: 0, stored: 957, stored_bytes: 287_000_000 },
      evidence: { waiting: 0, waiting_bytes: 0, stored: 3, stored_bytes: 713_000_000 },
    },
    sending: { done: 16_777_216, bytes: 75_120_433 },
    ...{ last_error: '', failing_since: null, last_stored: new Date(Date.now() - 60_000).toISOString() },
    policy: {
      ...{ target: 's3', recordings: 'all', snapshots: 'all', evidence: true, cameras: null, keep_local: true, keep_s: 2_592_000, after_s: 0 },
      ...{ bandwidth_mbit: 20, hours: '22:00-06:00' },
    },
  };
}

export function archiveTrial(): Schemas['ArchiveTrial'] {
  const steps = ['find', 'write', 'read', 'list', 'delete'] as const;
  return { works: true, place: PLACE, steps: steps.map((name) => ({ name, state: 'done', took_s: 0.012, fault: null })) };
}

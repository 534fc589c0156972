/* SPDX-License-Identifier: Apache-2.0 */
import type { IconName } from '@/components/icon.tsx';
import type { Schemas } from '@/lib/api/client.ts';

export type AuditEntry = Schemas['AuditEntry'];
export type AuditWords = { icon: IconName; text: string; grave: boolean };

/* How each action reads after the name of who did it. Later versions may add more. */
const ACTIONS: Record<string, (subject: string) => Omit<AuditWords, 'grave'>> = {
  'session.login': () => ({ icon: 'key', text: 'logged in' }),
  'session.login_failed': (s) => ({ icon: 'warning', text: `failed to log in as ${s}` }),
  'session.logout': () => ({ icon: 'logout', text: 'logged out' }),
  'user.created': (s) => ({ icon: 'user', text: `added the user ${s}` }),
  'user.changed': (s) => ({ icon: 'user', text: `changed the user ${s}` }),
  'user.removed': (s) => ({ icon: 'user', text: `removed the user ${s}` }),
  'user.password_changed': (s) => ({ icon: 'key', text: `changed the password of ${s}` }),
  'scene.changed': (s) => ({ icon: 'pencil', text: `changed zones, lines or masks of ${s}` }),
  'picture.viewed': (s) => ({ icon: 'eye', text: `looked at camera ${s}` }),
  'video.watched': (s) => ({ icon: 'eye', text: `watched camera ${s} live` }),
  'stream.opened': (s) => ({ icon: 'eye', text: `began to read camera ${s} by RTSP` }),
  'stream.closed': (s) => ({ icon: 'eye', text: `ended reading camera ${s} by RTSP` }),
  'recording.watched': (s) => ({ icon: 'eye', text: `watched recordings of camera ${s}` }),
  'recording.still': (s) => ({ icon: 'eye', text: `took a picture out of the recordings of camera ${s}` }),
  'recording.exported': (s) => ({ icon: 'download', text: `had a clip saved of the recordings of camera ${s}` }),
  'recording.export_downloaded': (s) => ({ icon: 'download', text: `downloaded a saved clip of camera ${s}` }),
  'recording.export_deleted': (s) => ({ icon: 'trash', text: `deleted a saved clip of camera ${s}` }),
  'replay.asked': (s) => ({ icon: 'layers', text: `asked for what-if ${s}` }),
  'count_audit.planned': (s) => ({ icon: 'check', text: `planned count audit ${s}` }),
  'count_audit.settled': (s) => ({ icon: 'check', text: `counted by hand in audit ${s}` }),
  'count_audit.deleted': (s) => ({ icon: 'trash', text: `deleted count audit ${s}` }),
  'replay.deleted': (s) => ({ icon: 'trash', text: `deleted what-if ${s}` }),
  'snapshot.viewed': (s) => ({ icon: 'eye', text: `looked at the picture of an event at camera ${s}` }),
  'evidence.kept': (s) => ({ icon: 'shield', text: `kept evidence ${s}` }),
  'evidence.bundled': (s) => ({ icon: 'shield', text: `had the bundle of evidence ${s} made again` }),
  'evidence.exported': (s) => ({ icon: 'shield', text: `took the bundle of evidence ${s}` }),
  'evidence.released': (s) => ({ icon: 'shield', text: `released evidence ${s}` }),
  'camera.added': (s) => ({ icon: 'camera', text: `added camera ${s}` }),
  'camera.changed': (s) => ({ icon: 'camera', text: `changed the settings of camera ${s}` }),
  'archive.tested': () => ({ icon: 'layers', text: 'tried the archive' }),
  'camera.tested': (s) => ({ icon: 'camera', text: s ? `tried an address for camera ${s}` : 'tried the address of a camera' }),
  'cameras.searched': () => ({ icon: 'camera', text: 'searched the network for cameras' }),
  'camera.asked': (s) => ({ icon: 'camera', text: `asked the device at ${s} for its streams` }),
  'camera.removed': (s) => ({ icon: 'camera', text: `removed camera ${s}` }),
  'view.accepted': (s) => ({ icon: 'camera', text: `accepted what ${s} shows` }),
  'sales.received': () => ({ icon: 'dot', text: 'pushed receipts' }),
  'sales.imported': (s) => ({ icon: 'dot', text: `imported receipts from ${s}` }),
  'sales.recounted': () => ({ icon: 'history', text: 'counted sales again from the receipts' }),
  'products.changed': () => ({ icon: 'pencil', text: 'changed products' }),
  'terminals.changed': () => ({ icon: 'pencil', text: 'changed terminals and their lanes' }),
  'audit.pruned': () => ({ icon: 'history', text: 'removed entries past their retention' }),
};

const GRAVE = new Set(['session.login_failed', 'user.removed', 'audit.pruned']);

/** Nobody is named where InvEye acts by itself, and where a login failed. */
export function auditActor({ actor, action }: AuditEntry): string {
  return actor || (action === 'session.login_failed' ? 'Somebody' : 'InvEye');
}

/** `subject` is how the subject is called, where it has a name. */
export function auditWords({ action, subject: id }: AuditEntry, subject = id): AuditWords {
  const known = ACTIONS[action]?.(subject) ?? { icon: 'dot' as const, text: `${action} ${subject}`.trim() };
  return { ...known, grave: GRAVE.has(action) };
}

/** Where it came from and what else is known, on one line. */
export function auditDetail({ address, store_id, detail }: AuditEntry): string {
  const rest = Object.entries(detail ?? {}).map(([key, value]) => `${key.replaceAll('_', ' ')} ${plain(value)}`);
  return [address, store_id ?? '', ...rest].filter(Boolean).join(' · ');
}

function plain(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

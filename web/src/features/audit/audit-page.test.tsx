/* SPDX-License-Identifier: Apache-2.0 */
import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { refused, show } from '../../../test/frame.tsx';
import { AuditPage } from './audit-page.tsx';
import { auditActor, type AuditEntry, auditDetail, auditWords } from './audit-words.ts';

const entry: AuditEntry = {
  ...{
    id: 1,
    ts: '2026-11-24T08:00:00Z',
    actor: 'mia',
    action: 'scene.changed',
    subject: 'entrance',
    store_id: 'demo',
  },
  ...{ address: '192.0.2.7', detail: { version: 4 }, previous_hash: '0', hash: '1' },
};

const nothing = { status: 200, body: { entries: [], next_cursor: null } };

describe('AuditPage', () => {
  it('loading, then who did what', async () => {
    show(<AuditPage />);
    expect(screen.getByRole('status', { name: 'Loading the audit log' })).toBeDefined();
    expect(await screen.findByText('changed zones, lines or masks of entrance', { exact: false })).toBeDefined();
  });

  it('error', async () => {
    show(<AuditPage />, { answer: () => refused(503, 'Try again in a moment.') });
    expect((await screen.findByRole('alert')).textContent).toContain('Try again in a moment.');
  });

  it('empty', async () => {
    show(<AuditPage />, { answer: (path) => (path === '/audit' ? nothing : undefined) });
    expect(await screen.findByText('Nothing yet')).toBeDefined();
  });
});

describe('words', () => {
  it('says who, also where nobody is named', () => {
    expect(auditActor(entry)).toBe('mia');
    expect(auditActor({ ...entry, actor: '', action: 'session.login_failed' })).toBe('Somebody');
    expect(auditActor({ ...entry, actor: '', action: 'user.created' })).toBe('InvEye');
  });
  it('calls things by their names', () => {
    expect(auditWords(entry, 'Main entrance').text).toBe('changed zones, lines or masks of Main entrance');
  });
  it('marks what one should look at', () => {
    expect(auditWords(entry).grave).toBe(false);
    expect(auditWords({ ...entry, action: 'session.login_failed', subject: 'admin' })).toMatchObject({
      grave: true,
      text: 'failed to log in as admin',
    });
  });
  it('shows actions of a later version by their name', () => {
    expect(auditWords({ ...entry, action: 'clip.exported', subject: 'x' }).text).toBe('clip.exported x');
  });
  it('puts the rest on one line', () => {
    expect(auditDetail(entry)).toBe('192.0.2.7 · demo · version 4');
    expect(auditDetail({ ...entry, address: '', store_id: null, detail: {} })).toBe('');
  });
});

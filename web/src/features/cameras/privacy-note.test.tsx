/* SPDX-License-Identifier: Apache-2.0 */
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Camera } from '@/lib/api/cameras.ts';
import { maskWords, PrivacyNote } from './privacy-note.tsx';

const NONE: Camera['privacy'] = {
  ...{ masks: 0, masks_live: true, masks_recordings: true, reencoded_streams: 0 },
  ...{ reencode_cores: 0, reencode_dropped: 0, reencode_trouble: '' },
};

test('says how many masks there are, and what they do not cover', () => {
  expect(maskWords(NONE, 'recording')).toBe('');
  expect(maskWords({ ...NONE, masks: 1 }, 'recording')).toBe('1 privacy mask');
  const open = { ...NONE, masks: 2, masks_recordings: false };
  expect(maskWords(open, 'recording')).toBe('2 privacy masks; recordings are not masked');
  expect(maskWords(open, 'off')).toBe('2 privacy masks');
  expect(maskWords({ ...open, masks_live: false }, 'waiting')).toContain('recordings and live video are not masked');
  expect(maskWords({ ...open, masks_live: false }, 'off')).toContain('live video is not masked');
});

test('tells why nothing is shown, and what was left out', () => {
  const privacy = { ...NONE, reencode_dropped: 7, reencode_trouble: 'openh264enc is missing' };
  render(<PrivacyNote camera={{ privacy, recording: 'off' } as Camera} />);
  expect(screen.getByText('openh264enc is missing')).toBeDefined();
  expect(screen.getByText(/7 pictures left out/)).toBeDefined();
});

test('is silent where there is nothing to say', () => {
  const { container } = render(<PrivacyNote camera={{ privacy: NONE, recording: 'off' } as Camera} />);
  expect(container.textContent).toBe('');
});

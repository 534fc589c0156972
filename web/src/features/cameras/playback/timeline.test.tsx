/* SPDX-License-Identifier: Apache-2.0 */
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { Timeline } from './timeline.tsx';

const day = { from: Date.parse('2026-03-29T00:00:00Z'), to: Date.parse('2026-03-30T00:00:00Z') };
const at = (clock: string) => Date.parse(`2026-03-29T${clock}Z`);

it('shows stretches, says the time, and is moved by keys within the day', async () => {
  const onSeek = vi.fn();
  const recorded = [
    { from: at('10:00:00'), to: at('10:05:00') },
    { from: at('10:05:00.100'), to: at('10:10:00') },
    { from: at('12:00:00'), to: at('12:05:00') },
  ];
  render(
    <Timeline
      {...{ day, span: day, zone: 'UTC', recorded, now: day.to, at: at('10:00:02'), onSeek }}
      events={[{ id: 'a', ts: at('10:01:00'), text: 'In over door' }]}
    />,
  );
  expect(document.querySelectorAll('[data-recorded]')).toHaveLength(2);
  expect(screen.getByTitle('10:01:00 In over door')).toBeTruthy();
  const slider = screen.getByRole('slider');
  expect(slider.getAttribute('aria-valuetext')).toBe('10:00:02');
  slider.focus();
  await userEvent.keyboard('{ArrowRight}{PageDown}');
  expect(onSeek.mock.calls).toEqual([[at('10:00:07')], [at('09:59:02')]]);
});

/* SPDX-License-Identifier: Apache-2.0 */
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { ClipHandles } from './clip-handles.tsx';

const at = (clock: string) => Date.parse(`2026-03-29T${clock}Z`);
const day = { from: at('00:00:00'), to: at('23:59:59') };

it('has two sliders that keys move, not past each other', async () => {
  const onChange = vi.fn();
  const clip = { from: at('10:00:00'), to: at('10:00:30') };
  render(<ClipHandles {...{ clip, span: day, bounds: day, zone: 'UTC', onChange }} />);
  const first = screen.getByRole('slider', { name: 'Beginning of the clip' });
  const last = screen.getByRole('slider', { name: 'End of the clip' });
  expect(first.getAttribute('aria-valuetext')).toBe('10:00:00');
  expect(Number(last.getAttribute('aria-valuemin'))).toBe(clip.from);
  first.focus();
  await userEvent.keyboard('{ArrowLeft}{PageUp}');
  await userEvent.tab();
  expect(document.activeElement).toBe(last);
  await userEvent.keyboard('{PageUp}');
  expect(onChange.mock.calls).toEqual([
    [{ from: at('09:59:59'), to: clip.to }, at('09:59:59')],
    [{ from: at('10:00:29'), to: clip.to }, at('10:00:29')],
    [{ from: clip.from, to: at('10:01:30') }, at('10:01:30')],
  ]);
});

it('stays in sight where the clip is not', () => {
  const clip = { from: at('10:00:00'), to: at('10:00:30') };
  const span = { from: at('12:00:00'), to: at('13:00:00') };
  render(<ClipHandles {...{ clip, span, bounds: day, zone: 'UTC', onChange: vi.fn() }} />);
  for (const handle of screen.getAllByRole('slider')) expect(handle.style.left).toBe('0.000%');
});

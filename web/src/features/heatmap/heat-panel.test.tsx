/* SPDX-License-Identifier: Apache-2.0 */
import { act, fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { show } from '../../../test/frame.tsx';
import { HeatPanel } from './heat-panel.tsx';

const DAY = { from: '2026-11-24T00:00:00.000Z', to: '2026-11-25T00:00:00.000Z' };
const panel = <HeatPanel store="mock" range={DAY} zone="UTC" />;

describe('the heat map', () => {
  it('shows the whole period on the plan, with unit, definition and where most time is spent', async () => {
    show(panel);
    await screen.findByRole('img', { name: /^Heat map of Floor plan, the whole period: .* of people's time$/ });
    expect(await screen.findByText(/Most time:/)).toBeTruthy();
    expect(screen.getByText(/Tills: .* per m² · Bread/)).toBeTruthy();
    expect(screen.getByText('Time people spent, per m²')).toBeTruthy();
    expect(screen.getByText('cameras alive 100%')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'What the heat map means' }));
    expect(screen.getByText(/time that people were in the cell/)).toBeTruthy();
  });

  it('goes through the hours by hand', async () => {
    show(panel);
    await userEvent.click(await screen.findByRole('radio', { name: 'By hour' }));
    const slider = await screen.findByRole('slider', { name: 'Hour' });
    expect(slider.getAttribute('aria-valuetext')).toBe('09:00 – 10:00');
    fireEvent.change(slider, { target: { value: '3' } });
    expect(slider.getAttribute('aria-valuetext')).toBe('12:00 – 13:00');
    expect(screen.getByRole('img', { name: /12:00 – 13:00/ })).toBeTruthy();
  });

  it('plays them, and stops when one is chosen', async () => {
    show(panel);
    await userEvent.click(await screen.findByRole('radio', { name: 'By hour' }));
    const slider = await screen.findByRole('slider', { name: 'Hour' });
    vi.useFakeTimers();
    try {
      fireEvent.click(screen.getByRole('button', { name: /^Play/ }));
      for (const want of ['10:00 – 11:00', '11:00 – 12:00']) {
        await act(() => vi.advanceTimersByTimeAsync(900));
        expect(slider.getAttribute('aria-valuetext')).toBe(want);
      }
      fireEvent.change(slider, { target: { value: '7' } });
      await act(() => vi.advanceTimersByTimeAsync(5000));
      expect(slider.getAttribute('aria-valuetext')).toBe('16:00 – 17:00');
      fireEvent.click(screen.getByRole('button', { name: /^Play/ }));
      await act(() => vi.advanceTimersByTimeAsync(900));
      expect(slider.getAttribute('aria-valuetext')).toBe('09:00 – 10:00'); // after the last, the first
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells the value under the pointer', async () => {
    show(panel);
    const picture = await screen.findByRole('img', { name: /^Heat map/ });
    picture.getBoundingClientRect = () => ({ left: 0, top: 0, width: 200, height: 120 }) as DOMRect;
    fireEvent.pointerMove(picture, { clientX: 44, clientY: 96 });
    expect(within(picture).getByText(/per m²$/).textContent).toMatch(/^1 h/);
    fireEvent.pointerMove(picture, { clientX: 199, clientY: 1 });
    expect(within(picture).getByText('0 s per m²')).toBeTruthy();
    fireEvent.pointerLeave(picture);
    expect(within(picture).queryByText(/per m²/)).toBeNull();
  });

  it('begins with a camera where nothing was measured on the plan', async () => {
    const asked: string[] = [];
    show(panel, {
      answer: (path, request) => {
        if (!path.endsWith('/kpis/heatmap')) return undefined;
        const { searchParams } = new URL(request.url);
        asked.push(searchParams.get('camera') ?? 'plan');
        return searchParams.has('camera') ? undefined : { status: 200, body: emptyPlan() };
      },
    });
    await screen.findByRole('img', { name: /^Heat map of Entrance/ });
    expect(screen.getByText('Time people spent, per cell')).toBeTruthy();
    expect(asked).toEqual(['plan', 'entrance']);
    await userEvent.selectOptions(screen.getByLabelText('Place shown'), 'Floor plan');
    expect(await screen.findByText('No heat map in this period')).toBeTruthy();
  });

  it('is honest about an hour nobody looked at and one without people', async () => {
    show(panel, {
      answer: (path, request) => {
        const { searchParams } = new URL(request.url);
        if (!path.endsWith('/kpis/heatmap') || searchParams.get('step') !== 'hour') return undefined;
        const map = emptyPlan();
        const hour = (n: number, person_seconds: number | null, coverage: number) => ({
          ...{ start: `2026-11-24T0${n}:00:00.000Z`, end: `2026-11-24T0${n + 1}:00:00.000Z`, hour_of_day: null },
          ...{ person_seconds, coverage, provisional: false, cells: [], values: [] },
        });
        return {
          status: 200,
          body: {
            ...map,
            grid: { columns: 40, rows: 24, cell_m: 0.5 },
            total: { ...map.total, person_seconds: 0, coverage: 0.6 },
            periods: [hour(1, 0, 0.9), hour(2, null, 0), hour(3, 0, 1)],
          },
        };
      },
    });
    await userEvent.click(await screen.findByRole('radio', { name: 'By hour' }));
    const slider = await screen.findByRole('slider', { name: 'Hour' });
    expect(await screen.findByText('Nobody was seen in this time.')).toBeTruthy();
    fireEvent.change(slider, { target: { value: '1' } });
    expect(screen.getByText(/nothing is known of this time/)).toBeTruthy();
    expect(screen.getByText('n/a')).toBeTruthy();
  });
});

function emptyPlan() {
  return {
    ...{ ...DAY, step: 'total', time_zone: 'UTC', camera_id: null, grid: null, other_grids_person_seconds: 0 },
    figure: { unit: 'person-s/m²', denominator: 'area', definition: 'd', definition_version: 0 },
    total: {
      ...{ start: DAY.from, end: DAY.to, hour_of_day: null, person_seconds: null, coverage: 0, provisional: false },
      ...{ cells: [], values: [] },
    },
    periods: [],
  };
}

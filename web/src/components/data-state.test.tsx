/* SPDX-License-Identifier: Apache-2.0 */
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '@/lib/api/problem.ts';
import { type DataQuery, DataState } from './data-state.tsx';

function show(query: Partial<DataQuery<string[]>>, stale = false) {
  return render(part(query, stale));
}

function part(query: Partial<DataQuery<string[]>>, stale = false) {
  return (
    <DataState
      query={{ data: undefined, error: null, isPending: false, ...query }}
      what="things"
      stale={stale}
      loading={<p>wait</p>}
      isEmpty={(list) => list.length === 0}
      empty={{ icon: 'zone', title: 'Nothing', text: 'Draw one.' }}
    >
      {(list) => <p>{list.join()}</p>}
    </DataState>
  );
}

describe('DataState', () => {
  it('loading: says so to screen readers', () => {
    show({ isPending: true });
    expect(screen.getByRole('status', { name: 'Loading things' }).textContent).toBe('wait');
  });

  it('error: the reason and a way on', async () => {
    const refetch = vi.fn();
    show({ error: new ApiProblem(503, 'Busy', 'Try again in a moment.'), refetch });
    expect(screen.getByRole('alert').textContent).toContain('Could not load things');
    expect(screen.getByRole('alert').textContent).toContain('Try again in a moment.');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(refetch).toHaveBeenCalledOnce();
  });

  it('error: stands while another try is under way, and goes with the first data', () => {
    const refetch = vi.fn();
    const { rerender, container } = show({ error: new ApiProblem(500, 'Broken'), refetch });
    rerender(part({ isPending: true, refetch }));
    expect(screen.getByRole('alert').textContent).toContain('Broken');
    expect(screen.getByRole('button', { name: 'Try again' }).getAttribute('aria-busy')).toBe('true');
    rerender(part({ data: ['a'] }));
    expect(container.textContent).toBe('a');
    rerender(part({ isPending: true }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('empty: what to do', () => {
    show({ data: [] });
    expect(screen.getByText('Draw one.')).toBeDefined();
  });

  it('stale: the last known data, marked', () => {
    show({ data: ['a'] }, true);
    expect(screen.getByText('a')).toBeDefined();
    expect(screen.getByRole('status').textContent).toContain('Not up to date');
  });

  it('a refetch that failed makes data stale, it never takes it away', () => {
    show({ data: ['a'], error: new TypeError('fetch failed') });
    expect(screen.getByText('a')).toBeDefined();
    expect(screen.getByText(/last known things/)).toBeDefined();
  });

  it('ready: the data and nothing else', () => {
    const { container } = show({ data: ['a', 'b'] });
    expect(container.textContent).toBe('a,b');
  });
});

/* SPDX-License-Identifier: Apache-2.0 */
import { useStore } from '@/lib/api/stores.ts';
import { formatDateTime } from '@/lib/format/time.ts';
import type { Audit, Figures, Share } from './accuracy-queries.ts';
import { netText, shareText } from './accuracy-words.ts';

/** From here to 100 %: what is below is far from any target. */
const AXIS_FROM = 0.5;
const place = (value: number) => `${(Math.max(0, (value - AXIS_FROM) / (1 - AXIS_FROM)) * 100).toFixed(1)}%`;

type ShareBarProps = { label: string; share: Share; target: number };

/** A share, its interval and the target on an axis from 50 to 100 %. */
function ShareBar({ label, share, target }: ShareBarProps) {
  const { share: value, low, high } = share;
  return (
    <div>
      <p className="flex justify-between gap-2 text-[13px]">
        <span className="text-quiet">{label}</span>
        <span className="font-medium tabular-nums">{shareText(share)}</span>
      </p>
      <div aria-hidden="true" className="relative mt-1 h-3 rounded bg-sunken">
        {value !== null && low !== null && high !== null && (
          <>
            <div
              className={`absolute inset-y-1 rounded ${low >= target ? 'bg-success' : high < target ? 'bg-danger' : 'bg-warning'}`}
              style={{ left: place(low), right: `calc(100% - ${place(high)})` }}
            />
            <div className="absolute inset-y-0 w-0.5 -translate-x-1/2 bg-ink" style={{ left: place(value) }} />
          </>
        )}
        <div className="absolute -inset-y-0.5 w-px bg-quiet" style={{ left: place(target) }} />
      </div>
    </div>
  );
}

export function FiguresView({ figures, target }: { figures: Figures; target: number }) {
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <ShareBar label="Recall" share={figures.recall} target={target} />
      <ShareBar label="Precision" share={figures.precision} target={target} />
      <p className="flex justify-between gap-2 text-[13px] sm:block">
        <span className="block text-quiet">Net error</span>
        <span className="font-medium tabular-nums">{netText(figures)}</span>
      </p>
    </div>
  );
}

/** Each interval that is settled. */
export function IntervalsTable({ audit }: { audit: Audit }) {
  const zone = useStore().time_zone;
  const settled = audit.intervals.filter(({ state }) => state !== 'open');
  if (settled.length === 0) return null;
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={`Intervals of audit ${audit.id}`}>
      <table className="w-full text-left text-[13px] tabular-nums">
        <thead className="text-quiet">
          <tr>
            {['Interval', 'By hand in/out', 'System in/out', 'Net', 'Absolute'].map((name) => (
              <th key={name} scope="col" className="py-1.5 pr-4 font-medium whitespace-nowrap">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-t border-line">
          {settled.map(({ id, from, counts, busy }) => (
            <tr key={id}>
              <td className="py-1.5 pr-4 whitespace-nowrap">
                {formatDateTime(from, zone)} <span className="text-quiet">{busy ? 'busy' : 'quiet'}</span>
              </td>
              {counts ? (
                <>
                  <td className="pr-4">{`${counts.manual_in}/${counts.manual_out}`}</td>
                  <td className="pr-4">{`${counts.counted_in}/${counts.counted_out}`}</td>
                  <td className="pr-4">{counts.net_error}</td>
                  <td>{counts.absolute_error}</td>
                </>
              ) : (
                <td colSpan={4} className="text-quiet">
                  Nothing could be seen
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

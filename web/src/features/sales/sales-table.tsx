/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactNode } from 'react';
import { ProgressBar } from '@/components/progress-bar.tsx';

/* Rows of money with a bar for their share: lanes, terminals and categories look the same. */

export type SalesColumn<T> = {
  head: string;
  /** What it means, as the server says it. */ title?: string;
  onPhone?: boolean;
  strong?: boolean;
  cell: (row: T) => string;
};

type SalesTableProps<T> = {
  head: string;
  rows: readonly T[];
  columns: readonly SalesColumn<T>[];
  keyOf: (row: T) => string;
  nameOf: (row: T) => ReactNode;
  /** For screen readers: whose share the bar shows. */
  labelOf: (row: T) => string;
  amountOf: (row: T) => number | null;
};

const EDGE = 'last:pr-4 sm:last:pr-6';
const HEAD = `px-3 py-2 text-right text-xs font-medium text-quiet whitespace-nowrap ${EDGE}`;
const CELL = `px-3 py-3 text-right tabular-nums whitespace-nowrap ${EDGE}`;

export function SalesTable<T>({ head, rows, columns, keyOf, nameOf, labelOf, amountOf }: SalesTableProps<T>) {
  const most = Math.max(1, ...rows.map((row) => amountOf(row) ?? 0));
  const lastOnPhone = columns.findLast(({ onPhone }) => onPhone)?.head;
  const narrow = ({ head: name, onPhone }: SalesColumn<T>) =>
    onPhone ? (name === lastOnPhone ? 'max-sm:pr-4' : '') : 'max-sm:hidden';
  return (
    <div
      className="overflow-x-auto border-t border-line"
      tabIndex={0}
      role="region"
      aria-label={`Sales by ${head.toLowerCase()}`}
    >
      <table className="w-full">
        <thead className="bg-page/60">
          <tr>
            <th scope="col" className="px-4 py-2 text-left text-xs font-medium text-quiet sm:pl-6">
              {head}
            </th>
            {columns.map((column) => (
              <th key={column.head} scope="col" title={column.title} className={`${HEAD} ${narrow(column)}`}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={keyOf(row)} data-row={keyOf(row)} className="hover:bg-page/60">
              <th scope="row" className="w-full min-w-28 py-3 pr-3 pl-4 text-left font-medium break-words sm:pl-6">
                {nameOf(row)}
                <div className="mt-1.5">
                  <ProgressBar
                    label={`Revenue of ${labelOf(row)} against the most`}
                    share={(amountOf(row) ?? 0) / most}
                  />
                </div>
              </th>
              {columns.map((column) => (
                <td key={column.head} className={`${CELL} ${narrow(column)} ${column.strong ? 'font-semibold' : ''}`}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

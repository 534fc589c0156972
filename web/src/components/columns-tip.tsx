/* SPDX-License-Identifier: Apache-2.0 */
import { DefinitionTip } from './definition-tip.tsx';

type ColumnsTipProps = {
  /** "Zones": what the table is of. */
  of: string;
  columns: readonly { head: string; text: string }[];
};

/** What the columns of a table mean: heads are short, and a title opens neither by touch nor by key. */
export function ColumnsTip({ of, columns }: ColumnsTipProps) {
  return (
    <DefinitionTip subject={`each column of ${of}`}>
      <dl className="space-y-2">
        {columns.map(({ head, text }) => (
          <div key={head}>
            <dt className="font-medium text-ink">{head}</dt>
            <dd className="text-xs leading-4 first-letter:uppercase">{text}</dd>
          </div>
        ))}
      </dl>
    </DefinitionTip>
  );
}

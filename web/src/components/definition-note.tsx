/* SPDX-License-Identifier: Apache-2.0 */
import { formatShare, known } from '@/lib/format/number.ts';

type Defined = { definition: string; definition_version: number; coverage: number | null; provisional: boolean };

/** What a figure means and how far it can be trusted, as the server says it. */
export function DefinitionNote({ figure }: { figure: Defined }) {
  return (
    <div className="space-y-2">
      <p className="text-ink first-letter:uppercase">{figure.definition}</p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 text-xs leading-5">
        <dt>Coverage</dt>
        <dd className="text-right text-ink">
          {known(figure.coverage) ? `${formatShare(figure.coverage)} of the period` : 'n/a'}
        </dd>
        <dt>State</dt>
        <dd className="text-right text-ink">{figure.provisional ? 'provisional' : 'final'}</dd>
        <dt>Definition</dt>
        <dd className="text-right text-ink">version {figure.definition_version}</dd>
      </dl>
    </div>
  );
}

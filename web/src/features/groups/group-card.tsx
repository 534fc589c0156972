/* SPDX-License-Identifier: Apache-2.0 */
import { Link } from 'wouter';
import { Badge } from '@/components/badge.tsx';
import { Card } from '@/components/card.tsx';
import { EmptyNote } from '@/components/data-state.tsx';
import { DefinitionNote } from '@/components/definition-note.tsx';
import { DefinitionTip } from '@/components/definition-tip.tsx';
import { ProgressBar } from '@/components/progress-bar.tsx';
import { formatCount, formatDecimal, formatShare, known } from '@/lib/format/number.ts';
import { groupSizes, type GroupTotals, peopleTogether } from './group-sizes.ts';

type GroupCardProps = { totals: GroupTotals; stale: boolean; /** Events of groups. */ href: string };

/** Who came in together: buying units instead of heads. */
export function GroupCard({ totals, stale, href }: GroupCardProps) {
  const { groups, group_size_mean: mean } = totals;
  return (
    <Card
      title="Groups"
      hint="Who came in together; who came alone is a group of one"
      actions={
        <>
          {stale && <Badge tone="warning">Not up to date</Badge>}
          <Link href={href} className="text-[13px] font-medium text-primary-ink hover:underline">
            Events
          </Link>
          <DefinitionTip subject="Groups">
            <DefinitionNote figure={groups} />
          </DefinitionTip>
        </>
      }
    >
      {known(groups.value) && groups.value > 0 ? (
        <div className={`grid gap-6 sm:grid-cols-[auto_1fr] sm:gap-10 ${stale ? 'opacity-60' : ''}`}>
          <dl className="grid grid-cols-3 gap-4 sm:grid-cols-1">
            <Number name="Groups" value={formatCount(groups.value)} />
            <Number name="Mean size" value={formatDecimal(mean.value)} />
            <Number name="Came together" value={formatShare(peopleTogether(totals))} />
          </dl>
          <Sizes totals={totals} />
        </div>
      ) : (
        <EmptyNote
          icon="people"
          title={known(groups.value) ? 'Nobody came in' : 'Groups are not known'}
          text={
            known(groups.value)
              ? 'There is no group in this period.'
              : 'No camera with an entrance line was alive, or the period began before groups were counted.'
          }
        />
      )}
    </Card>
  );
}

function Number({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-xs text-quiet">{name}</dt>
      <dd className="text-xl leading-7 font-semibold tracking-tight tabular-nums">{value}</dd>
    </div>
  );
}

/** Groups by how many people they are, with their share of all groups. */
function Sizes({ totals }: { totals: GroupTotals }) {
  return (
    <table className="w-full text-[13px]">
      <caption className="sr-only">Groups by size</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Size</th>
          <th scope="col">Share</th>
          <th scope="col">Groups</th>
          <th scope="col">People</th>
        </tr>
      </thead>
      <tbody>
        {groupSizes(totals).map(({ label, groups, people, share }) => (
          <tr key={label}>
            <th scope="row" className="w-0 py-1.5 pr-4 text-left font-normal whitespace-nowrap text-quiet">
              {label}
            </th>
            <td className="py-1.5">
              <ProgressBar label={`${label}: share of all groups`} share={share} />
            </td>
            <td className="w-0 py-1.5 pl-4 text-right font-medium tabular-nums">{formatCount(groups)}</td>
            <td className="w-0 py-1.5 pl-3 text-right whitespace-nowrap text-quiet tabular-nums max-sm:hidden">
              {formatCount(people)} people
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Compared } from '@/lib/comparison.ts';
import { Badge } from './badge.tsx';
import { DefinitionTip } from './definition-tip.tsx';
import { Icon, type IconName } from './icon.tsx';
import { Trend } from './trend.tsx';

type KpiCardProps = {
  icon: IconName;
  name: string;
  /** The figure as it is read: "128", "42 s", "n/a". */
  value: string;
  /** To the last digit, where the card rounds. */
  exact?: string;
  unit?: string;
  definition: ReactNode;
  note?: ReactNode;
  change?: Compared | null;
  provisional?: boolean;
  stale?: boolean;
  /** Where the breakdown of this figure is. */
  href?: string;
};

export function KpiCard(props: KpiCardProps) {
  const { icon, name, value, exact, unit, definition, note, change, provisional, stale, href } = props;
  return (
    <article
      data-kpi={name}
      className="group relative flex min-w-0 flex-col rounded-card border border-line bg-card p-4 shadow-card transition-shadow has-[a:hover]:border-line-strong has-[a:hover]:shadow-md"
    >
      <header className="@container">
        <div className="flex min-h-8 items-center gap-2">
          <span className="hidden size-8 shrink-0 place-items-center @min-[200px]:grid rounded-lg bg-primary-soft text-primary-ink">
            <Icon name={icon} className="size-[18px]" />
          </span>
          <h3 className="min-w-0 flex-1 truncate text-[13px] font-medium text-quiet">
            {href ? (
              <Link href={href} className="after:absolute after:inset-0 after:rounded-card">
                {name}
              </Link>
            ) : (
              name
            )}
          </h3>
          <span className="relative z-10 flex">
            <DefinitionTip subject={name}>{definition}</DefinitionTip>
          </span>
        </div>
      </header>
      <div className="@container mt-2">
        <p className={`flex flex-wrap items-baseline gap-x-1.5 ${stale ? 'opacity-60' : ''}`}>
          <span className="flex items-baseline gap-x-1.5">
            <output
              aria-label={name}
              title={exact}
              className={`leading-8 font-semibold tracking-tight whitespace-nowrap tabular-nums ${sizeOf(value, unit)} ${value === 'n/a' ? 'text-quiet' : ''}`}
            >
              {value}
            </output>
            {provisional && value !== 'n/a' && <ProvisionalMark />}
          </span>
          {unit && value !== 'n/a' && <span className="text-[13px] whitespace-nowrap text-quiet">{unit}</span>}
        </p>
      </div>
      {(change || note || stale) && (
        <footer className="mt-2 flex min-h-5 flex-col items-start gap-y-1 text-xs leading-4 text-quiet">
          {change && <Trend {...change} />}
          {note && <span>{note}</span>}
          {stale && <Badge tone="warning">Not up to date</Badge>}
        </footer>
      )}
    </article>
  );
}

/** Smaller where a narrow card could not hold it, or not its unit beside it. */
function sizeOf(value: string, unit: string | undefined): string {
  if (value.length > 7) return 'text-[22px] sm:text-[28px]';
  return unit && value.length > 4 ? 'text-[28px] @max-[170px]:text-2xl' : 'text-[28px]';
}

/** The figure may still change: the period is not over, or visits in it are still open. */
function ProvisionalMark() {
  return (
    <span title="Provisional: may still change" className="self-center text-faint">
      <Icon name="clock" className="size-3.5" />
      <span className="sr-only">provisional</span>
    </span>
  );
}

export function KpiSkeleton() {
  return <div className="h-[132px] rounded-card border border-line bg-card shadow-card" />;
}

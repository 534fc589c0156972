/* SPDX-License-Identifier: Apache-2.0 */
import { Link } from 'wouter';
import { Badge } from '@/components/badge.tsx';
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { DefinitionNote } from '@/components/definition-note.tsx';
import { DefinitionTip } from '@/components/definition-tip.tsx';
import { ProgressBar } from '@/components/progress-bar.tsx';
import { formatCount, formatShare, known } from '@/lib/format/number.ts';
import type { Funnel, FunnelStep } from './funnel-queries.ts';
import { dropWords, hasNothing, STEP_WORDS, untoldWords } from './funnel-words.ts';

type FunnelCardProps = { query: DataQuery<Funnel>; /** The sales behind the last step. */ salesHref: string };

/** From coming in to buying, with what is not the same people said where it is not. */
export function FunnelCard({ query, salesHref }: FunnelCardProps) {
  return (
    <Card title="From coming in to buying" hint="People who came in, and the purchases of the same time" flush>
      <DataState
        query={query}
        what="the funnel"
        loading={<Skeleton className="mx-6 mb-6 h-40" />}
        isEmpty={hasNothing}
        empty={{
          icon: 'people',
          title: 'Nobody was counted in this period',
          text: 'No camera with an entrance line was alive then, so there is nothing to start from.',
        }}
      >
        {(funnel) => (
          <>
            <ol className="divide-y divide-line border-t border-line">
              {funnel.steps.map((step) => (
                <Step key={step.step} step={step} funnel={funnel} />
              ))}
            </ol>
            <Links funnel={funnel} salesHref={salesHref} />
          </>
        )}
      </DataState>
    </Card>
  );
}

function Step({ step, funnel: { steps, coverage, provisional } }: { step: FunnelStep; funnel: Funnel }) {
  const { name, what } = STEP_WORDS[step.step];
  const drop = dropWords(step, steps);
  return (
    <li
      data-step={step.step}
      className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-2 px-4 py-3 sm:grid-cols-[14rem_minmax(0,1fr)_8rem] sm:px-6"
    >
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium">{name}</span>
          {step.figure && (
            <DefinitionTip subject={name}>
              <DefinitionNote
                figure={{ ...step.figure, coverage: step.step === 'entered' ? coverage : null, provisional }}
              />
            </DefinitionTip>
          )}
          {step.value !== null && !step.same_people && (
            <Badge tone="warning" title="Receipts are not linked to who came in">
              not the same people
            </Badge>
          )}
        </p>
        <p className="text-xs text-quiet">{step.value === null ? untoldWords(step) : what}</p>
      </div>
      <div className="max-sm:order-last max-sm:col-span-2">
        {known(step.share) && (
          <ProgressBar label={`${name}, as a share of those who came in`} share={step.share} />
        )}
        {drop && <p className="mt-1 text-xs text-quiet">{drop}</p>}
      </div>
      <p className="text-right tabular-nums">
        <span className={`block text-lg leading-6 font-semibold ${known(step.value) ? '' : 'text-quiet'}`}>
          {formatCount(step.value)}
        </span>
        {known(step.share) && step.step !== 'entered' && (
          <span className="block text-xs text-quiet">{formatShare(step.share)} of who came in</span>
        )}
      </p>
    </li>
  );
}

/** How far receipts can be traced to a customer at the till: what the last step will one day rest on. */
function Links({ funnel: { link_rate: link }, salesHref }: { funnel: Funnel; salesHref: string }) {
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-line px-4 py-3 text-[13px] text-quiet sm:px-6">
      <span>
        <span className="font-medium text-ink">Link rate {formatShare(link.value)}</span>
        {known(link.value) ? ' of the purchases were seen at a till.' : ': no receipt could be looked for at a till.'}
      </span>
      <DefinitionTip subject="Link rate">
        <DefinitionNote figure={link} />
      </DefinitionTip>
      <Link href={salesHref} className="ml-auto font-medium text-primary-ink hover:underline">
        Sales
      </Link>
    </div>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, EmptyNote, Skeleton } from '@/components/data-state.tsx';
import { DefinitionNote } from '@/components/definition-note.tsx';
import { KpiCard } from '@/components/kpi-card.tsx';
import { ProgressBar } from '@/components/progress-bar.tsx';
import { formatCount, formatDecimal, formatDuration, formatShare, known } from '@/lib/format/number.ts';
import type { Journeys } from './journeys-queries.ts';
import { SankeyChart } from './sankey.tsx';

/** Where visits lead: steps from zone to zone, the most common paths, and who buys. */
export function JourneysSection({ query }: { query: DataQuery<Journeys> }) {
  return (
    <div className="space-y-4 sm:space-y-6">
      <Card
        title="Journeys"
        hint="Visits of people who were recognised and have left, by the day they came in; whole days of the store"
      >
        <DataState
          query={query}
          what="journeys"
          loading={<Skeleton className="h-80" />}
          isEmpty={({ figures }) => !figures.closed_visits.value}
          empty={emptyOf(query.data)}
        >
          {(journeys) => (
            <>
              <p className="mb-4 text-[13px] text-quiet">{restsOn(journeys)}</p>
              {journeys.zones.length > 0 ? (
                <SankeyChart zones={journeys.zones} links={journeys.links} />
              ) : (
                <EmptyNote
                  icon="zone"
                  title="No visit came to a zone"
                  text="Journeys are told of product zones, fitting rooms and checkouts. Draw them on the pictures of the cameras."
                />
              )}
            </>
          )}
        </DataState>
      </Card>
      {query.data && Boolean(query.data.figures.closed_visits.value) && (
        <>
          <JourneyCards journeys={query.data} stale={Boolean(query.error)} />
          <div className="grid grid-cols-1 gap-4 sm:gap-6 lg:grid-cols-2">
            <PathsCard journeys={query.data} />
            <HoursCard journeys={query.data} />
          </div>
        </>
      )}
    </div>
  );
}

function emptyOf(journeys: Journeys | undefined) {
  if (journeys?.figures.closed_visits.value === 0)
    return {
      ...{ icon: 'people' as const, title: 'No visit is over yet' },
      text: journeys.open > 0 ? `${visits(journeys.open)} still going on.` : 'Nobody who was recognised came in.',
    };
  return {
    ...{ icon: 'people' as const, title: 'Journeys are not known' },
    text: 'Nobody was recognised from camera to camera. It needs the floor plan, with the cameras placed on it.',
  };
}

function restsOn({ known_share: share, open, figures }: Journeys): string {
  const parts = [`${visits(figures.closed_visits.value ?? 0)}`];
  if (known(share)) parts.push(`${formatShare(share)} of those who came in were recognised`);
  if (open > 0) parts.push(`${formatCount(open)} still going on, not told here`);
  return parts.join(' · ');
}

function visits(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'visit' : 'visits'}`;
}

const NOT_LINKED = 'not known how many receipts are linked';

function JourneyCards({ journeys: { figures }, stale }: { journeys: Journeys; stale: boolean }) {
  const { visit_link_rate: link, visit_conversion: conversion } = figures;
  const share = known(link.value) ? `${formatShare(link.value)} of visits with a checkout have a receipt` : NOT_LINKED;
  const linked = known(conversion.value) ? `at least; ${share}` : 'no receipts that could be linked';
  const rows = [
    ['zone', 'Zones per visit', figures.zones_visited, formatDecimal, undefined],
    ['undo', 'Backtracking', figures.backtracking_rate, formatShare, undefined],
    ['clock', 'Express visits', figures.express_share, formatShare, undefined],
    ['eye', 'Browsers', figures.browser_share, formatShare, undefined],
    ['receipt', 'Visit conversion', conversion, formatShare, linked],
    ['link', 'Visit link rate', link, formatShare, known(link.value) ? undefined : NOT_LINKED],
    ['basket', 'Cart abandonment', figures.cart_abandonment, formatShare, 'carts and products are not seen'],
  ] as const;
  return (
    <div className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4">
      {rows.map(([icon, name, figure, format, note]) => (
        <KpiCard
          key={name}
          icon={icon}
          name={name}
          value={format(figure.value)}
          unit={name === 'Zones per visit' ? 'zones' : undefined}
          note={note}
          provisional={figure.provisional}
          stale={stale}
          definition={<DefinitionNote figure={figure} />}
        />
      ))}
    </div>
  );
}

/** Of many paths even the most common is of few: "0.4%", where others would read "1%". */
function formatSmallShare(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1%';
  return share > 0 && share < 0.0995 ? `${formatDecimal(share * 100)}%` : formatShare(share);
}

function PathsCard({ journeys: { paths, zones, different_paths: different } }: { journeys: Journeys }) {
  return (
    <Card title="Most common paths" hint={`${formatCount(paths.length)} of ${formatCount(different)}`}>
      <ol className="space-y-3">
        {paths.map((path) => {
          const name = path.steps.map((step) => zones[step]?.name ?? 'Deleted zone').join(' → ') || 'No zone';
          return (
            <li key={path.steps.join()}>
              <div className="mb-1 flex items-baseline justify-between gap-4 text-[13px]">
                <span className="min-w-0 break-words">{name}</span>
                <span className="shrink-0 font-medium tabular-nums">{formatSmallShare(path.share)}</span>
              </div>
              <ProgressBar label={`${name}: share of visits`} share={path.share} />
              <p className="mt-1 text-xs text-quiet tabular-nums">
                {visits(path.visits)}, {formatDuration(path.mean_s)} on average
              </p>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}

function HoursCard({ journeys: { hours, figures } }: { journeys: Journeys }) {
  const shown = hours.filter((hour) => hour.visits > 0);
  return (
    <Card title="Conversion by hour of entry" hint="At least so many: not every receipt is linked to a visit">
      {known(figures.visit_conversion.value) ? (
        <table className="w-full text-[13px] tabular-nums">
          <thead className="text-xs text-quiet">
            <tr>
              {['Hour', 'Conversion', 'Visits', 'Link rate'].map((head, i) => (
                <th key={head} scope="col" className={`pb-2 font-normal ${i < 2 ? 'text-left' : 'pl-4 text-right'}`}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((at) => (
              <tr key={at.hour}>
                <th scope="row" className="w-0 py-1 pr-4 text-left font-normal text-quiet">
                  {String(at.hour).padStart(2, '0')}:00
                </th>
                <td>
                  <div className="flex items-center gap-3">
                    {known(at.conversion) && <ProgressBar label={`Conversion at ${at.hour}`} share={at.conversion} />}
                    <span className="w-10 shrink-0 text-right font-medium">{formatShare(at.conversion)}</span>
                  </div>
                </td>
                <td className="w-0 pl-4 text-right">{formatCount(at.visits)}</td>
                <td className="w-0 pl-4 text-right whitespace-nowrap text-quiet">{formatShare(at.link_rate)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <EmptyNote
          icon="receipt"
          title="Conversion is not known"
          text="No receipt is linked to a visit. It needs a point of sale, and terminals mapped to lanes that are seen."
        />
      )}
    </Card>
  );
}

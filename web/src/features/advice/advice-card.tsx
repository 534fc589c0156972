/* SPDX-License-Identifier: Apache-2.0 */
import { Link } from 'wouter';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { formatDateTime } from '@/lib/format/time.ts';
import type { Recommendation, Recommendations } from './advice-queries.ts';
import { adviceKey, useDismissed } from './dismissed.ts';

type AdviceCardProps = {
  query: DataQuery<Recommendations>;
  store: { id: string; time_zone: string };
  user: string;
};

/** What the rules found in the last seven days, each with its numbers and a way to look. */
export function AdviceCard({ query, store, user }: AdviceCardProps) {
  const aside = useDismissed(user, store.id);
  const all = query.data?.recommendations ?? [];
  const shown = all.filter((advice) => !aside.isDismissed(advice));
  const hidden = all.length - shown.length;
  return (
    <Card
      title="Recommendations"
      hint="From the last seven whole days"
      actions={
        hidden > 0 && (
          <Button size="sm" variant="ghost" onClick={aside.restore}>
            Show {hidden} put aside
          </Button>
        )
      }
    >
      <DataState
        query={query}
        what="recommendations"
        loading={<Skeleton className="h-24 w-full" />}
      >
        {() =>
          shown.length === 0 ? (
            <p className="text-[13px] leading-5 text-quiet">
              <span className="font-medium text-ink">Nothing to recommend.</span>{' '}
              {hidden
                ? 'What was found is put aside on this device for a week.'
                : 'No rule found anything, or there were too few cases yet.'}
            </p>
          ) : (
            <ul className="divide-y divide-line">
              {shown.map((advice, i) => (
                <Row
                  key={`${adviceKey(advice)} ${i}`}
                  advice={advice}
                  store={store}
                  onDismiss={() => aside.dismiss(advice)}
                />
              ))}
            </ul>
          )
        }
      </DataState>
    </Card>
  );
}

type RowProps = { advice: Recommendation; store: AdviceCardProps['store']; onDismiss: () => void };

function Row({ advice, store, onDismiss }: RowProps) {
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="text-[13px] leading-5 text-ink">{advice.text}</p>
        <p className="text-xs leading-5 text-quiet">
          {advice.at && `${formatDateTime(advice.at, store.time_zone)} · `}
          Rule: {advice.when}
        </p>
      </div>
      <div className="flex shrink-0 items-center gap-3">
        <Link
          href={`/stores/${store.id}/${advice.screen}`}
          className="text-[13px] font-medium text-primary-ink hover:underline"
        >
          Look
        </Link>
        <Button size="sm" variant="ghost" onClick={onDismiss} aria-label={`Put aside: ${advice.text}`}>
          Put aside
        </Button>
      </div>
    </li>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Breadcrumb } from '@/components/breadcrumb.tsx';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { DataState, Skeleton } from '@/components/data-state.tsx';
import { Icon } from '@/components/icon.tsx';
import { api, bodyOf } from '@/lib/api/client.ts';
import { type Names, useNames } from '@/lib/api/names.ts';
import { useStore } from '@/lib/api/stores.ts';
import { formatDateTime } from '@/lib/format/time.ts';
import { auditActor, auditDetail, auditWords, type AuditEntry } from './audit-words.ts';

/** Who did what, newest first. Rows are only ever added. */
export function AuditPage() {
  const store = useStore();
  const names = useNames(store.id);
  const query = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam }) =>
      bodyOf(api.GET('/api/v1/audit', { params: { query: { limit: 50, cursor: pageParam ?? undefined } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
  return (
    <div className="mx-auto max-w-4xl space-y-4">
      <Breadcrumb trail={[{ href: `/stores/${store.id}/settings`, text: 'Settings' }]} here="Audit log" />
      <Card
        title="Audit log"
        hint="Who did what. Rows are only ever added; each carries the hash of the one before"
        flush
      >
        <DataState
          query={{ ...query, data: query.data?.pages.flatMap((page) => page.entries) }}
          what="the audit log"
          loading={<Skeleton className="mx-6 mb-6 h-64" />}
          isEmpty={(entries) => entries.length === 0}
          empty={{
            icon: 'history',
            title: 'Nothing yet',
            text: 'Logins, changes and looks at cameras are listed here.',
          }}
        >
          {(entries) => (
            <>
              <ol className="divide-y divide-line border-t border-line">
                {entries.map((entry) => (
                  <AuditRow
                    key={entry.id}
                    entry={entry}
                    zone={store.time_zone}
                    names={entry.store_id === store.id ? names : null}
                  />
                ))}
              </ol>
              {query.hasNextPage && (
                <div className="border-t border-line p-3 text-center">
                  <Button
                    size="sm"
                    variant="ghost"
                    busy={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    Load older entries
                  </Button>
                </div>
              )}
            </>
          )}
        </DataState>
      </Card>
    </div>
  );
}

type AuditRowProps = {
  entry: AuditEntry;
  zone: string;
  /** Of this store; null for a row that is not of it. */
  names: Names | null;
};

function AuditRow({ entry, zone, names }: AuditRowProps) {
  const { icon, text, grave } = auditWords(entry, names?.camera(entry.subject));
  const detail = auditDetail(entry);
  return (
    <li data-audit={entry.action} className="flex items-center gap-3 px-4 py-2.5 sm:px-6">
      <span
        className={`grid size-8 shrink-0 place-items-center rounded-lg ${grave ? 'bg-warning-soft text-warning-ink' : 'bg-sunken text-quiet'}`}
      >
        <Icon name={icon} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="text-[13px] leading-5 break-words">
          <span className="font-medium">{auditActor(entry)}</span> {text}
        </p>
        {detail && <p className="truncate text-xs leading-4 text-quiet">{detail}</p>}
      </div>
      <time dateTime={entry.ts} className="shrink-0 text-xs text-quiet tabular-nums">
        {formatDateTime(entry.ts, zone)}
      </time>
    </li>
  );
}

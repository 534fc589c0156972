/* SPDX-License-Identifier: Apache-2.0 */
import { EventFeed } from '@/features/events/event-feed.tsx';
import { useMay } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';
import { formatLongDay } from '@/lib/format/time.ts';
import { useNow } from '@/lib/use-now.ts';
import { AdviceSection } from './advice-section.tsx';
import { CamerasSection } from './cameras-section.tsx';
import { ChartsSection } from './charts-section.tsx';
import { FiguresSection } from './figures-section.tsx';
import { SalesSection } from './sales-section.tsx';
import { useToday } from './use-today.ts';

const FIVE_MIN_MS = 5 * 60_000;

/** The store at a glance. Each role sees the parts it may see. */
export function OverviewPage() {
  const store = useStore();
  const now = useNow(FIVE_MIN_MS);
  const today = useToday(now, store.time_zone);
  const kpis = useMay('kpis.read');
  const pictures = useMay('pictures.read');
  const events = useMay('events.read');
  return (
    <div className="space-y-4 sm:space-y-6">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="text-[15px] font-semibold tracking-tight">{store.name}</h2>
        <p className="text-[13px] text-quiet">{formatLongDay(now, store.time_zone)}</p>
      </div>
      {kpis && <FiguresSection today={today} />}
      {kpis && <SalesSection today={today} />}
      {(pictures || events) && (
        <div className="grid grid-cols-1 gap-4 sm:gap-6 xl:grid-cols-3">
          {pictures && <CamerasSection className="xl:col-span-2" />}
          {events && (
            <div className="relative min-h-[420px]">
              <EventFeed className="h-full max-h-[640px] xl:absolute xl:inset-0 xl:max-h-none" />
            </div>
          )}
        </div>
      )}
      {kpis && <AdviceSection />}
      {kpis && <ChartsSection today={today} />}
    </div>
  );
}

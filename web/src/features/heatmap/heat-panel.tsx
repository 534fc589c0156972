/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo, useState } from 'react';
import { useCameras } from '@/lib/api/cameras.ts';
import { HeatCard, type HeatMode } from './heat-card.tsx';
import { stepFor } from './heat-frames.ts';
import { PLAN, useBackdrop, useDrawing, useHeatMap } from './heat-queries.ts';

type HeatPanelProps = { store: string; range: { from: string; to: string }; zone: string };

/** The heat map with what it needs: the floor plan where something was measured on it, else the first camera. */
export function HeatPanel({ store, range, zone }: HeatPanelProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [mode, setMode] = useState<HeatMode>('whole');
  const [at, setAt] = useState<number | null>(null);
  const cameras = useCameras(store).data;
  const plan = useHeatMap(
    store,
    useMemo(() => ({ subject: PLAN, ...range, step: 'total' as const }), [range]),
  );
  const hasPlan = Boolean(plan.data?.grid);
  const subject = chosen ?? (hasPlan ? PLAN : (cameras?.[0]?.id ?? PLAN));
  const step = mode === 'hours' ? stepFor(range) : 'total';
  const decided = chosen !== null || !plan.isPending;
  const own = useHeatMap(
    store,
    useMemo(
      () => (decided && !(subject === PLAN && step === 'total') ? { subject, ...range, step } : null),
      [decided, subject, range, step],
    ),
  );
  const query = subject === PLAN && step === 'total' ? plan : own;
  return (
    <HeatCard
      query={query}
      subject={subject}
      subjects={[
        { value: PLAN, label: 'Floor plan' },
        ...(cameras ?? []).map(({ id, name }) => ({ value: id, label: name })),
      ]}
      onSubject={setChosen}
      mode={mode}
      onMode={setMode}
      at={at}
      onAt={setAt}
      zone={zone}
      drawing={useDrawing(store, subject)}
      still={useBackdrop(store, subject)}
    />
  );
}

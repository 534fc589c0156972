/* SPDX-License-Identifier: Apache-2.0 */
import { Card } from '@/components/card.tsx';
import { type DataQuery, DataState, Skeleton } from '@/components/data-state.tsx';
import { SelectField } from '@/components/field.tsx';
import { Segmented } from '@/components/segmented.tsx';
import type { Scene } from '@/lib/api/cameras.ts';
import { hasNothing } from './heat-frames.ts';
import type { HeatMap } from './heat-queries.ts';
import { HeatView } from './heat-view.tsx';

export type HeatMode = 'whole' | 'hours';
export type HeatSubject = { value: string; label: string };

type HeatCardProps = {
  query: DataQuery<HeatMap>;
  stale?: boolean;
  subject: string;
  subjects: readonly HeatSubject[];
  onSubject: (subject: string) => void;
  mode: HeatMode;
  onMode: (mode: HeatMode) => void;
  /** Which hour, of those that are shown; null = none was chosen yet. */
  at: number | null;
  onAt: (at: number) => void;
  zone: string;
  drawing: Scene | null;
  still: string | null;
};

const MODES = [
  { value: 'whole', label: 'Whole period' },
  { value: 'hours', label: 'By hour' },
] as const;

export function HeatCard(props: HeatCardProps) {
  const { query, stale, subject, subjects, onSubject, mode, onMode, ...view } = props;
  const name = subjects.find(({ value }) => value === subject)?.label ?? subject;
  return (
    <Card
      title="Heat map"
      hint="Where people were, and for how long"
      actions={
        <>
          <SelectField
            label="Place shown"
            hideLabel
            compact
            value={subject}
            options={[...subjects]}
            onChange={onSubject}
          />
          <Segmented<HeatMode> label="Time shown" value={mode} options={MODES} onChange={onMode} />
        </>
      }
    >
      <DataState
        query={query}
        what="the heat map"
        stale={stale}
        loading={<Skeleton className="h-80 w-full" />}
        isEmpty={hasNothing}
        empty={{
          icon: 'layers',
          title: 'No heat map in this period',
          text: 'No camera that sees this place was alive then, or nothing was measured here yet.',
        }}
      >
        {(map) => (
          <HeatView
            map={map}
            hours={mode === 'hours'}
            name={name}
            {...{ at: view.at, onAt: view.onAt, zone: view.zone, drawing: view.drawing, still: view.still }}
          />
        )}
      </DataState>
    </Card>
  );
}

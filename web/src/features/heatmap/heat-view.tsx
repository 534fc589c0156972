/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo } from 'react';
import { Badge } from '@/components/badge.tsx';
import { DefinitionNote } from '@/components/definition-note.tsx';
import { DefinitionTip } from '@/components/definition-tip.tsx';
import type { Scene } from '@/lib/api/cameras.ts';
import { formatDuration, formatShare, known } from '@/lib/format/number.ts';
import { firstWithPeople, frameLabel, framesOf } from './heat-frames.ts';
import { HeatLegend } from './heat-legend.tsx';
import { HeatPicture } from './heat-picture.tsx';
import { HeatPlayer } from './heat-player.tsx';
import type { HeatMap, HeatPeriod } from './heat-queries.ts';
import { heatScale } from './heat-scale.ts';

type HeatViewProps = {
  map: HeatMap;
  /** Hour by hour, with the slider. */
  hours: boolean;
  /** Which hour, of those that are shown; null = none was chosen yet: the first with people. */
  at: number | null;
  onAt: (at: number) => void;
  zone: string;
  drawing: Scene | null;
  still: string | null;
  name: string;
};

/** One heat map: the whole period, or the hour that is chosen. */
export function HeatView({ map, hours, at: chosen, onAt, zone, drawing, still, name }: HeatViewProps) {
  const frames = useMemo(() => framesOf(map), [map]);
  const labels = useMemo(() => frames.map((frame) => frameLabel(frame, zone)), [frames, zone]);
  const byHour = hours && frames.length > 0;
  const at = Math.min(chosen ?? firstWithPeople(frames), Math.max(0, frames.length - 1));
  const period = byHour ? frames[at]! : map.total;
  /* One scale for all hours, so that they can be compared. */
  const scale = useMemo(
    () => heatScale(byHour ? frames.flatMap((frame) => frame.values) : map.total.values),
    [byHour, frames, map],
  );
  const words = `${name}, ${byHour ? labels[at] : 'the whole period'}: ${peopleTime(period)}`;
  return (
    <div className="space-y-4">
      <HeatPicture
        map={map}
        period={period}
        scale={scale}
        drawing={drawing}
        still={still}
        label={`Heat map of ${words}`}
      />
      {byHour && <HeatPlayer labels={labels} at={at} onChange={onAt} />}
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <HeatLegend map={map} scale={scale} />
        <Facts map={map} period={period} />
      </div>
      <Notes map={map} period={period} />
    </div>
  );
}

function peopleTime(period: HeatPeriod): string {
  return known(period.person_seconds) ? `${formatDuration(period.person_seconds)} of people's time` : 'not known';
}

function Facts({ map, period }: { map: HeatMap; period: HeatPeriod }) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px] text-quiet" data-facts>
      <span className="tabular-nums">
        {known(period.person_seconds) ? `${formatDuration(period.person_seconds)} of people's time` : 'n/a'}
      </span>
      <span className="tabular-nums">
        {known(period.coverage) ? `cameras alive ${formatShare(period.coverage)}` : 'cameras alive n/a'}
      </span>
      {period.provisional && <Badge tone="neutral">provisional</Badge>}
      <DefinitionTip subject="the heat map">
        <DefinitionNote
          figure={{ ...map.figure, coverage: period.coverage, provisional: period.provisional }}
        />
      </DefinitionTip>
    </p>
  );
}

function Notes({ map, period }: { map: HeatMap; period: HeatPeriod }) {
  const notes = [
    period.hour_of_day !== null && 'This hour of all days of the period, together.',
    !known(period.person_seconds) && 'No camera was alive then: nothing is known of this time.',
    period.person_seconds === 0 && 'Nobody was seen in this time.',
    map.other_grids_person_seconds > 0 &&
      `${formatDuration(map.other_grids_person_seconds)} were measured while the plan had another size, and are not shown.`,
  ].filter((note) => note !== false);
  return notes.map((note) => (
    <p key={note} className="text-[13px] leading-5 text-quiet">
      {note}
    </p>
  ));
}

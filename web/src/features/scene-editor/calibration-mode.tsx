/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Link } from 'wouter';
import { Card } from '@/components/card.tsx';
import { DataState, Skeleton } from '@/components/data-state.tsx';
import type { Scene } from '@/lib/api/cameras.ts';
import {
  type Calibration,
  type Half,
  imageShare,
  MAX_PAIRS,
  missingPairs,
  movePair,
  place,
  type Side,
  toShare,
  withHeight,
  withoutPair,
  withPair,
} from './calibration.ts';
import type { EditorAction } from './editor-state.ts';
import { PairTable } from './pair-table.tsx';
import { ViewLayer } from './plan-layers.tsx';
import { PlanPaper } from './plan-paper.tsx';
import { type PlanSize, useCalibrationCheck, useFloorPlan } from './plan-queries.ts';
import { PointBoard } from './point-board.tsx';

type CalibrationModeProps = {
  store: string;
  image: Scene['image'];
  still: string | null;
  calibration: Calibration | undefined;
  dispatch: (action: EditorAction) => void;
  readOnly: boolean;
  /** Modes, version and save. */
  bar: React.ReactNode;
};

/** Beside each other: the camera's picture and the floor plan, and pairs of points on both. */
export function CalibrationMode(props: CalibrationModeProps) {
  const query = useFloorPlan(props.store);
  return (
    <DataState
      query={query}
      what="the floor plan"
      loading={<Skeleton className="h-96 w-full rounded-card" />}
      isEmpty={() => false}
      empty={{ icon: 'layers', title: '', text: '' }}
    >
      {({ plan }) => (plan ? <Boards {...props} plan={plan} /> : <NoPlan store={props.store} bar={props.bar} />)}
    </DataState>
  );
}

function NoPlan({ store, bar }: { store: string; bar: React.ReactNode }) {
  return (
    <Card>
      {bar}
      <div className="mx-auto max-w-md py-10 text-center">
        <p className="font-medium">The store has no floor plan yet</p>
        <p className="mt-1 text-[13px] leading-5 text-quiet">
          A camera is calibrated by pointing out the same places in its picture and on the plan. The plan needs only a
          width and a height.
        </p>
        <Link
          href={`/stores/${store}/settings/floor-plan`}
          className="mt-4 inline-flex h-10 items-center rounded-lg bg-primary-fill px-4 font-medium text-white hover:bg-primary-fill-hover"
        >
          Make the floor plan
        </Link>
      </div>
    </Card>
  );
}

function Boards({
  store,
  image,
  still,
  calibration,
  dispatch,
  readOnly,
  plan,
  bar,
}: CalibrationModeProps & { plan: PlanSize }) {
  const [half, setHalf] = useState<Half | null>(null);
  const [selected, setSelected] = useState<number | null>(null);
  const check = useCalibrationCheck(store, image, calibration);
  const pairs = calibration?.pairs ?? [];
  /* While a new answer is on its way the last one stays; with too few pairs there is none. */
  const result = missingPairs(calibration) === null ? check.data : undefined;
  const set = (next: Calibration | undefined, gesture?: string) =>
    dispatch({ type: 'setCalibration', calibration: next, ...(gesture && { gesture }) });

  const onPlace = (side: Side) => (at: Half['at']) => {
    if (pairs.length >= MAX_PAIRS) return;
    const next = place(half, { side, at }, plan);
    setHalf(next.half);
    setSelected(null);
    if (next.pair) {
      set(withPair(calibration, next.pair));
      setSelected(pairs.length);
    }
  };
  const board = (side: Side) => ({
    image: side === 'image' ? image : { w: plan.width_m, h: plan.height_m },
    points: pairs.map((pair, i) => ({
      at: side === 'image' ? imageShare(pair.image) : toShare(pair.plan, plan),
      suspect: result?.error?.suspect === i && (result.error.rms_m ?? 0) > 0.15,
    })),
    half: half?.side === side ? half.at : null,
    ...{ selected, readOnly, onSelect: setSelected, onPlace: onPlace(side) },
    onMove: (index: number, at: Half['at'], gesture: string) =>
      calibration && set(movePair(calibration, index, { side, at }, plan), gesture),
  });

  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_320px]">
      <Card>
        {bar}
        <p className="mb-3 text-[13px] leading-5 text-quiet" aria-live="polite">
          {readOnly ? 'Choose a pair of points to see where it lies in the picture and on the plan.' : hint(half, pairs.length)}
        </p>
        <div className="grid grid-cols-1 items-start gap-3 xl:grid-cols-2">
          <PointBoard label="the picture" {...board('image')}>
            {still && (
              <img
                src={still}
                alt="Still of this camera"
                draggable={false}
                className="absolute inset-0 size-full select-none"
              />
            )}
          </PointBoard>
          <PointBoard label="the floor plan" {...board('plan')}>
            <PlanPaper store={store} plan={plan}>
              {result?.good && <ViewLayer view={result.view} pose={result.pose} strong />}
            </PlanPaper>
          </PointBoard>
        </div>
      </Card>
      <PairTable
        {...{ calibration, result, error: check.error, selected, readOnly }}
        onSelect={setSelected}
        onRemove={(i) => {
          if (calibration) set(withoutPair(calibration, i));
          setSelected(null);
        }}
        onHeight={(height) => calibration && set(withHeight(calibration, height))}
      />
    </div>
  );
}

function hint(half: Half | null, n: number): string {
  if (half?.side === 'image') return `Now choose the same place on the floor plan: point ${n + 1}.`;
  if (half?.side === 'plan') return `Now choose the same place in the picture: point ${n + 1}.`;
  return n === 0
    ? 'Choose a place on the floor in the picture: a corner of a shelf, a tile, a door frame. Then the same on the plan.'
    : 'Choose the next place on the floor in the picture, or drag a point to mend it. Six points are a good number.';
}

/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo, useState } from 'react';
import { Card } from '@/components/card.tsx';
import { Skeleton } from '@/components/data-state.tsx';
import { Segmented } from '@/components/segmented.tsx';
import type { Scene } from '@/lib/api/cameras.ts';
import { useStore } from '@/lib/api/stores.ts';
import { CoverageCard, type Layers } from './coverage-card.tsx';
import { laneOf, shapeOf } from './draft.ts';
import { EditorCanvas } from './editor-canvas.tsx';
import { DrawingBar, EditorToolbar, HistoryButtons } from './editor-toolbar.tsx';
import { OutlineMode } from './outline-mode.tsx';
import { FindingList } from './placement-notes.tsx';
import { EditorNote, ReadOnlyNote } from './read-only-note.tsx';
import { PlanForm } from './plan-form.tsx';
import { BlindLayer, OutlineLayer, ViewLayer } from './plan-layers.tsx';
import { PlanPaper } from './plan-paper.tsx';
import { type FloorPlan, useFloorPlan, usePlacement } from './plan-queries.ts';
import { ALL_SEEN, unseenOf } from './plan-sights.ts';
import { SaveBar } from './save-bar.tsx';
import { draftOf } from './scene-codec.ts';
import { ScenePanel } from './scene-panel.tsx';
import { useLeaveGuard } from './use-leave-guard.ts';
import { useSceneSession } from './use-scene-session.ts';
import { useUndoKeys } from './use-undo-keys.ts';

type Mode = 'draw' | 'outlines';
const MODES = [
  { value: 'draw', label: 'Zones' },
  { value: 'outlines', label: 'Walls and shelves' },
] as const;

/** Zones, lines and lanes on the plan, over what the cameras see of it. */
export function FloorPlanEditor({ store, scene }: { store: string; scene: Scene }) {
  const session = useSceneSession(store, { id: 'floor-plan', size: null }, scene);
  const { base, state, dispatch, faults, dirty, mayDraw, noDrawing } = session;
  const floor = useFloorPlan(store);
  const placement = usePlacement(store);
  const [layers, setLayers] = useState<Layers>({ views: true, blind: false });
  const [camera, setCamera] = useState<string | null>(null);
  const [mode, setMode] = useState<Mode>('draw');
  const { simulated } = useStore();
  const { measures } = state.draft;
  const plan = measures.plan ?? scene.plan!;
  const judged = floor.data?.plan?.version === base.version ? floor.data.seen : undefined;
  const saved = useMemo(() => draftOf(base), [base]);
  /* In a simulated store the plan knows who is where, whatever the cameras see. */
  const unseen = judged && !simulated ? unseenOf(state.draft, saved, judged) : ALL_SEEN;
  useLeaveGuard(dirty);
  useUndoKeys(dispatch);

  const bar = (
    <>
      <ReadOnlyNote why={noDrawing} />
      {!simulated && mode === 'draw' && floor.data?.cameras.every((c) => !c.calibrated) && (
        <EditorNote
          lead="Nothing is counted here yet."
          text="What is drawn on the plan is counted from the people that calibrated cameras see, and no camera is calibrated. Calibrate those that look at it."
        />
      )}
      <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
      <Segmented label="What to draw" value={mode} options={MODES} onChange={setMode} />
      {mayDraw && mode === 'draw' && <EditorToolbar state={state} dispatch={dispatch} />}
      {mayDraw && mode === 'outlines' && <HistoryButtons state={state} dispatch={dispatch} />}
      <SaveBar store={store} camera="floor-plan" session={session} />
      </div>
    </>
  );
  const seen = floor.data && <SeenLayers floor={floor.data} layers={layers} camera={camera} />;

  if (mode === 'outlines')
    return (
      <OutlineMode
        {...{ plan, measures, dispatch, bar }}
        readOnly={!mayDraw}
        paper={
          <PlanPaper store={store} plan={plan}>
            {seen}
          </PlanPaper>
        }
      />
    );
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_320px]">
      <Card>
        {bar}
        <div
          className="mx-auto min-w-[min(100%,280px)]"
          style={{ maxWidth: `calc((100dvh - 260px) * ${plan.width_m / plan.height_m})` }}
        >
          <EditorCanvas
            {...{ state, dispatch, faults }}
            still={null}
            image={{ w: plan.width_m, h: plan.height_m }}
            backdrop={
              <PlanPaper store={store} plan={plan}>
                <OutlineLayer plan={plan} walls={measures.walls} obstacles={measures.obstacles} />
                {seen}
              </PlanPaper>
            }
          />
        </div>
        <DrawingBar state={state} dispatch={dispatch} mayDraw={mayDraw} />
      </Card>
      <div className="space-y-4">
        <ScenePanel
          shape={shapeOf(state.draft, state.selected)}
          lane={laneOf(state.draft, state.selected)}
          {...{ draft: state.draft, faults, unseen, dispatch }}
          readOnly={!mayDraw}
          isPlan
        />
        {floor.data ? (
          <CoverageCard {...{ store, layers, camera }} readOnly={!mayDraw} floor={floor.data} onLayers={setLayers} onCamera={setCamera} />
        ) : (
          <Skeleton className="h-40 w-full rounded-card" />
        )}
        {placement.data && placement.data.store.length > 0 && (
          <Card title="The store's cameras">
            <FindingList findings={placement.data.store} />
          </Card>
        )}
        <Card title="Size and picture" hint="What is drawn moves with the size; calibrations keep their metres">
          <PlanForm
            key={`${base.version}:${JSON.stringify(plan)}`}
            {...{ store, plan }}
            disabled={!mayDraw}
            submit="Use it"
            onChange={(next) => dispatch({ type: 'setPlan', plan: next })}
          />
        </Card>
      </div>
    </div>
  );
}

function SeenLayers({ floor, layers, camera }: { floor: FloorPlan; layers: Layers; camera: string | null }) {
  const shown = floor.cameras.filter((c) => (camera === null ? layers.views : c.camera_id === camera));
  return (
    <>
      {layers.blind && floor.coverage && <BlindLayer coverage={floor.coverage} />}
      {shown.map((c) => (
        <ViewLayer key={c.camera_id} view={c.view} pose={c.pose} strong={c.camera_id === camera} />
      ))}
    </>
  );
}

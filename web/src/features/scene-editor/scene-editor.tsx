/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { ErrorNote } from '@/components/data-state.tsx';
import { Segmented } from '@/components/segmented.tsx';
import type { Camera, Scene } from '@/lib/api/cameras.ts';
import { useMay } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';
import { CalibrationMode } from './calibration-mode.tsx';
import { laneOf, shapeOf } from './draft.ts';
import { EditorCanvas } from './editor-canvas.tsx';
import { DrawingBar, EditorToolbar, HistoryButtons } from './editor-toolbar.tsx';
import { ReadOnlyNote } from './read-only-note.tsx';
import { CameraPlacement } from './placement-notes.tsx';
import { SaveBar } from './save-bar.tsx';
import { ScenePanel } from './scene-panel.tsx';
import { useLeaveGuard } from './use-leave-guard.ts';
import { useSceneSession } from './use-scene-session.ts';
import { useStill } from './use-still.ts';
import { useUndoKeys } from './use-undo-keys.ts';
import { WhatIfDialog } from './what-if-dialog.tsx';

type SceneEditorProps = { store: string; camera: Camera; scene: Scene; start?: Mode };
export type Mode = 'draw' | 'calibrate';

const modes = (mayDraw: boolean) =>
  [
    { value: 'draw', label: mayDraw ? 'Draw' : 'Drawing' },
    { value: 'calibrate', label: mayDraw ? 'Calibrate' : 'Calibration' },
  ] as const;

export function SceneEditor({ store, camera, scene, start = 'draw' }: SceneEditorProps) {
  const session = useSceneSession(store, camera, scene);
  const { base, state, dispatch, faults, dirty, mayDraw, noDrawing } = session;
  const { simulated } = useStore();
  const still = useStill(store, camera.id, !simulated);
  const [mode, setMode] = useState<Mode>(start);
  const [asking, setAsking] = useState(false);
  const mayCompare = useMay('kpis.read') && !simulated;
  useLeaveGuard(dirty);
  useUndoKeys(dispatch);
  const { w, h } = base.image;
  const refresh = () => void still.refetch();
  const bar = (
    <>
      <ReadOnlyNote why={noDrawing} />
      <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
      <Segmented label="What to do" value={mode} options={modes(mayDraw)} onChange={setMode} />
      {mayDraw && mode === 'draw' && <EditorToolbar masks state={state} dispatch={dispatch} onRefresh={refresh} />}
      {mayDraw && mode === 'calibrate' && <HistoryButtons state={state} dispatch={dispatch} onRefresh={refresh} />}
      <SaveBar store={store} camera={camera.id} session={session} />
      </div>
    </>
  );

  if (mode === 'calibrate')
    return (
      <CalibrationMode
        {...{ store, dispatch, bar }}
        image={base.image}
        still={still.data ?? null}
        calibration={state.draft.measures.calibration}
        readOnly={!mayDraw}
      />
    );
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_320px]">
      <Card>
        {bar}
        {still.error && !still.data ? (
          <ErrorNote what="a still of this camera" error={still.error} retry={still.refetch} />
        ) : (
          <div className="mx-auto min-w-[min(100%,280px)]" style={{ maxWidth: `calc((100dvh - 260px) * ${w / h})` }}>
            <EditorCanvas {...{ state, dispatch, faults }} still={still.data ?? null} image={base.image} />
            {simulated && (
              <p className="mt-2 text-xs text-quiet">A simulated camera gives no picture; this is what it looks at.</p>
            )}
          </div>
        )}
        <DrawingBar state={state} dispatch={dispatch} mayDraw={mayDraw} />
      </Card>
      <div className="space-y-4">
        <ScenePanel
          shape={shapeOf(state.draft, state.selected)}
          lane={laneOf(state.draft, state.selected)}
          {...{ draft: state.draft, faults, dispatch }}
          readOnly={!mayDraw}
        />
        {mayCompare && (
          <Button icon="history" className="w-full" onClick={() => setAsking(true)}>
            What would this have counted?
          </Button>
        )}
        {asking && <WhatIfDialog {...{ store, session }} camera={camera.id} onClose={() => setAsking(false)} />}
        <CameraPlacement store={store} camera={camera.id} />
      </div>
    </div>
  );
}

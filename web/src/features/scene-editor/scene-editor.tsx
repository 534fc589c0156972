/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { ErrorNote } from '@/components/data-state.tsx';
import type { Camera, Scene } from '@/lib/api/cameras.ts';
import { ConflictDialog } from './conflict-dialog.tsx';
import { laneOf, shapeOf } from './draft.ts';
import { EditorCanvas } from './editor-canvas.tsx';
import { DrawingBar, EditorToolbar } from './editor-toolbar.tsx';
import { ScenePanel } from './scene-panel.tsx';
import { useLeaveGuard } from './use-leave-guard.ts';
import { useSceneSession } from './use-scene-session.ts';
import { useStill } from './use-still.ts';
import { useUndoKeys } from './use-undo-keys.ts';
import { VersionsDialog } from './versions-dialog.tsx';

type SceneEditorProps = { store: string; camera: Camera; scene: Scene };

export function SceneEditor({ store, camera, scene }: SceneEditorProps) {
  const session = useSceneSession(store, camera, scene);
  const { base, state, dispatch, faults, dirty, mayDraw } = session;
  const still = useStill(store, camera.id);
  const [versions, setVersions] = useState(false);
  useLeaveGuard(dirty);
  useUndoKeys(dispatch);
  const { w, h } = base.image;

  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_320px]">
      <Card>
        <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
          {mayDraw && <EditorToolbar state={state} dispatch={dispatch} onRefresh={() => void still.refetch()} />}
          <div className="ml-auto flex items-center gap-2">
            <Button size="sm" variant="ghost" icon="history" onClick={() => setVersions(true)}>
              <span className="max-sm:sr-only">Version </span>
              {base.version}
            </Button>
            {mayDraw && (
              <Button
                size="sm"
                variant="primary"
                icon="check"
                busy={session.saving}
                disabled={!dirty || faults.length > 0}
                onClick={() => session.submit(base)}
              >
                Save
              </Button>
            )}
          </div>
        </div>
        {still.error && !still.data ? (
          <ErrorNote what="a still of this camera" error={still.error} retry={still.refetch} />
        ) : (
          <div className="mx-auto min-w-[min(100%,280px)]" style={{ maxWidth: `calc((100dvh - 260px) * ${w / h})` }}>
            <EditorCanvas {...{ state, dispatch, faults }} still={still.data ?? null} image={base.image} />
          </div>
        )}
        <DrawingBar state={state} dispatch={dispatch} mayDraw={mayDraw} />
      </Card>
      <ScenePanel
        shape={shapeOf(state.draft, state.selected)}
        lane={laneOf(state.draft, state.selected)}
        {...{ draft: state.draft, faults, dispatch }}
        readOnly={!mayDraw}
      />
      <VersionsDialog
        {...{ store, camera: camera.id, current: base.version }}
        open={versions}
        onOpenChange={setVersions}
      />
      {session.conflict && (
        <ConflictDialog
          {...{ store, camera: camera.id }}
          onKeepMine={session.submit}
          onTakeTheirs={session.takeTheirs}
          onClose={session.forgetConflict}
        />
      )}
    </div>
  );
}

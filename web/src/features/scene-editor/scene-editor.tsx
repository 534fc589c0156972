/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useMemo, useReducer, useState } from 'react';
import { Button } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { ErrorNote } from '@/components/data-state.tsx';
import { useToast } from '@/components/toast.tsx';
import type { Camera, Scene } from '@/lib/api/cameras.ts';
import { isStatus, problemText } from '@/lib/api/problem.ts';
import { undoKey } from './canvas-keys.ts';
import { ConflictDialog } from './conflict-dialog.tsx';
import { shapeOf } from './draft.ts';
import { EditorCanvas } from './editor-canvas.tsx';
import { editorReducer, initialEditor, isDirty } from './editor-state.ts';
import { EditorToolbar, toolHint } from './editor-toolbar.tsx';
import { ScenePanel } from './scene-panel.tsx';
import { draftOf, drawingOf } from './scene-codec.ts';
import { useSaveScene } from './scene-queries.ts';
import { useLeaveGuard } from './use-leave-guard.ts';
import { useStill } from './use-still.ts';
import { validate } from './validation.ts';
import { VersionsDialog } from './versions-dialog.tsx';

type SceneEditorProps = { store: string; camera: Camera; scene: Scene };

export function SceneEditor({ store, camera, scene }: SceneEditorProps) {
  const [base, setBase] = useState(scene);
  const [state, dispatch] = useReducer(editorReducer, initialEditor, (empty) => editorReducer(empty, { type: 'load', draft: draftOf(scene) }));
  const still = useStill(store, camera.id);
  const save = useSaveScene(store, camera.id);
  const toast = useToast();
  const [versions, setVersions] = useState(false);
  const faults = useMemo(() => validate(state.draft, base.image), [state.draft, base.image]);
  const dirty = isDirty(state);
  const conflict = isStatus(save.error, 412);
  useLeaveGuard(dirty);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const way = undoKey(event);
      const typing = event.target instanceof HTMLElement && event.target.tagName === 'INPUT';
      if (!way || typing) return;
      event.preventDefault();
      dispatch({ type: way });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const submit = (onto: Scene) =>
    save.mutate({ onto, drawing: drawingOf(state.draft, onto.image) }, {
      onSuccess: (saved) => {
        setBase(saved);
        dispatch({ type: 'markSaved', draft: draftOf(saved) });
        toast('success', `Saved as version ${saved.version}. Counting goes on with it.`);
      },
      onError: (error) => !isStatus(error, 412) && toast('danger', problemText(error)),
    });
  const takeTheirs = (theirs: Scene) => {
    setBase(theirs);
    dispatch({ type: 'load', draft: draftOf(theirs) });
    save.reset();
  };

  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_320px]">
      <Card>
        <div className="mb-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <EditorToolbar state={state} dispatch={dispatch} onRefresh={() => void still.refetch()} />
          <div className="flex items-center gap-2">
            <Button size="sm" variant="ghost" icon="history" onClick={() => setVersions(true)}>
              Version {base.version}
            </Button>
            <Button size="sm" variant="primary" icon="check" busy={save.isPending} disabled={!dirty || faults.length > 0} onClick={() => submit(base)}>
              Save
            </Button>
          </div>
        </div>
        {still.error && !still.data ? (
          <ErrorNote what="a still of this camera" error={still.error} retry={still.refetch} />
        ) : (
          <div className="mx-auto" style={{ maxWidth: `calc((100dvh - 260px) * ${base.image.w / base.image.h})`, minWidth: 'min(100%, 280px)' }}>
            <EditorCanvas state={state} dispatch={dispatch} faults={faults} still={still.data ?? null} image={base.image} />
          </div>
        )}
        <p className="mt-3 text-[13px] leading-5 text-quiet" aria-live="polite">
          {toolHint(state)}
        </p>
      </Card>
      <ScenePanel shape={shapeOf(state.draft, state.selected)} draft={state.draft} faults={faults} dispatch={dispatch} />
      <VersionsDialog store={store} camera={camera.id} current={base.version} open={versions} onOpenChange={setVersions} />
      {conflict && <ConflictDialog store={store} camera={camera.id} onKeepMine={submit} onTakeTheirs={takeTheirs} onClose={save.reset} />}
    </div>
  );
}

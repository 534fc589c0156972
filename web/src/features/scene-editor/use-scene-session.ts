/* SPDX-License-Identifier: Apache-2.0 */
import { type Dispatch, useCallback, useMemo, useReducer, useState } from 'react';
import { useToast } from '@/components/toast.tsx';
import type { Camera, Scene } from '@/lib/api/cameras.ts';
import { useNoDrawing } from '@/lib/api/drawing.ts';
import { isStatus, problemText } from '@/lib/api/problem.ts';
import { type EditorAction, editorReducer, initialEditor, isDirty } from './editor-state.ts';
import { draftOf, drawingOf } from './scene-codec.ts';
import { useSaveScene } from './scene-queries.ts';
import { serverFaults } from './server-faults.ts';
import { validate } from './validation.ts';

/** One sitting at the editor: the drawing, the version it is drawn on, and saving. */
export type SceneSession = ReturnType<typeof useSceneSession>;

export function useSceneSession(store: string, camera: Pick<Camera, 'id' | 'size'>, scene: Scene) {
  const [base, setBase] = useState(() => ({ ...scene, image: knownSize(scene, camera) }));
  const [state, edit] = useReducer(editorReducer, initialEditor, (empty) =>
    editorReducer(empty, { type: 'load', draft: draftOf(scene) }),
  );
  const save = useSaveScene(store, camera.id);
  const toast = useToast();
  const noDrawing = useNoDrawing();
  const mayDraw = noDrawing === null;
  const { reset, error } = save;

  const dispatch: Dispatch<EditorAction> = useCallback(
    (action) => {
      if (mayDraw || action.type === 'select') edit(action);
      if (isStatus(error, 422)) reset();
    },
    [mayDraw, error, reset],
  );
  const faults = useMemo(
    () => [...validate(state.draft, base.image), ...serverFaults(error, state.draft)],
    [state.draft, base.image, error],
  );

  const submit = (onto: Scene) =>
    save.mutate(
      { onto, drawing: drawingOf(state.draft, onto.image) },
      {
        onSuccess: (saved) => {
          setBase(saved);
          edit({ type: 'markSaved', draft: draftOf(saved) });
          toast('success', `Saved as version ${saved.version}. Counting goes on with it.`);
        },
        onError: (fault) => !isStatus(fault, 412) && toast('danger', problemText(fault)),
      },
    );
  const takeTheirs = (theirs: Scene) => {
    setBase(theirs);
    edit({ type: 'load', draft: draftOf(theirs) });
    reset();
  };

  return {
    ...{ base, state, dispatch, faults, mayDraw, noDrawing, submit, takeTheirs },
    dirty: isDirty(state),
    saving: save.isPending,
    conflict: isStatus(error, 412),
    forgetConflict: reset,
  };
}

/** A camera on which nothing was drawn yet may have no size in its scene; its picture has. */
function knownSize({ image }: Scene, { size }: Pick<Camera, 'size'>): Scene['image'] {
  return image.w > 0 && image.h > 0 ? image : (size ?? { w: 4, h: 3 });
}

/* SPDX-License-Identifier: Apache-2.0 */
import { type Dispatch, useEffect } from 'react';
import { undoKey } from './canvas-keys.ts';
import type { EditorAction } from './editor-state.ts';

/** Ctrl+Z and Ctrl+Shift+Z anywhere on the page, save in a text field, which has its own. */
export function useUndoKeys(dispatch: Dispatch<EditorAction>): void {
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
  }, [dispatch]);
}

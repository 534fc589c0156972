/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Button } from '@/components/button.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import type { SceneSession } from './use-scene-session.ts';
import { VersionsDialog } from './versions-dialog.tsx';

/** The version that is drawn on, its history, and saving. */
export function SaveBar({ store, camera, session }: { store: string; camera: string; session: SceneSession }) {
  const [versions, setVersions] = useState(false);
  const { base, dirty, faults, mayDraw } = session;
  return (
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
      <VersionsDialog {...{ store, camera, current: base.version }} open={versions} onOpenChange={setVersions} />
      {session.conflict && (
        <ConflictDialog
          {...{ store, camera }}
          onKeepMine={session.submit}
          onTakeTheirs={session.takeTheirs}
          onClose={session.forgetConflict}
        />
      )}
    </div>
  );
}

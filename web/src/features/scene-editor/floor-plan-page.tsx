/* SPDX-License-Identifier: Apache-2.0 */
import { Breadcrumb } from '@/components/breadcrumb.tsx';
import { Card } from '@/components/card.tsx';
import { ErrorNote, Skeleton } from '@/components/data-state.tsx';
import { useToast } from '@/components/toast.tsx';
import { type Scene, useScene } from '@/lib/api/cameras.ts';
import { useNoDrawing } from '@/lib/api/drawing.ts';
import { problemText } from '@/lib/api/problem.ts';
import { useStore } from '@/lib/api/stores.ts';
import { FloorPlanEditor } from './floor-plan-editor.tsx';
import { PlanForm } from './plan-form.tsx';
import { ReadOnlyNote } from './read-only-note.tsx';
import { useForgetPlan } from './plan-queries.ts';
import { useSaveScene } from './scene-queries.ts';

/** The floor plan is the scene of a camera that is none. */
export const PLAN_ID = 'floor-plan';

export function FloorPlanPage() {
  const store = useStore();
  const scene = useScene(store.id, PLAN_ID);
  return (
    <div className="space-y-4">
      <Breadcrumb trail={[{ href: `/stores/${store.id}/settings`, text: 'Settings' }]} here="Floor plan" />
      {scene.data ? (
        scene.data.plan ? (
          <FloorPlanEditor store={store.id} scene={scene.data} />
        ) : (
          <FirstPlan store={store.id} scene={scene.data} />
        )
      ) : scene.error ? (
        <ErrorNote what="the floor plan" error={scene.error} retry={scene.refetch} />
      ) : (
        <div role="status" aria-label="Loading the floor plan">
          <Skeleton className="h-96 w-full rounded-card" />
        </div>
      )}
    </div>
  );
}

function FirstPlan({ store, scene }: { store: string; scene: Scene }) {
  const save = useSaveScene(store, PLAN_ID);
  const forget = useForgetPlan(store);
  const toast = useToast();
  const noDrawing = useNoDrawing();
  return (
    <div className="mx-auto max-w-lg">
      <Card title="Make the floor plan" hint="The store from above, in metres">
        <p className="mb-4 text-[13px] leading-5 text-quiet">
          Cameras that are calibrated to it show where people are, count zones together, and tell where no camera looks.
          Measure the width and height of the part of the store that the plan shows.
        </p>
        {noDrawing === null ? (
          <PlanForm
            store={store}
            plan={undefined}
            disabled={save.isPending}
            submit="Make the plan"
            onChange={(plan) =>
              save.mutate(
                { onto: scene, drawing: { plan, full_view: false, zones: [], lines: [] } },
                { onSuccess: forget, onError: (error) => toast('danger', problemText(error)) },
              )
            }
          />
        ) : (
          <ReadOnlyNote why={noDrawing} />
        )}
      </Card>
    </div>
  );
}

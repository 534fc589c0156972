/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '@/lib/api/client.ts';

/* What lies on the plan, in metres; drawn inside PlanPaper. */

type Points = readonly (readonly number[])[];
type Coverage = Schemas['PlanCoverage'];

/** What a camera sees of an empty floor, and where it hangs. */
export function ViewLayer({
  view,
  pose,
  strong,
}: {
  view: Points;
  pose: Schemas['CameraPose'] | null;
  strong?: boolean;
}) {
  return (
    <g>
      {view.length > 2 && (
        <path
          d={`M${view.map(([x, y]) => `${x} ${y}`).join('L')}Z`}
          fill="var(--series-in)"
          fillOpacity={strong ? 0.22 : 0.12}
          stroke="var(--series-in)"
          strokeWidth={strong ? 2 : 1}
          vectorEffect="non-scaling-stroke"
        />
      )}
      {pose && (
        <path
          d={`M${pose.x} ${pose.y}h0`}
          stroke="var(--primary)"
          strokeWidth={10}
          strokeLinecap="round"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </g>
  );
}

/** Floor that no calibrated camera sees: neighbours in a row are one piece. */
export function BlindLayer({ coverage }: { coverage: Coverage }) {
  return <path d={blindPath(coverage)} fill="var(--danger)" fillOpacity={0.22} />;
}

export function blindPath({ cells, cell_m }: Pick<Coverage, 'cells' | 'cell_m'>): string {
  return cells
    .flatMap((row, y) =>
      [...row.matchAll(/0+/g)].map(
        (run) => `M${run.index * cell_m} ${y * cell_m}h${run[0].length * cell_m}v${cell_m}h${-run[0].length * cell_m}z`,
      ),
    )
    .join('');
}

type OutlinesProps = {
  plan: { width_m: number; height_m: number };
  walls?: readonly { polygon: Points }[];
  obstacles?: readonly { polygon: Points }[];
};

/** Walls and obstacles as the plan's scene has them, in shares. */
export function OutlineLayer({ plan, walls = [], obstacles = [] }: OutlinesProps) {
  const path = (polygon: Points) =>
    `M${polygon.map(([x = 0, y = 0]) => `${x * plan.width_m} ${y * plan.height_m}`).join('L')}Z`;
  return (
    <g stroke="var(--quiet)" vectorEffect="non-scaling-stroke">
      {walls.map(({ polygon }, i) => (
        <path key={`w${i}`} d={path(polygon)} fill="none" strokeWidth={2.5} vectorEffect="non-scaling-stroke" />
      ))}
      {obstacles.map(({ polygon }, i) => (
        <path
          key={`o${i}`}
          d={path(polygon)}
          fill="var(--quiet)"
          fillOpacity={0.25}
          strokeWidth={1}
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </g>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactNode } from 'react';
import { planImagePath } from './plan-queries.ts';

type PlanPaperProps = {
  store: string;
  plan: { width_m: number; height_m: number; image?: string | null };
  children?: ReactNode;
};

/** The floor plan to draw on: its picture, or paper with a grid in metres. Fills what it stands in. */
export function PlanPaper({ store, plan, children }: PlanPaperProps) {
  const step = gridStep(plan.width_m);
  return (
    <div className="absolute inset-0 bg-card select-none">
      {plan.image && (
        <img
          src={planImagePath(store, plan.image)}
          alt="Floor plan"
          draggable={false}
          className="absolute inset-0 size-full dark:brightness-75"
        />
      )}
      <svg
        aria-hidden="true"
        className="pointer-events-none absolute inset-0 size-full"
        viewBox={`0 0 ${plan.width_m} ${plan.height_m}`}
        preserveAspectRatio="none"
      >
        {!plan.image && (
          <path
            d={gridPath(plan, step)}
            stroke="var(--line)"
            strokeWidth={1}
            vectorEffect="non-scaling-stroke"
            fill="none"
          />
        )}
        {children}
      </svg>
      <p className="absolute right-1.5 bottom-1 rounded bg-card/80 px-1 text-[11px] leading-4 text-quiet">
        {plan.width_m} × {plan.height_m} m{plan.image ? '' : `, grid ${step} m`}
      </p>
    </div>
  );
}

/** About twenty lines across. */
function gridStep(width: number): number {
  return [1, 2, 5, 10, 20, 50].find((step) => width / step <= 24) ?? 100;
}

function gridPath({ width_m, height_m }: PlanPaperProps['plan'], step: number): string {
  const lines = (length: number) => Array.from({ length: Math.floor(length / step) }, (_, i) => (i + 1) * step);
  return [
    ...lines(width_m).map((x) => `M${x} 0V${height_m}`),
    ...lines(height_m).map((y) => `M0 ${y}H${width_m}`),
  ].join('');
}

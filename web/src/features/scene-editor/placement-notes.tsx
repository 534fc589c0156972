/* SPDX-License-Identifier: Apache-2.0 */
import { Card } from '@/components/card.tsx';
import { Icon } from '@/components/icon.tsx';
import type { Schemas } from '@/lib/api/client.ts';
import { usePlacement } from './plan-queries.ts';

type Finding = Schemas['PlacementFinding'];

/** Whether the camera hangs so that it can do what is drawn: of the version that is saved. */
export function CameraPlacement({ store, camera }: { store: string; camera: string }) {
  const { data, error } = usePlacement(store);
  const findings = data?.cameras.find((c) => c.camera_id === camera)?.findings;
  if (error) return <p className="text-[13px] text-quiet">The placement check cannot be shown just now.</p>;
  if (!findings) return null;
  return (
    <Card title="Placement" hint="Of the saved version">
      {findings.length === 0 ? (
        <p className="flex items-center gap-2 text-[13px] text-success-ink">
          <Icon name="check" /> It fits what is drawn and asked of it.
        </p>
      ) : (
        <FindingList findings={findings} />
      )}
    </Card>
  );
}

/** Warnings before notes. */
export function FindingList({ findings }: { findings: readonly Finding[] }) {
  const sorted = [...findings].sort((a, b) => Number(a.grade === 'note') - Number(b.grade === 'note'));
  return (
    <ul className="space-y-2.5">
      {sorted.map((finding, i) => (
        <li key={i} className="flex gap-2.5 text-[13px] leading-5">
          <Icon
            name={finding.grade === 'warning' ? 'warning' : 'info'}
            className={`mt-0.5 size-4 shrink-0 ${finding.grade === 'warning' ? 'text-warning-ink' : 'text-quiet'}`}
          />
          <span>
            <span className="sr-only">{finding.grade === 'warning' ? 'Warning: ' : 'Note: '}</span>
            {finding.advice}
          </span>
        </li>
      ))}
    </ul>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import { Badge } from '@/components/badge.tsx';
import { Button } from '@/components/button.tsx';
import { formatBitrate, formatDecimal } from '@/lib/format/number.ts';
import type { CameraTest } from './camera-setup.ts';

type TestRowProps = { ready: boolean; busy: boolean; found: readonly CameraTest[]; onTest: () => void };

/** Tries the addresses, the main stream's first, and shows what came of it. */
export function TestRow({ ready, busy, found, onTest }: TestRowProps) {
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-3">
        <Button size="sm" icon="eye" disabled={!ready} busy={busy} onClick={onTest}>
          Test
        </Button>
        <span role="status" className="text-xs text-quiet">
          {busy ? 'Connecting and measuring, up to 10 s a stream …' : found.length > 0 ? '' : 'Shows a picture, and says whether the stream will do.'}
        </span>
      </div>
      {!busy &&
        found.map((one, i) => (
          <Found key={one.address} found={one} title={found.length > 1 ? (i === 0 ? 'Main stream' : 'Sub stream') : null} />
        ))}
    </div>
  );
}

const TONES = { works: 'success', 'works with limits': 'warning', 'does not work': 'danger' } as const;

function Found({ found, title }: { found: CameraTest; title: string | null }) {
  return (
    <div className="flex flex-col gap-3 rounded-lg border border-line p-3 sm:flex-row">
      {found.picture !== null && (
        <img
          src={`data:image/jpeg;base64,${found.picture}`}
          alt="What the camera shows"
          className="w-full rounded-md object-contain sm:w-56 sm:self-start"
        />
      )}
      <div className="min-w-0 flex-1 space-y-1.5 text-[13px]">
        {title && <p className="font-medium">{title}</p>}
        <Badge tone={TONES[found.verdict]} dot>
          {found.verdict[0]?.toUpperCase() + found.verdict.slice(1)}
        </Badge>
        <p className="break-words text-quiet">{found.reached ? figuresOf(found) : `Not reached: ${found.reason}.`}</p>
        {found.advice.length > 0 && (
          <ul className="list-disc space-y-1 pl-4">
            {found.advice.map(({ text }) => (
              <li key={text} className="break-words">
                {text}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

/** "H.264 main, 1280×720, 15.0 pictures/s, 1.5 Mbit/s, a keyframe every 2 s". */
export function figuresOf(found: CameraTest): string {
  const key = found.keyframe_interval_s > 0 ? [`a keyframe every ${formatDecimal(found.keyframe_interval_s)} s`] : [];
  return [
    `${found.codec} ${found.profile}`.trim(),
    `${found.width}×${found.height}`,
    `${formatDecimal(found.frames_per_second)} pictures/s`,
    formatBitrate(found.bits_per_second),
    ...key,
  ].join(', ');
}

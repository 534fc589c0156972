/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useState } from 'react';
import { formatDateTime } from '@/lib/format/time.ts';
import { stillPath } from './recording-queries.ts';

const SETTLED_MS = 300;
const WIDTH = 960;

type BlurredStillProps = { store: string; camera: string; name: string; at: number; zone: string };

/** One picture of the moment, for those who may see people only blurred: the server blurs them in it. */
export function BlurredStill({ store, camera, name, at, zone }: BlurredStillProps) {
  const [settled, setSettled] = useState(at);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(at), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [at]);
  useEffect(() => setFailed(false), [settled]);
  const when = formatDateTime(settled, zone);
  return (
    <figure className="relative overflow-hidden rounded-lg bg-slate-950">
      {failed ? (
        <p className="grid aspect-video place-items-center px-4 text-center text-[13px] text-slate-300">
          No picture of {when}: nothing was recorded then, or too many are asked for now.
        </p>
      ) : (
        <img
          src={stillPath(store, camera, settled, WIDTH)}
          alt={`${name}, ${when}; people are blurred`}
          onError={() => setFailed(true)}
          className="aspect-video w-full object-contain"
        />
      )}
    </figure>
  );
}

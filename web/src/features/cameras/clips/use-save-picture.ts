/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation } from '@tanstack/react-query';
import { useToast } from '@/components/toast.tsx';
import { problemText, toProblem } from '@/lib/api/problem.ts';
import { useStore } from '@/lib/api/stores.ts';
import { clockTimeOf } from '@/lib/format/store-clock.ts';
import { stillPath } from '../playback/recording-queries.ts';

/** Saves the picture that a camera's recording shows at an instant as a file. */
export function useSavePicture(camera: string) {
  const store = useStore();
  const toast = useToast();
  return useMutation({
    mutationFn: async (at: number) => {
      const answer = await fetch(stillPath(store.id, camera, at));
      if (!answer.ok) throw toProblem(answer.status, await answer.json().catch(() => null));
      const taken = Date.parse(answer.headers.get('X-Frame-Ts') ?? '');
      handOver(await answer.blob(), pictureName(camera, Number.isNaN(taken) ? at : taken, store.time_zone));
    },
    onError: (error) => toast('danger', problemText(error)),
  });
}

/** "entrance_2026-03-29_10-15-00.jpg", on the store's clock. */
export function pictureName(camera: string, at: number, zone: string): string {
  const { day, time } = clockTimeOf(at, zone);
  return `${camera}_${day}_${time.replaceAll(':', '-')}.jpg`;
}

/** To the browser, as a download. */
function handOver(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  /* Not at once: the download reads it a moment later. */
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

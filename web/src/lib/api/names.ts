/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo } from 'react';
import { useCameras } from './cameras.ts';
import { useLiveKpis } from './live-kpis.ts';

/* Events carry ids; people read names. An id that is not known (any more) is shown itself. */

export type Names = {
  camera: (id: string | undefined) => string;
  zone: (id: string | undefined) => string;
  line: (camera: string | undefined, id: string | undefined) => string;
  /** Of a lane, or of a line that several lanes share. */
  lane: (id: string | undefined) => string;
};

type Pairs = [string, string][];

/** What is drawn on the plan is told of under this instead of a camera's id. */
const FLOOR_PLAN: Pairs[number] = ['floor-plan', 'Floor plan'];

export function useNames(store: string): Names {
  const cameras = useCameras(store).data;
  const live = useLiveKpis(store).data;
  const key = JSON.stringify([
    cameras?.map((c) => [c.id, c.name]),
    live?.zones.map((z) => [z.zone_id, z.name]),
    live?.lines.map((l) => [l.camera_id, l.line_id, l.name]),
    [...(live?.queues ?? []).map((q) => [q.queue_id, q.name]), ...(live?.lanes ?? []).map((l) => [l.lane_id, l.name])],
  ]);
  return useMemo(() => {
    const [c, z, l, q] = JSON.parse(key) as [Pairs?, Pairs?, [string, string, string][]?, Pairs?];
    const cameraNames = new Map([FLOOR_PLAN, ...(c ?? [])]);
    const zoneNames = new Map(z ?? []);
    const lineNames = new Map((l ?? []).map(([camera, id, name]) => [`${camera}/${id}`, name]));
    const laneNames = new Map(q ?? []);
    return {
      camera: (id = '') => cameraNames.get(id) ?? id,
      zone: (id = '') => zoneNames.get(id) ?? id,
      line: (camera = '', id = '') => lineNames.get(`${camera}/${id}`) ?? id,
      lane: (id = '') => laneNames.get(id) ?? id,
    };
  }, [key]);
}

/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '../../src/lib/api/client.ts';

/* A floor plan of 12 x 8 m with one calibrated camera, and the answers about it. */

type Answer = { status: number; body?: unknown };

const PAIRS: Schemas['PointPair'][] = [
  { image: [0.1, 0.9], plan: [7.8, 2.1] },
  { image: [0.9, 0.9], plan: [4.2, 2.1] },
  { image: [0.8, 0.35], plan: [3, 6.5] },
  { image: [0.2, 0.35], plan: [9, 6.5] },
  { image: [0.5, 0.6], plan: [6, 3.4] },
  { image: [0.5, 0.4], plan: [6.4, 5.6] },
];

export function calibration(): Schemas['Calibration'] {
  return { height_m: 3, pairs: PAIRS };
}

export function smallPlan(): Schemas['Scene'] {
  return {
    ...{ version: 2, hash: 'plan', image: { w: 1200, h: 800 }, full_view: false, lines: [] },
    plan: { width_m: 12, height_m: 8 },
    walls: [
      {
        polygon: [
          [0.02, 0.02],
          [0.98, 0.02],
          [0.98, 0.98],
          [0.02, 0.98],
        ],
      },
    ],
    obstacles: [],
    zones: [
      {
        id: 'coffee',
        name: 'Coffee',
        kind: 'product',
        polygon: [
          [0.6, 0.55],
          [0.8, 0.55],
          [0.8, 0.8],
          [0.6, 0.8],
        ],
      },
    ],
  };
}

const pose = { x: 6, y: 0.3, height_m: 3.1, pitch_deg: 32.5, hfov_deg: 78.4, assumed_lens: false };
const view = [
  [4.4, 1.7],
  [7.6, 1.7],
  [11.4, 7.6],
  [0.6, 7.6],
];
const error = { rms_m: 0.09, worst_m: 0.21, suspect: 5 };

/** Nothing within the walls but what lies in the view is blind. */
function coverage(): Schemas['PlanCoverage'] {
  const cells = Array.from({ length: 32 }, (_, y) =>
    Array.from({ length: 48 }, (_, x) => {
      const depth = (y / 4 - 1.7) / 5.9;
      const reach = 1.6 + depth * 3.8;
      if (x < 1 || x > 46 || y < 1 || y > 30) return '-';
      return depth >= 0 && depth <= 1 && Math.abs(x / 4 - 6) < reach ? '1' : '0';
    }).join(''),
  );
  const count = (mark: string) => cells.join('').split(mark).length - 1;
  return {
    ...{ floor_m2: (count('0') + count('1')) / 16, blind_m2: count('0') / 16 },
    blind_share: count('0') / (count('0') + count('1')),
    ...{ obstacles_known: false, cell_m: 0.25, columns: 48, rows: 32, cells },
    blind_spots: [
      { at: [2, 3], area_m2: 18.5 },
      { at: [10, 3], area_m2: 18.25 },
    ],
  };
}

function camera(id: string, number: number, scene: Schemas['Scene']): Schemas['PlanCamera'] {
  const calibrated = scene.calibration !== undefined;
  return {
    ...{
      camera_id: id,
      name: id === 'entrance' ? 'Entrance' : 'Aisle',
      number,
      scene_version: scene.version,
      calibrated,
    },
    problem: calibrated
      ? null
      : 'Not calibrated: the floor plan ignores the camera, and what it measures in metres is approximate.',
    ...(calibrated ? { error, pose, view, seen_m2: 35.5 } : { error: null, pose: null, view: [], seen_m2: null }),
  };
}

/** By every camera that is calibrated. */
function seen(scene: Schemas['Scene'] | undefined, all: readonly Schemas['PlanCamera'][]): Schemas['PlanSeen'][] {
  const cameras = all.filter((c) => c.calibrated).map((c) => c.camera_id);
  const of = (part: Schemas['PlanSeen']['part'], ids: readonly { id: string }[] = []) =>
    ids.map(({ id }) => ({ part, id, cameras }));
  if (!scene?.plan) return [];
  return [
    ...of('zone', scene.zones),
    ...of('line', scene.lines),
    ...of('queue', scene.lanes),
    ...of('service', scene.lanes),
  ];
}

export function floorPlan(scenes: ReadonlyMap<string, Schemas['Scene']>): Schemas['FloorPlan'] {
  const scene = scenes.get('floor-plan');
  const cameras = [...scenes].filter(([id]) => id !== 'floor-plan').map(([id, s], i) => camera(id, i + 1, s));
  return {
    plan: scene?.plan ? { version: scene.version, image: null, ...scene.plan } : null,
    cameras,
    overlaps: [],
    seen: seen(scene, cameras),
    coverage: scene?.plan ? coverage() : null,
    uncalibrated: cameras.filter((c) => !c.calibrated).length,
  };
}

export function placement(): Schemas['Placement'] {
  const finding = (
    code: Schemas['PlacementFinding']['code'],
    grade: 'warning' | 'note',
    advice: string,
  ): Schemas['PlacementFinding'] => ({
    ...{ code, grade, advice, subject_kind: 'camera', subject_id: null, value: null, limit: null, unit: '' },
  });
  return {
    cameras: [
      {
        ...{ camera_id: 'entrance', name: 'Entrance', number: 1, role: 'entrance', scene_version: 1, fits: false },
        findings: [
          finding('calibration-untold', 'note', 'Four pairs of points cannot tell how good they are; add two more.'),
          finding(
            'line-short',
            'warning',
            'Line door is short: people walk round it uncounted; draw it across the whole way, from frame to frame.',
          ),
        ],
      },
      {
        ...{ camera_id: 'aisle', name: 'Aisle', number: 2, role: 'aisle', scene_version: 0, fits: true },
        findings: [],
      },
    ],
    store: [finding('few-entrances', 'note', 'One camera counts at the entrance; when it fails nobody is counted.')],
  };
}

/** Good for five pairs and more; says nothing of the error of four. */
export function checkCalibration({ calibration: tried }: Schemas['CalibrationTrial']): Answer {
  const told = tried.pairs.length > 4;
  const body: Schemas['CalibrationResult'] = {
    ...{ good: true, problem: null, pose, view },
    error: told
      ? { ...error, suspect: tried.pairs.length > 5 ? 5 : null }
      : { rms_m: null, worst_m: null, suspect: null },
    pairs_off_m: tried.pairs.map((_, i) => (told ? 0.03 * (i + 1) : null)),
  };
  return { status: 200, body };
}

export function keepImage(): Answer {
  return { status: 200, body: { image: '9f86d081884c7d65', type: 'image/png', size: { w: 1200, h: 800 } } };
}

/* SPDX-License-Identifier: Apache-2.0 */
import { archiveState, archiveTrial } from './mock-archive.ts';
import { MockAudits } from './mock-audits.ts';
import { MockClips } from './mock-clips.ts';
import type { Schemas } from '../../src/lib/api/client.ts';
import { answerFind } from './mock-find.ts';
import { checkCalibration, floorPlan, keepImage, placement } from './mock-floor.ts';
import { heatMap, planScene } from './mock-heat.ts';
import { mockLanes, mockOutlook, mockQueues, mockStaffing, queueKpis } from './mock-queues.ts';
import { MockRecordings } from './mock-recordings.ts';
import { journeysOf } from './mock-journeys.ts';
import { MockWhatIfs } from './mock-what-ifs.ts';
import { MockSales } from './mock-sales.ts';

/* The world behind the mock server: small, and plainly made up. Tests change it as they need. */

type Answer = { status: number; body?: unknown; headers?: Record<string, string> };
type Still = { jpeg: Buffer; ts: number };

const HOUR = 3_600_000;

/** A grey picture of 8x6 pixels, the least a browser takes as a JPEG. */
const GREY = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z',
  'base64',
);

export function figure(value: number | null, unit: string, definition: string): Schemas['Figure'] {
  return { value, unit, denominator: null, definition, definition_version: 0, coverage: 1, provisional: true };
}

export class MockWorld {
  me: Schemas['Me'] = {
    ...{ name: 'admin', role: 'admin', all_stores: true, stores: [], disabled: false, initial_password: false },
    created_at: '2026-01-01T08:00:00.000Z',
    last_login_at: null,
    permissions: [
      'stores.read',
      'cameras.read',
      'cameras.write',
      'pictures.read',
      'video.watch',
      'people.see',
      'recordings.read',
      'recordings.export',
      'audits.write',
      'snapshots.read',
      'scenes.read',
      'scenes.write',
      'kpis.read',
      'events.read',
      'users.read',
      'users.write',
      'audit.read',
      'sales.read',
      'sales.write',
    ],
    session_expires_at: '2036-01-01T08:00:00.000Z',
  };
  /** What a live view is answered with: the mock has no video. */
  notPlayable = 'The camera sends H.265, which browsers do not play live. Set its stream to H.264.';
  stores: Schemas['Store'][] = [{ id: 'mock', name: 'Mock store', time_zone: 'UTC', cameras: 2, simulated: false }];
  /** What was asked for of cameras, as it came. */
  wishes: Schemas['CameraWish'][] = [];
  cameras: Schemas['Camera'][] = [camera('entrance', 1, 'Entrance'), camera('aisle', 2, 'Aisle')];
  live: Schemas['LiveKpis'] = {
    ...{ ts: new Date().toISOString(), day_start: startOfDay(), cameras_alive: 2, cameras_total: 2 },
    footfall_today: figure(12, 'people', 'traffic in without people who turn back within 2 s; re-entries not removed'),
    traffic_in: figure(13, 'crossings', 'inward crossings of entrance lines'),
    traffic_out: figure(9, 'crossings', 'outward crossings of entrance lines'),
    occupancy: {
      ...figure(4, 'people', 'people in the full view of the store now'),
      provisional: false,
      source: 'full view of camera Entrance',
    },
    lines: [{ line_id: 'door', camera_id: 'entrance', name: 'Door', kind: 'entrance', in: 13, out: 9 }],
    zones: [{ zone_id: 'shelf', name: 'Shelf', kind: 'product', camera_ids: ['aisle'], occupancy: 1, capacity: 4, occupancy_share: 0.25 }],
    queues: mockQueues(),
    lanes: mockLanes(),
    outlook: mockOutlook(),
    cameras: [],
  };
  zones: Schemas['ZoneRow'][] = [zoneRow('shelf', 'Shelf', 7)];
  events: Schemas['Event'][] = Array.from({ length: 60 }, (_, i) => crossing(i, i % 3 === 0 ? 'out' : 'in'));
  snapshots: Schemas['Snapshot'][] = [];
  scenes = new Map<string, Schemas['Scene']>([
    ['entrance', scene()],
    ['aisle', { ...scene(), version: 0, zones: [], lines: [] }],
    ['floor-plan', planScene()],
  ]);
  older: { id: string; scene: Schemas['Scene'] }[] = [];
  users: Schemas['User'][] = [];
  sales = new MockSales();
  recordings = new MockRecordings();
  clips = new MockClips();
  audits = new MockAudits();
  whatIfs = new MockWhatIfs();

  picture(id: string): Still | null {
    return this.cameras.some((c) => c.id === id) ? { jpeg: GREY, ts: Date.now() } : null;
  }

  answer(
    method: string,
    path: string,
    query: URLSearchParams,
    body: Record<string, unknown>,
    ifMatch?: string,
  ): Answer {
    const parts = path.split('/').slice(1);
    if (path === '/me') return ok(this.me);
    if (path === '/me/password') return { status: 204 };
    if (path === '/stores') return ok({ stores: this.stores });
    if (path === '/audit') return ok(this.audit());
    if (parts[2] === 'replays') return this.whatIfs.answer(method, parts[3], body);
    const clip = this.clips.answer(method, parts.slice(2), body);
    if (clip) return clip;
    const counted = this.audits.answer(method, parts.slice(2), body);
    if (counted) return counted;
    const found = answerFind(path, body);
    if (found !== undefined) return ok(found);
    if (parts[0] === 'users') return this.answerUsers(method, parts[1], body);
    if (parts[2] === 'cameras' && parts.length === 3 && method === 'GET') return ok({ cameras: this.cameras });
    if (parts[4] === 'recordings' && parts.length === 5) return this.recordings.list(parts[3] ?? '', query);
    if (parts[2] === 'cameras' && (parts.length <= 4 || parts[4] === 'settings'))
      return this.answerCamera(method, parts[3], body as Schemas['CameraWish']);
    if (parts[2] === 'floor-plan') return method === 'POST' ? keepImage() : ok(floorPlan(this.scenes));
    if (parts[2] === 'archive') return ok(parts[3] === 'test' ? archiveTrial() : archiveState());
    if (parts[2] === 'placement') return ok(placement());
    if (parts[2] === 'calibration') return checkCalibration(body as Schemas['CalibrationTrial']);
    if (parts[4] === 'scene') return this.answerScene(method, parts[3] ?? '', parts[5], query, body, ifMatch);
    if (parts[3] === 'live') return ok(this.live);
    if (parts[3] === 'traffic') return ok(this.traffic(query));
    if (parts[2] === 'recommendations') return ok(recommendations());
    if (parts[3] === 'forecast') return ok(this.forecast());
    if (parts[3] === 'staffing') return ok(mockStaffing(startOfDay()));
    if (parts[3] === 'heatmap') return ok(heatMap(query, startOfDay()));
    if (parts[3] === 'queues') return ok(queueKpis(query, startOfDay()));
    if (parts[3] === 'zones') return ok(this.zoneKpis(query));
    if (parts[2] === 'events') return ok(this.page(query));
    if (parts[2] === 'snapshots') return ok({ snapshots: this.snapshots, next_cursor: null });
    if (parts.slice(2).join('/') === 'kpis/journeys') return { status: 200, body: journeysOf(query) };
    return this.sales.answer(method, parts.slice(2).join('/'), query, body) ?? notFound(path);
  }

  private audit(): Schemas['AuditPage'] {
    const hash = '0'.repeat(64);
    const entry = (id: number, action: string, subject: string): Schemas['AuditEntry'] => ({
      ...{
        id,
        ts: new Date(Date.now() - (9 - id) * 60_000).toISOString(),
        actor: 'admin',
        action,
        subject,
        store_id: null,
      },
      ...{ address: '127.0.0.1', detail: {}, previous_hash: hash, hash },
    });
    const entries = [
      entry(3, 'scene.changed', 'entrance'),
      entry(2, 'session.login', 'admin'),
      entry(1, 'session.login_failed', 'admin'),
    ];
    return { entries, next_cursor: null };
  }

  private answerCamera(method: string, id: string | undefined, wish: Schemas['CameraWish']): Answer {
    const found = this.cameras.find((c) => c.id === id);
    if (method === 'POST' && id === 'test') {
      this.wishes.push(wish);
      return ok(cameraTest(wish.url ?? ''));
    }
    if (method === 'POST') {
      const added = { ...camera(wish.id ?? '', this.cameras.length + 1, wish.name ?? ''), source: wish.url ?? '' };
      this.cameras = [...this.cameras, added];
      this.wishes.push(wish);
      return { status: 201, body: settingsOf(added) };
    }
    if (!found) return notFound(id ?? '');
    if (method === 'DELETE') {
      this.cameras = this.cameras.filter((c) => c !== found);
      return { status: 204 };
    }
    if (method === 'PATCH') {
      this.wishes.push(wish);
      Object.assign(found, wish.name === undefined ? {} : { name: wish.name });
    }
    return ok(settingsOf(found));
  }

  private answerUsers(method: string, name: string | undefined, body: Record<string, unknown>): Answer {
    const found = this.users.find((user) => user.name === name);
    if (name && !found) return notFound(name);
    if (method === 'POST') {
      const added = {
        all_stores: false,
        stores: [],
        ...body,
        disabled: false,
        initial_password: true,
        created_at: new Date().toISOString(),
        last_login_at: null,
      };
      Reflect.deleteProperty(added, 'password');
      this.users.push(added as unknown as Schemas['User']);
      return { status: 201, body: added };
    }
    if (method === 'PATCH' && found) return ok(Object.assign(found, body));
    if (method === 'DELETE') {
      this.users = this.users.filter((user) => user !== found);
      return { status: 204 };
    }
    return ok({ users: [{ ...this.me, permissions: undefined, session_expires_at: undefined }, ...this.users] });
  }

  private answerScene(
    method: string,
    id: string,
    rest: string | undefined,
    query: URLSearchParams,
    body: Record<string, unknown>,
    ifMatch?: string,
  ): Answer {
    const now = this.scenes.get(id);
    if (!now) return notFound(id);
    if (rest === 'versions') return ok({ versions: versionsOf(now) });
    const wanted = Number(query.get('version') ?? now.version);
    if (method === 'GET')
      return ok(this.older.find((old) => old.id === id && old.scene.version === wanted)?.scene ?? now);
    if (ifMatch !== `"${now.version}"`)
      return {
        status: 412,
        body: {
          type: 'urn:inveye:problem:changed-meanwhile',
          title: 'Changed meanwhile',
          status: 412,
          detail: 'Load it again.',
        },
      };
    const saved = { ...now, ...(body as Partial<Schemas['Scene']>), version: now.version + 1 };
    this.older.push({ id, scene: now });
    this.scenes.set(id, saved);
    return ok(saved);
  }

  /** A tenth less than now. */
  private weekBefore(
    from: number,
    totals: Schemas['TrafficTotals'],
    buckets: Schemas['TrafficBucket'][],
  ): Schemas['TrafficComparison'] {
    const day = (ms: number) => new Date(ms - 7 * 24 * HOUR).toISOString();
    return {
      ...{ weeks: 1, until: new Date().toISOString(), from: day(from), to: day(Date.now()) },
      ...{ totals, buckets, changes: { footfall: 0.111, traffic_in: 0.111, traffic_out: 0.111 } },
    };
  }

  private traffic(query: URLSearchParams): Schemas['Traffic'] {
    const from = Date.parse(query.get('from') ?? startOfDay());
    const to = Date.parse(query.get('to') ?? '') || from + 24 * HOUR;
    const step = (query.get('step') ?? 'hour') as Schemas['Traffic']['step'];
    const width = step === 'day' ? 24 * HOUR : HOUR;
    const { footfall_today: footfall, traffic_in, traffic_out } = this.live;
    const buckets = Array.from({ length: Math.ceil((to - from) / width) }, (_, i) =>
      this.bucket(from + i * width, width),
    );
    const totals = {
      footfall,
      traffic_in,
      traffic_out,
      pass_bys: figure(null, 'people', 'past the entrance'),
      turn_backs: figure(1, 'people', 'out again'),
      capture_rate: figure(null, 'ratio', 'in / (in + past)'),
      unique_visitors: figure(null, 'people', 'different people'),
      known_share: figure(0, 'ratio', 'recognised'),
      visit_mean_s: figure(null, 's', 'time in the store'),
      visit_median_s: figure(null, 's', 'time in the store'),
      visit_p90_s: figure(null, 's', 'time in the store'),
      bounce_rate: figure(null, 'ratio', 'short visits / visits'),
      ...groupTotals(),
    };
    return {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      step,
      time_zone: 'UTC',
      totals,
      open_visits: 0,
      buckets,
      lines: this.live.lines,
      peak_hours: null,
      ...(query.get('compare') ? { comparison: this.weekBefore(from, totals, buckets) } : {}),
    };
  }

  private forecast(): Schemas['Forecast'] {
    const from = Math.floor(Date.now() / HOUR) * HOUR;
    const hours = Array.from({ length: 72 }, (_, i) => {
      const start = from + i * HOUR;
      const h = new Date(start).getUTCHours();
      const mean = h < 9 || h > 19 ? 0 : 20 + 15 * Math.sin(((h - 9) / 10) * Math.PI);
      const spread = mean && 5;
      return {
        ...{ start: new Date(start).toISOString(), end: new Date(start + HOUR).toISOString() },
        ...{ footfall: mean, low: mean - spread, high: mean + spread },
      };
    });
    return {
      ...{ from: new Date(from).toISOString(), to: new Date(from + 72 * HOUR).toISOString(), time_zone: 'UTC' },
      figure: { unit: 'people', denominator: null, definition: 'footfall of an hour to come', definition_version: 1 },
      ...{ known_hours: 900, test_days: 21, wape: 0.14, covered: 0.8, hours },
    };
  }

  private bucket(start: number, width: number): Schemas['TrafficBucket'] {
    const now = Date.now();
    const seen = start <= now && start > now - 6 * HOUR;
    const n = seen ? 2 + (Math.floor(start / HOUR) % 5) : null;
    return {
      ...{
        start: new Date(start).toISOString(),
        end: new Date(start + width).toISOString(),
        footfall: n,
        traffic_in: n,
        traffic_out: n === null ? null : n - 1,
      },
      ...{ unique_visitors: n, visit_mean_s: n && 912, open_visits: 0 },
      ...{ groups: n, group_size_mean: n && 1 },
      coverage: start > now ? null : seen ? 1 : 0,
      provisional: start <= now && start + width > now,
    };
  }

  private zoneKpis(query: URLSearchParams): Schemas['ZoneKpis'] {
    const meaning = (unit: string, definition: string): Schemas['FigureMeaning'] => ({
      unit,
      denominator: null,
      definition,
      definition_version: 0,
    });
    const dwell = meaning('s', 'time inside per visit of the zone');
    return {
      ...{
        from: query.get('from') ?? startOfDay(),
        to: query.get('to') ?? startOfDay(),
        time_zone: 'UTC',
        zones: this.zones,
      },
      figures: {
        ...{
          occupancy_now: meaning('people', 'people in the zone now'),
          visitors: meaning('people', 'different people inside for at least 2 s'),
          zone_visits: meaning('visits', 'visits of at least 2 s'),
          draw_rate: meaning('ratio', 'visitors of the zone / unique visitors'),
          band: meaning('band', 'engagement over the last 28 days'),
          dead: meaning('yes or no', 'next to nobody for 7 days'),
        },
        ...{ dwell_mean_s: dwell, dwell_median_s: dwell, dwell_p90_s: dwell },
        ...{
          engaged_share: meaning('ratio', 'stayed at least 15 s'),
          peak_occupancy: meaning('people', 'most at once'),
          capacity: meaning('people', 'people the zone is for'),
          occupancy_share: meaning('ratio', 'people in the zone now / its capacity'),
          peak_share: meaning('ratio', 'most at once / capacity'),
          over_capacity_s: meaning('s', 'time with more people than the capacity'),
        },
      },
    };
  }

  private page(query: URLSearchParams): Schemas['EventPage'] {
    const kinds = query.getAll('kind');
    const all = this.events.filter(
      (e) =>
        (kinds.length === 0 || kinds.includes(e.kind)) && (!query.get('camera') || e.camera_id === query.get('camera')),
    );
    const at = Number(query.get('cursor') ?? 0);
    const limit = Number(query.get('limit') ?? 100);
    return { events: all.slice(at, at + limit), next_cursor: at + limit < all.length ? String(at + limit) : null };
  }
}

function recommendations(): Schemas['RecommendationList'] {
  const day = Date.parse(startOfDay());
  const evidence = (name: string, value: number, unit: string) => ({ name, value, unit });
  return {
    ...{ from: new Date(day - 7 * 86_400_000).toISOString(), to: new Date(day).toISOString(), time_zone: 'UTC' },
    recommendations: [
      {
        ...{ rule: 'dead-zone', screen: 'customers', subject: { id: 'shelf-9', name: 'Shelf 9' }, at: null },
        when: 'a zone drew under a tenth of the visitors of the median zone of its kind on each of the last 7 days',
        text: 'Shelf 9 drew 12 visitors in 7 days; the median zone of its kind drew 431. Give it another range, a display or a way past it.',
        evidence: [evidence('visitors', 12, 'people'), evidence('median_of_kind', 431, 'people')],
      },
      {
        ...{ rule: 'long-waits', screen: 'checkout', subject: null, at: null },
        when: 'at an hour of the day under 80 % of those who queued were served within the target',
        text: 'From 17:00 to 19:00 only 64 % of those who queued were served within the target. Open a lane earlier.',
        evidence: [evidence('service_level', 0.64, 'ratio'), evidence('joined', 214, 'people')],
      },
    ],
  };
}

function cameraTest(address: string): Schemas['CameraTest'] {
  const reached = !address.includes('nobody');
  return {
    ...{ address, reached, reason: reached ? '' : 'connection refused: check the port', codec: 'H.264', profile: 'main' },
    ...{ level: '3.1', width: 1280, height: 720, frames_per_second: 15, frames_per_second_said: 15, first_frame_s: 0.4 },
    ...{ keyframe_interval_s: 2, bits_per_second: 1_480_000, b_frames: true, camera_clock: true, decodes: true },
    ...{ decode_errors: 0, packets_lost: 0, verdict: reached ? 'works with limits' : 'does not work' },
    advice: reached ? [{ level: 'warning', text: 'B-frames: set profile Baseline' }] : [],
    picture: reached ? GREY.toString('base64') : null,
  };
}

function settingsOf({ id, name, number, role }: Schemas['Camera']): Schemas['CameraSettings'] {
  return {
    ...{ id, name, number, role, url: 'rtsp://viewer:***@192.0.2.10/stream1', transport: 'tcp', fps: 5 },
    ...{ enabled: true, motion_gate: true, recording: 'default', realtime: true, loop: false },
  };
}

/** The sub stream is analysed, the main one recorded. */
function stream(name: 'main' | 'sub', id: string): Schemas['CameraStream'] {
  const size = name === 'main' ? { w: 2560, h: 1440 } : { w: 640, h: 360 };
  return {
    ...{ name, state: 'online', reason: '', source: `rtsp://***:***@192.0.2.10/${id}/${name}`, codec: 'h264', size },
    ...{ fps_in: 15, bitrate: name === 'main' ? 4_100_000 : 512_000, keyframe_interval_s: 2 },
    ...{ packets_lost: 0, reconnects: 0, analysed: name === 'sub', b_frames: false },
  };
}

/** The aisle has masks: what is recorded of it is encoded anew. */
function privacyOf(id: string): Schemas['CameraPrivacy'] {
  const masks = id === 'aisle' ? 2 : 0;
  return {
    ...{ masks, masks_live: true, masks_recordings: true, reencoded_streams: masks ? 1 : 0 },
    ...{ reencode_cores: masks ? 0.31 : 0, reencode_dropped: 0, reencode_trouble: '' },
  };
}

export function camera(id: string, number: number, name: string): Schemas['Camera'] {
  return {
    ...{
      id,
      number,
      name,
      role: 'general',
      state: 'online',
      reason: '',
      analysed: true,
      view: 'good',
      view_reason: '',
      recording: 'recording' as const,
      recording_reason: '',
      privacy: privacyOf(id),
      codec: 'h264',
      size: { w: 768, h: 576 },
      clock: 'camera',
      clock_ahead_s: -2.4,
    },
    ...{
      fps_in: 10,
      fps_analysed: 5,
      bitrate: 812_000,
      keyframe_interval_s: 2,
      frames_due: 18_020,
      frames_skipped: 12,
      frames_gated: 4031,
    },
    ...{
      decode_errors: 0,
      packets_lost: 0,
      reconnects: 0,
      last_frame_ts: new Date().toISOString(),
      source: 'rtsp://***:***@192.0.2.10/stream1',
      restream_url: null,
    },
    ...{ scene_version: 1, people: 2, streams: [stream('main', id), stream('sub', id)] },
  };
}

export function crossing(n: number, direction: 'in' | 'out', ts = Date.now() - (n + 1) * 20_000): Schemas['Event'] {
  const id = `019ab3c0-0000-7000-8000-${String(n).padStart(12, '0')}`;
  return {
    id,
    store_id: 'mock',
    edge_id: 'local',
    camera_id: 'entrance',
    kind: 'line.crossed',
    ts: new Date(ts).toISOString(),
    tracklet_id: n + 1,
    line_id: 'door',
    score: 0.8,
    attrs: { direction },
    scene_version: 1,
    model_version: 'mock',
    schema: 1,
  };
}

/** 6 alone, 3 pairs and one of three: 15 people in 10 groups. */
export function groupTotals() {
  return {
    groups: figure(10, 'groups', 'groups that came in over entrance lines'),
    group_size_mean: figure(1.5, 'people', 'people who came in / groups'),
    groups_of_1: figure(6, 'groups', 'people who came in alone'),
    groups_of_2: figure(3, 'groups', 'groups of two people'),
    groups_of_3: figure(1, 'groups', 'groups of three people'),
    groups_of_4: figure(0, 'groups', 'groups of four people'),
    groups_of_5: figure(0, 'groups', 'groups of five and more people'),
  };
}

export function zoneRow(zone_id: string, name: string, visitors: number | null): Schemas['ZoneRow'] {
  const dwell = visitors === null ? null : 14.2;
  return {
    ...{
      zone_id,
      name,
      kind: 'product',
      camera_ids: ['aisle'],
      occupancy_now: 1,
      visitors,
      zone_visits: visitors,
      draw_rate: visitors === null ? null : 0.3,
      band: null,
      dead: null,
      open_visits: 1,
      dwell_mean_s: dwell,
      dwell_median_s: dwell,
      dwell_p90_s: dwell,
    },
    ...{ engaged_share: visitors === null ? null : 0.4, peak_occupancy: visitors, coverage: 1, provisional: true },
    ...{ capacity: 4, occupancy_share: 0.25, peak_share: visitors === null ? null : visitors / 4 },
    over_capacity_s: visitors === null ? null : 95,
  };
}

function scene(): Schemas['Scene'] {
  return {
    ...{ version: 1, hash: 'mock', image: { w: 768, h: 576 }, full_view: true },
    zones: [
      {
        id: 'mat',
        name: 'Mat',
        kind: 'entrance',
        polygon: [
          [0.1, 0.1],
          [0.4, 0.1],
          [0.4, 0.5],
          [0.1, 0.5],
        ],
      },
    ],
    lines: [{ id: 'door', name: 'Door', kind: 'entrance', a: [0.6, 0.1], b: [0.6, 0.9] }],
  };
}

function versionsOf({ version, zones, lines, lanes }: Schemas['Scene']): Schemas['SceneVersion'][] {
  return Array.from({ length: version }, (_, i) => ({
    version: version - i,
    hash: 'mock',
    created_at: new Date(Date.now() - i * HOUR).toISOString(),
    created_by: i === version - 1 ? null : 'admin',
    zones: zones.length,
    lines: lines.length,
    lanes: lanes?.length ?? 0,
  }));
}

function startOfDay(): string {
  return `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`;
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function notFound(what: string): Answer {
  return {
    status: 404,
    body: { type: 'urn:inveye:problem:not-found', title: 'Not found', status: 404, detail: `No ${what} here.` },
  };
}

/* SPDX-License-Identifier: Apache-2.0 */
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/button.tsx';
import { DialogButtons } from '@/components/dialog.tsx';
import { SelectField, TextField } from '@/components/field.tsx';
import { SwitchField } from '@/components/switch-field.tsx';
import { problemText } from '@/lib/api/problem.ts';
import { slugOf } from '@/lib/slug.ts';
import { TestRow } from './camera-test.tsx';
import { FindRow } from './find-row.tsx';
import { MakerRow } from './maker-row.tsx';
import { type CameraSettings, type CameraTest, type CameraValues, isAddress, isFilm, NEW_CAMERA, valuesOf, withoutLogin } from './camera-setup.ts';

const ID = /^[a-z0-9-]{1,40}$/;
const FPS = { least: 0.5, most: 30 };

const ROLES: readonly { value: CameraSettings['role']; label: string }[] = [
  { value: 'general', label: 'General' },
  { value: 'entrance', label: 'Entrance' },
  { value: 'checkout', label: 'Checkout' },
  { value: 'aisle', label: 'Aisle' },
  { value: 'high-value', label: 'High-value goods' },
  { value: 'fitting', label: 'Outside fitting rooms' },
  { value: 'staff-only', label: 'Staff only' },
];

type Analysed = { value: CameraValues['analyse']; label: string };
const NOT_ANALYSED: Analysed = { value: 'off', label: 'Nothing: only recorded and watched' };
const ONE_STREAM: readonly Analysed[] = [{ value: 'auto', label: 'The stream' }, NOT_ANALYSED];
const TWO_STREAMS: readonly Analysed[] = [
  { value: 'auto', label: 'Automatic: the sub stream' },
  { value: 'sub', label: 'The sub stream' },
  { value: 'main', label: 'The main stream' },
  NOT_ANALYSED,
];

const RECORDINGS: readonly { value: CameraSettings['recording']; label: string }[] = [
  { value: 'default', label: 'As the configuration file says' },
  { value: 'continuous', label: 'All the time' },
  { value: 'events', label: 'When something happens' },
  { value: 'off', label: 'Not' },
];

type CameraFormProps = {
  store: string;
  /** The camera to change; null for a new one. */
  settings: CameraSettings | null;
  taken: readonly string[];
  busy: boolean;
  error: unknown;
  onSubmit: (values: CameraValues) => void;
  /** Asked with what stands in the form now. */
  onTest: (values: CameraValues) => void;
  testing: boolean;
  found: readonly CameraTest[];
  onRemove?: () => void;
  onCancel: () => void;
};

export function CameraForm({ store, settings, taken, busy, error, testing, found, onSubmit, onTest, onRemove, onCancel }: CameraFormProps) {
  const [values, setValues] = useState<CameraValues>(settings ? valuesOf(settings) : NEW_CAMERA);
  const set = (part: Partial<CameraValues>) => setValues((old) => ({ ...old, ...part }));
  const film = settings !== null && isFilm(settings);
  const faults = faultsOf(values, settings, taken, film);
  const ready = Object.values(faults).every((fault) => fault === undefined) && values.name.trim() !== '' && values.id !== '' && (film || values.url !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) onSubmit(values);
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Name"
          value={values.name}
          maxLength={80}
          onChange={(event) => set({ name: event.target.value, ...(settings ? {} : { id: slugOf(event.target.value) }) })}
        />
        <TextField
          label="Id"
          autoCapitalize="none"
          autoComplete="off"
          disabled={settings !== null}
          value={values.id}
          hint={settings ? 'What it counted is stored under it.' : 'Stays for ever: what it counts is stored under it.'}
          error={faults.id}
          onChange={(event) => set({ id: event.target.value })}
        />
      </div>
      {!settings && (
        <FindRow store={store} username={values.username} password={values.password} onAddress={set} />
      )}
      {!settings && <MakerRow onAddress={set} />}
      {film ? (
        <TextField label="Film" value={values.url} disabled hint="Set in the configuration file." />
      ) : (
        <Address values={values} known={settings !== null} faults={faults} set={set} />
      )}
      {!film && (
        <TestRow
          ready={values.url !== '' && faults.url === undefined && faults.subUrl === undefined}
          busy={testing}
          found={found}
          onTest={() => onTest(values)}
        />
      )}
      <div className="grid gap-4 sm:grid-cols-3">
        <SelectField
          label="What it watches"
          value={values.role}
          options={ROLES}
          onChange={(role) => set({ role: role as CameraValues['role'] })}
        />
        <SelectField
          label="Transport"
          value={values.transport}
          disabled={film}
          options={[
            { value: 'tcp', label: 'TCP' },
            { value: 'udp', label: 'UDP' },
          ]}
          onChange={(transport) => set({ transport: transport as CameraValues['transport'] })}
        />
        <TextField
          label="Analysed pictures/s"
          inputMode="decimal"
          value={values.fps}
          error={faults.fps}
          onChange={(event) => set({ fps: event.target.value })}
        />
      </div>
      <SelectField
        label="Recorded"
        value={values.recording}
        options={RECORDINGS}
        onChange={(recording) => set({ recording: recording as CameraValues['recording'] })}
      />
      {!film && (
        <SwitchField
          label="Convert for browsers what they can’t play (H.265, B-frames); takes up to a core while somebody watches"
          checked={values.transcode}
          onChange={(transcode) => set({ transcode })}
        />
      )}
      {settings && (
        <SwitchField label="Read this camera" checked={values.enabled} onChange={(enabled) => set({ enabled })} />
      )}
      {error !== null && error !== undefined && (
        <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-[13px] break-words text-danger-ink">
          {problemText(error)}
        </p>
      )}
      <DialogButtons>
        {onRemove && (
          <Button variant="danger" className="mr-auto" onClick={onRemove} disabled={busy}>
            Remove
          </Button>
        )}
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={!ready} busy={busy}>
          {settings ? 'Save' : 'Add camera'}
        </Button>
      </DialogButtons>
    </form>
  );
}

type AddressProps = { values: CameraValues; known: boolean; faults: Faults; set: (part: Partial<CameraValues>) => void };

function Address({ values, known, faults, set }: AddressProps) {
  const hasSub = values.subUrl.trim() !== '';
  /* A login that was pasted with the address goes to its own fields. */
  const tidy = () => {
    const { url, username } = withoutLogin(values.url.trim());
    const password = /^[a-z]+:\/\/[^/?#]*?:([^/?#]*)@/s.exec(values.url.trim())?.[1];
    if (username === '') return;
    let plain = password ?? '';
    try {
      plain = decodeURIComponent(plain);
    } catch {
      /* as it is */
    }
    set({ url, username, password: plain || values.password });
  };
  return (
    <>
      <TextField
        label="Address of the stream"
        placeholder="rtsp://192.168.1.20/stream1"
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        value={values.url}
        hint="The main stream: recorded, and shown on the full screen. H.264 without B-frames is best."
        error={faults.url}
        onChange={(event) => set({ url: event.target.value })}
        onBlur={tidy}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Address of the sub stream"
          placeholder="rtsp://192.168.1.20/stream2"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          value={values.subUrl}
          hint="If it has one: the same picture, 640 to 1280 pixels wide. For grids and analysis."
          error={faults.subUrl}
          onChange={(event) => set({ subUrl: event.target.value })}
          onBlur={() => set({ subUrl: withoutLogin(values.subUrl.trim()).url })}
        />
        <SelectField
          label="Analysed"
          value={hasSub || values.analyse === 'off' ? values.analyse : 'auto'}
          options={hasSub ? TWO_STREAMS : ONE_STREAM}
          hint={
            values.analyse === 'off'
              ? 'Nothing is counted; its lines and zones are told as not covered.'
              : 'Always read; the other one only while it is recorded or watched.'
          }
          onChange={(analyse) => set({ analyse: analyse as CameraValues['analyse'] })}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="User name"
          autoCapitalize="none"
          autoComplete="off"
          value={values.username}
          onChange={(event) => set({ username: event.target.value })}
        />
        <TextField
          label="Password"
          type="password"
          autoComplete="new-password"
          value={values.password}
          hint={known ? 'Leave empty to keep the present one.' : 'Stored sealed, and never shown again.'}
          onChange={(event) => set({ password: event.target.value })}
        />
      </div>
    </>
  );
}

type Faults = { id?: string; url?: string; subUrl?: string; fps?: string };

const NO_ADDRESS = 'Begins with rtsp:// (rtsps:// for TLS), or http:// for motion JPEG, and a host.';

function faultsOf(values: CameraValues, settings: CameraSettings | null, taken: readonly string[], film: boolean): Faults {
  const fps = Number(values.fps);
  return {
    id: settings || values.id === '' ? undefined : idFault(values.id, taken),
    url: film || values.url === '' || isAddress(values.url) ? undefined : NO_ADDRESS,
    subUrl: film ? undefined : subFault(values),
    fps: fps >= FPS.least && fps <= FPS.most ? undefined : `${FPS.least} to ${FPS.most}.`,
  };
}

function subFault({ url, subUrl }: CameraValues): string | undefined {
  if (subUrl.trim() === '') return undefined;
  if (!isAddress(subUrl)) return NO_ADDRESS;
  return subUrl.trim() === url.trim() ? 'The same as the main stream’s; leave it empty if there is one stream.' : undefined;
}

function idFault(id: string, taken: readonly string[]): string | undefined {
  if (!ID.test(id)) return 'Small letters, digits and hyphens, at most 40.';
  return taken.includes(id) ? 'There is a camera with this id.' : undefined;
}

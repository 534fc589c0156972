/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Button } from '@/components/button.tsx';
import { SelectField, TextField } from '@/components/field.tsx';
import { problemText } from '@/lib/api/problem.ts';
import type { Addresses } from './makers.ts';
import { describeDevice, type DeviceStreams, streamChoices, useFinding } from './camera-find.ts';

type FindRowProps = { store: string; username: string; password: string; onAddress: (addresses: Addresses) => void };

/** Finds a camera in the network and asks it for its streams, with the login that stands in the form. */
export function FindRow({ store, username, password, onAddress }: FindRowProps) {
  const [host, setHost] = useState('');
  const { search, ask } = useFinding(store);
  const devices = search.data?.devices ?? [];
  const error = search.error ?? ask.error;
  return (
    <fieldset className="space-y-3 rounded-lg border border-line p-3">
      <legend className="px-1 text-[13px] font-medium">Find it (ONVIF)</legend>
      <div className="grid items-end gap-3 sm:grid-cols-[1fr_auto_auto]">
        <TextField
          label="Host"
          placeholder="192.168.1.20"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          value={host}
          onChange={(event) => setHost(event.target.value)}
        />
        <Button icon="search" busy={search.isPending} onClick={() => search.mutate()}>
          Search the network
        </Button>
        <Button
          disabled={host.trim() === ''}
          busy={ask.isPending}
          onClick={() => ask.mutate({ host: host.trim(), username, password })}
        >
          Ask for its streams
        </Button>
      </div>
      {devices.length > 0 && (
        <SelectField
          label={`${devices.length} found`}
          value={devices.some((device) => device.host === host) ? host : ''}
          options={[
            { value: '', label: 'Choose one' },
            ...devices.map((device) => ({ value: device.host, label: describeDevice(device) })),
          ]}
          onChange={setHost}
        />
      )}
      <p role="status" className="text-xs text-quiet">
        {statusOf(search.isPending, ask.isPending, search.data?.devices.length)}
      </p>
      {ask.data && !ask.isPending && <Streams found={ask.data} onAddress={onAddress} />}
      {error && (
        <p role="alert" className="text-[13px] break-words text-danger-ink">
          {problemText(error)}
        </p>
      )}
    </fieldset>
  );
}

function statusOf(searching: boolean, asking: boolean, found: number | undefined): string {
  if (searching) return 'Asking every network of the server, 3 s …';
  if (asking) return 'Asking the camera, up to 10 s …';
  if (found === 0) return 'Nobody answered: ONVIF is off in the cameras, or they are in another network. Enter the host.';
  return 'Cameras and recorders tell their streams to the user and password entered below.';
}

function Streams({ found, onAddress }: { found: DeviceStreams; onAddress: (addresses: Addresses) => void }) {
  const [chosen, setChosen] = useState('');
  if (!found.reached)
    return (
      <p role="alert" className="text-[13px] break-words text-danger-ink">
        Not found out: {found.reason}.
      </p>
    );
  const about = [found.device?.manufacturer, found.device?.model].filter(Boolean).join(' ');
  const choices = streamChoices(found);
  const choose = (value: string) => {
    setChosen(value);
    const choice = choices.find((one) => one.value === value);
    if (choice) onAddress(choice.addresses);
  };
  return (
    <>
      <SelectField
        label={about === '' ? 'Streams' : `Streams of ${about}`}
        value={chosen}
        options={[{ value: '', label: 'Choose one' }, ...choices]}
        onChange={choose}
      />
      {found.advice.length > 0 && (
        <ul className="list-disc space-y-1 pl-4 text-[13px] text-quiet">
          {found.advice.map((text) => (
            <li key={text} className="break-words">
              {text}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

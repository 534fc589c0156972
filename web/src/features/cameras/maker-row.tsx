/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { SelectField, TextField } from '@/components/field.tsx';
import { useMakers } from './camera-find.ts';
import { type Addresses, addressesOf, hasChannels, isHost, type MakerChoice, NO_MAKER, type StreamKind } from './makers.ts';

/** Makes the addresses out of the maker and where the camera or recorder is. */
export function MakerRow({ onAddress }: { onAddress: (addresses: Addresses) => void }) {
  const [choice, setChoice] = useState<MakerChoice>(NO_MAKER);
  const makers = useMakers().data?.makers ?? [];
  const maker = makers.find(({ id }) => id === choice.maker);
  const set = (part: Partial<MakerChoice>) => {
    const next = { ...choice, ...part };
    setChoice(next);
    const addresses = addressesOf(makers, next);
    if (addresses !== null) onAddress(addresses);
  };
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField
        label="Maker"
        value={choice.maker}
        hint={maker ? maker.note || 'Its usual address; firmware may differ, so test it.' : 'Or enter the address below.'}
        options={[{ value: '', label: 'Other' }, ...makers.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={(id) => set({ maker: id })}
      />
      {maker && (
        <TextField
          label="Camera or recorder"
          placeholder="192.168.1.20"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          value={choice.host}
          error={choice.host === '' || isHost(choice.host) ? undefined : 'Its IP address or name, and a port if not 554.'}
          onChange={(event) => set({ host: event.target.value })}
        />
      )}
      {maker && (
        <SelectField
          label="Streams"
          value={choice.stream}
          options={[
            { value: 'both', label: 'Main and sub stream' },
            { value: 'main', label: 'Main stream only' },
            { value: 'sub', label: 'Sub stream only' },
          ]}
          onChange={(stream) => set({ stream: stream as StreamKind })}
        />
      )}
      {maker && hasChannels(maker) && (
        <TextField
          label="Channel"
          inputMode="numeric"
          value={choice.channel}
          hint="1 for a camera; of a recorder, the camera’s number."
          onChange={(event) => set({ channel: event.target.value })}
        />
      )}
    </div>
  );
}

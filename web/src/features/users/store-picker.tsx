/* SPDX-License-Identifier: Apache-2.0 */
import type { Store } from '@/lib/api/stores.ts';

type StorePickerProps = {
  stores: readonly Store[];
  all: boolean;
  chosen: readonly string[];
  onChange: (all: boolean, chosen: string[]) => void;
};

/** Which stores an account is bound to. */
export function StorePicker({ stores, all, chosen, onChange }: StorePickerProps) {
  const toggle = (id: string, on: boolean) =>
    onChange(false, on ? [...chosen, id] : chosen.filter((other) => other !== id));
  return (
    <fieldset>
      <legend className="mb-1.5 text-[13px] font-medium">Stores</legend>
      <div className="max-h-40 space-y-1 overflow-y-auto rounded-lg border border-line-strong p-2">
        <Choice
          label="All stores, also later ones"
          checked={all}
          onChange={(on) => onChange(on, on ? [] : stores.map((store) => store.id))}
        />
        {stores.map((store) => (
          <Choice
            key={store.id}
            label={store.name}
            checked={all || chosen.includes(store.id)}
            disabled={all}
            onChange={(on) => toggle(store.id, on)}
          />
        ))}
      </div>
    </fieldset>
  );
}

type ChoiceProps = { label: string; checked: boolean; disabled?: boolean; onChange: (on: boolean) => void };

function Choice({ label, checked, disabled, onChange }: ChoiceProps) {
  return (
    <label className="flex h-8 items-center gap-2.5 rounded-md px-1.5 hover:bg-sunken">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        className="size-4 accent-primary"
      />
      <span className="truncate">{label}</span>
    </label>
  );
}

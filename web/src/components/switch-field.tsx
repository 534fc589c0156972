/* SPDX-License-Identifier: Apache-2.0 */
import * as Radix from '@radix-ui/react-switch';

type SwitchFieldProps = { label: string; checked: boolean; onChange: (checked: boolean) => void; disabled?: boolean };

export function SwitchField({ label, checked, onChange, disabled }: SwitchFieldProps) {
  return (
    <label className="inline-flex cursor-pointer items-center gap-2 text-[13px] text-quiet select-none">
      <Radix.Root
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        className="h-5 w-9 shrink-0 rounded-full bg-line-strong p-0.5 transition-colors data-[state=checked]:bg-primary"
      >
        <Radix.Thumb className="block size-4 rounded-full bg-white shadow-sm transition-transform data-[state=checked]:translate-x-4" />
      </Radix.Root>
      {label}
    </label>
  );
}

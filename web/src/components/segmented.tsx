/* SPDX-License-Identifier: Apache-2.0 */
import * as Radix from '@radix-ui/react-toggle-group';

type SegmentedProps<T extends string> = {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string; hint?: string }[];
};

/** One of a few, all in sight. */
export function Segmented<T extends string>({ label, value, onChange, options }: SegmentedProps<T>) {
  return (
    <Radix.Root
      type="single"
      value={value}
      aria-label={label}
      onValueChange={(next) => next && onChange(next as T)}
      className="inline-flex h-9 items-center gap-0.5 rounded-lg bg-sunken p-1"
    >
      {options.map((option) => (
        <Radix.Item
          key={option.value}
          value={option.value}
          aria-label={option.hint}
          title={option.hint}
          className="h-7 rounded-md px-3 text-[13px] font-medium text-on-sunken transition-colors hover:text-ink data-[state=on]:bg-card data-[state=on]:text-ink data-[state=on]:shadow-sm"
        >
          {option.label}
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}

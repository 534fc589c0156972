/* SPDX-License-Identifier: Apache-2.0 */
import type { ComponentProps, ReactNode } from 'react';
import { useId } from 'react';
import { Icon } from './icon.tsx';

const CONTROL =
  'w-full rounded-lg border bg-card text-ink placeholder:text-faint transition-colors focus:border-primary focus:outline-2 focus:outline-offset-0 focus:outline-primary/25 disabled:bg-sunken disabled:text-quiet';

type Common = { label: string; hint?: ReactNode; error?: string; hideLabel?: boolean };

function border(error?: string): string {
  return error ? 'border-danger' : 'border-line-strong hover:border-faint';
}

export function TextField({
  label,
  hint,
  error,
  hideLabel,
  className = '',
  ...rest
}: Common & ComponentProps<'input'>) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint} error={error} hideLabel={hideLabel}>
      <input
        id={id}
        aria-invalid={Boolean(error) || undefined}
        aria-describedby={error || hint ? `${id}-note` : undefined}
        className={`${CONTROL} ${border(error)} h-10 px-3 ${className}`}
        {...rest}
      />
    </Labelled>
  );
}

type Option = { value: string; label: string };

type SelectProps = Common &
  Omit<ComponentProps<'select'>, 'onChange'> & {
    options: readonly Option[];
    onChange: (value: string) => void;
    compact?: boolean;
  };

/** The platform's own select: best on phones and with screen readers. */
export function SelectField({
  label,
  hint,
  error,
  hideLabel,
  options,
  onChange,
  compact,
  className = '',
  ...rest
}: SelectProps) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint} error={error} hideLabel={hideLabel}>
      <span className="relative block">
        <select
          id={id}
          aria-invalid={Boolean(error) || undefined}
          aria-describedby={error || hint ? `${id}-note` : undefined}
          className={`${CONTROL} ${border(error)} ${compact ? 'h-8 pl-2.5 text-[13px]' : 'h-10 pl-3'} appearance-none pr-8 ${className}`}
          onChange={(event) => onChange(event.target.value)}
          {...rest}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <Icon
          name="chevronDown"
          className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-quiet"
        />
      </span>
    </Labelled>
  );
}

type LabelledProps = Common & { id: string; children: ReactNode };

function Labelled({ id, label, hint, error, hideLabel, children }: LabelledProps) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'mb-1.5 block text-[13px] font-medium text-ink'}>
        {label}
      </label>
      {children}
      {(error || hint) && (
        <p id={`${id}-note`} className={`mt-1.5 text-xs leading-4 ${error ? 'text-danger-ink' : 'text-quiet'}`}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

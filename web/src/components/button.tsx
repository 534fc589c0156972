/* SPDX-License-Identifier: Apache-2.0 */
import type { ComponentProps } from 'react';
import { Icon, type IconName } from './icon.tsx';

const VARIANTS = {
  primary: 'bg-primary-fill text-white shadow-sm hover:bg-primary-fill-hover',
  secondary: 'border border-line-strong bg-card text-ink shadow-sm hover:bg-sunken',
  ghost: 'text-on-sunken hover:bg-sunken hover:text-ink',
  danger: 'bg-danger-fill text-white shadow-sm hover:brightness-95',
} as const;

const SIZES = { md: 'h-10 gap-2 rounded-lg px-4', sm: 'h-8 gap-1.5 rounded-md px-3 text-[13px]' } as const;

type ButtonProps = ComponentProps<'button'> & {
  variant?: keyof typeof VARIANTS;
  size?: keyof typeof SIZES;
  icon?: IconName;
  busy?: boolean;
};

const BASE =
  'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap font-medium transition-colors disabled:pointer-events-none disabled:opacity-50';

export function Button({
  variant = 'secondary',
  size = 'md',
  icon,
  busy,
  className = '',
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={`${BASE} ${VARIANTS[variant]} ${SIZES[size]} ${className}`}
    >
      {busy ? <Spinner /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

type IconButtonProps = ComponentProps<'button'> & { icon: IconName; label: string; pressed?: boolean; small?: boolean };

export function IconButton({ icon, label, pressed, small, className = '', ...rest }: IconButtonProps) {
  const tone = pressed ? 'bg-primary-soft text-primary-ink' : 'text-quiet hover:bg-sunken hover:text-ink';
  return (
    <button
      type="button"
      title={label}
      {...rest}
      aria-label={label}
      aria-pressed={pressed}
      className={`${BASE} ${small ? 'size-8 rounded-md' : 'size-10 rounded-lg'} ${tone} ${className}`}
    >
      <Icon name={icon} className={small ? 'size-4' : 'size-5'} />
    </button>
  );
}

export function Spinner() {
  return (
    <span
      aria-hidden="true"
      className="size-4 animate-spin rounded-full border-2 border-current border-r-transparent opacity-80"
    />
  );
}

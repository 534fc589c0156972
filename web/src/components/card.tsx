/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactNode } from 'react';
import { useId } from 'react';

type CardProps = {
  title?: string;
  /** One quiet line under the title. */
  hint?: ReactNode;
  /** Beside the title: what the figures mean. */
  tip?: ReactNode;
  /** Controls at the right of the title. */
  actions?: ReactNode;
  className?: string;
  /** The content reaches the card's edges (tables, lists). */
  flush?: boolean;
  children: ReactNode;
};

export function Card({ title, hint, tip, actions, className = '', flush, children }: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      data-flush={flush || undefined}
      className={`group/card flex min-w-0 flex-col rounded-card border border-line bg-card shadow-card ${className}`}
    >
      {title && (
        <header className="flex min-h-16 flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-4 pb-3 sm:px-6">
          <div className="min-w-0">
            <div className="flex items-center gap-2">
              <h2 id={id} className="text-[15px] leading-6 font-semibold tracking-tight text-ink">
                {title}
              </h2>
              {tip}
            </div>
            {hint && <p className="text-[13px] leading-5 text-quiet">{hint}</p>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={`min-h-0 min-w-0 flex-1 ${flush ? '' : title ? 'px-4 pb-4 sm:px-6 sm:pb-6' : 'p-4 sm:p-6'}`}>
        {children}
      </div>
    </section>
  );
}

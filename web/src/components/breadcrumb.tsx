/* SPDX-License-Identifier: Apache-2.0 */
import { Fragment } from 'react';
import { Link } from 'wouter';
import { Icon } from './icon.tsx';

type BreadcrumbProps = { trail: readonly { href: string; text: string }[]; here: string };

export function Breadcrumb({ trail, here }: BreadcrumbProps) {
  return (
    <nav aria-label="Breadcrumb" className="flex items-center gap-1.5 text-[13px] text-quiet">
      {trail.map(({ href, text }) => (
        <Fragment key={href}>
          <Link href={href} className="hover:text-ink hover:underline">
            {text}
          </Link>
          <Icon name="chevronRight" />
        </Fragment>
      ))}
      <span className="truncate font-medium text-ink" aria-current="page">
        {here}
      </span>
    </nav>
  );
}

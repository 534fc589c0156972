/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useState } from 'react';
import { Dialog } from '@/components/dialog.tsx';
import { Icon } from '@/components/icon.tsx';
import { SearchResults } from './search-results.tsx';

/** Search over stores, cameras and zones. Opens by click, by "/" and by Ctrl+K. */
export function SearchBox() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      const slash = event.key === '/' && !typing && !event.ctrlKey && !event.metaKey;
      const k = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
      if (!slash && !k) return;
      event.preventDefault();
      setOpen(true);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="inline-flex h-10 items-center gap-2 rounded-lg px-2.5 text-quiet hover:bg-sunken lg:w-72 lg:border lg:border-line lg:bg-page lg:hover:border-line-strong"
      >
        <Icon name="search" className="size-5 lg:size-4" />
        <span className="flex-1 truncate text-left text-[13px] max-lg:sr-only">Search stores, cameras, zones</span>
        <kbd
          aria-hidden="true"
          className="hidden rounded border border-line bg-card px-1.5 font-sans text-[11px] leading-5 lg:inline"
        >
          /
        </kbd>
      </button>
      <Dialog open={open} onOpenChange={setOpen} title="Search">
        <SearchResults onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

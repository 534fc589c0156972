/* SPDX-License-Identifier: Apache-2.0 */
import { Button } from './button.tsx';

type MoreRowsProps = { all: number; shown: number; what: string; open: boolean; onChange: (open: boolean) => void };

/** Under the first rows of a long list: the others, on demand. */
export function MoreRows({ all, shown, what, open, onChange }: MoreRowsProps) {
  if (all <= shown) return null;
  return (
    <div className="border-t border-line p-3 text-center">
      <Button size="sm" variant="ghost" aria-expanded={open} onClick={() => onChange(!open)}>
        {open ? `Show the first ${shown} only` : `Show all ${all} ${what}`}
      </Button>
    </div>
  );
}

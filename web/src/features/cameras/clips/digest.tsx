/* SPDX-License-Identifier: Apache-2.0 */
import { useToast } from '@/components/toast.tsx';

/** The SHA-256 of a file, to compare and to pass on. */
export function Digest({ sha256 }: { sha256: string }) {
  const toast = useToast();
  const copy = () =>
    navigator.clipboard.writeText(sha256).then(
      () => toast('success', 'The SHA-256 was copied.'),
      () => toast('danger', 'It could not be copied: select it and copy it.'),
    );
  return (
    <div className="flex flex-wrap items-center gap-x-2">
      <span className="min-w-0">
        SHA-256 <code className="text-xs break-all select-all">{sha256}</code>
      </span>
      {/* Browsers have it only where the page came by https, or from this machine. */}
      {'clipboard' in navigator && navigator.clipboard && (
        <button
          type="button"
          aria-label="Copy the SHA-256"
          onClick={() => void copy()}
          className="font-medium text-primary-ink hover:underline"
        >
          Copy
        </button>
      )}
    </div>
  );
}

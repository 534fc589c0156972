/* SPDX-License-Identifier: Apache-2.0 */

export function BrandMark({ className = 'size-8' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={`shrink-0 ${className}`} aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="var(--primary)" />
      <path
        d="M5.5 16S9.5 8.8 16 8.8 26.5 16 26.5 16 22.5 23.2 16 23.2 5.5 16 5.5 16Z"
        fill="none"
        stroke="white"
        strokeWidth="2.2"
        strokeLinejoin="round"
      />
      <circle cx="16" cy="16" r="3.6" fill="white" />
    </svg>
  );
}

export function Brand() {
  return (
    <span className="inline-flex items-center gap-2.5">
      <BrandMark />
      <span className="text-[17px] font-semibold tracking-tight text-ink">InvEye</span>
    </span>
  );
}

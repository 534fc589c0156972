/* SPDX-License-Identifier: Apache-2.0 */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { Icon } from './icon.tsx';

type Toast = { id: number; tone: 'success' | 'danger'; text: string };
type Show = (tone: Toast['tone'], text: string) => void;

const SHOWN_MS = 6000;
const ToastContext = createContext<Show>(() => {});

export function useToast(): Show {
  return useContext(ToastContext);
}

export function ToastRegion({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const next = useRef(1);
  const close = useCallback((id: number) => setToasts((all) => all.filter((t) => t.id !== id)), []);
  const show = useMemo<Show>(
    () => (tone, text) => setToasts((all) => [...all.slice(-2), { id: next.current++, tone, text }]),
    [],
  );
  return (
    <ToastContext value={show}>
      {children}
      <div
        aria-live="polite"
        className="pointer-events-none fixed inset-x-4 bottom-20 z-60 flex flex-col items-center gap-2 md:bottom-6"
      >
        {toasts.map((toast) => (
          <ToastItem key={toast.id} toast={toast} onClose={close} />
        ))}
      </div>
    </ToastContext>
  );
}

function ToastItem({ toast, onClose }: { toast: Toast; onClose: (id: number) => void }) {
  useEffect(() => {
    const timer = setTimeout(() => onClose(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast.id, onClose]);
  return (
    <div className="pointer-events-auto flex max-w-md animate-rise items-center gap-3 rounded-card border border-line bg-card py-3 pr-3 pl-4 shadow-raised">
      <Icon
        name={toast.tone === 'success' ? 'check' : 'warning'}
        className={`size-5 ${toast.tone === 'success' ? 'text-success' : 'text-danger'}`}
      />
      <p className="flex-1 text-sm">{toast.text}</p>
      <button
        type="button"
        aria-label="Dismiss"
        className="rounded p-1 text-quiet hover:text-ink"
        onClick={() => onClose(toast.id)}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

/* SPDX-License-Identifier: Apache-2.0 */
import './styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ToastRegion } from '@/components/toast.tsx';
import { makeQueryClient } from '@/lib/api/query-client.ts';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={makeQueryClient()}>
      <ToastRegion>
        <App />
      </ToastRegion>
    </QueryClientProvider>
  </StrictMode>,
);

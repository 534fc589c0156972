/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { Button } from '@/components/button.tsx';
import type { Camera } from '@/lib/api/cameras.ts';

/** Where other programs read the camera; nothing while that is off. The login is not told here. */
export function RestreamAddress({ camera }: { camera: Pick<Camera, 'restream_url' | 'streams'> }) {
  const url = camera.restream_url;
  if (url === null) return null;
  const addresses = camera.streams.length > 1 ? [url, `${url}/sub`] : [url];
  return (
    <section aria-label="For other programs" className="mb-4 space-y-1.5 rounded-lg bg-page px-3 py-2.5 text-[13px]">
      <p className="text-quiet">
        Other programs read it here, with the user and the password that <code>restream</code> of the configuration sets:
      </p>
      {addresses.map((address) => (
        <AddressLine key={address} address={address} />
      ))}
    </section>
  );
}

function AddressLine({ address }: { address: string }) {
  const [copied, setCopied] = useState(false);
  /* Browsers give the clipboard to pages of HTTPS and of this machine only. */
  const clipboard = window.isSecureContext ? navigator.clipboard : null;
  return (
    <div className="flex items-center gap-2">
      <code className="min-w-0 flex-1 break-all select-all">{address}</code>
      {clipboard && (
        <Button size="sm" aria-label={`Copy ${address}`} onClick={() => void clipboard.writeText(address).then(() => setCopied(true))}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
      )}
    </div>
  );
}

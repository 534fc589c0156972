/* SPDX-License-Identifier: Apache-2.0 */
import { Link } from 'wouter';
import { Card } from '@/components/card.tsx';
import { DataState, Skeleton } from '@/components/data-state.tsx';
import { Icon, type IconName } from '@/components/icon.tsx';
import { ArchiveCard } from '@/features/archive/archive-card.tsx';
import { CameraStateBadge } from '@/features/cameras/camera-state.tsx';
import { useCameras } from '@/lib/api/cameras.ts';
import { useMay } from '@/lib/api/session.ts';
import { useStore } from '@/lib/api/stores.ts';

export function SettingsPage() {
  const store = useStore();
  const cameras = useCameras(store.id);
  const mayUsers = useMay('users.read');
  const mayAudit = useMay('audit.read');
  const mayCount = useMay('audits.write');
  const mayArchive = useMay('cameras.write');
  const path = (rest: string) => `/stores/${store.id}/settings${rest}`;
  return (
    <div className="mx-auto grid max-w-4xl grid-cols-1 gap-4 sm:gap-6">
      <Card title="Zones, lines and lanes" hint="What is counted, drawn on each camera's picture" flush>
        <DataState
          query={cameras}
          what="cameras"
          loading={<Skeleton className="mx-6 mb-6 h-40" />}
          isEmpty={(all) => all.length === 0}
          empty={{
            icon: 'camera',
            title: 'No camera yet',
            text: 'Add cameras to the configuration file and start InvEye again.',
          }}
        >
          {(all) => (
            <ul className="divide-y divide-line border-t border-line">
              {all.map((camera) => (
                <li key={camera.id}>
                  <SettingLink
                    href={path(`/cameras/${camera.id}`)}
                    icon="camera"
                    title={camera.name}
                    text={`Camera #${camera.number} · ${camera.role}`}
                  >
                    <CameraStateBadge camera={camera} />
                  </SettingLink>
                </li>
              ))}
            </ul>
          )}
        </DataState>
      </Card>
      <Card title="Floor plan" hint="The store from above, and where the cameras look" flush>
        <div className="border-t border-line">
          <SettingLink
            href={path('/floor-plan')}
            icon="layers"
            title="Floor plan and calibration"
            text="Size, picture, zones, views of the cameras, blind spots"
          />
        </div>
      </Card>
      {mayCount && (
        <Card title="Accuracy" hint="Whether the counts are true" flush>
          <div className="border-t border-line">
            <SettingLink
              href={path('/accuracy')}
              icon="check"
              title="Audits of counts"
              text="Count sampled clips by hand: recall, precision, net error of each line"
            />
          </div>
        </Card>
      )}
      {mayArchive && <ArchiveCard store={store.id} />}
      {(mayUsers || mayAudit) && (
        <Card title="Access" hint="Who may see and change what, and who did" flush>
          <div className="divide-y divide-line border-t border-line">
            {mayUsers && (
              <SettingLink href={path('/users')} icon="shield" title="Users" text="Accounts, roles and stores" />
            )}
            {mayAudit && (
              <SettingLink
                href={path('/audit')}
                icon="history"
                title="Audit log"
                text="Logins, changes, looks at cameras"
              />
            )}
          </div>
        </Card>
      )}
    </div>
  );
}

type SettingLinkProps = { href: string; icon: IconName; title: string; text: string; children?: React.ReactNode };

function SettingLink({ href, icon, title, text, children }: SettingLinkProps) {
  return (
    <Link href={href} className="flex items-center gap-4 px-4 py-3.5 hover:bg-page/70 sm:px-6">
      <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-sunken text-quiet">
        <Icon name={icon} className="size-5" />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{title}</span>
        <span className="block truncate text-[13px] text-quiet">{text}</span>
      </span>
      {children}
      <Icon name="chevronRight" className="size-5 text-faint" />
    </Link>
  );
}

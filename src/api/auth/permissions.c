/* SPDX-License-Identifier: Apache-2.0 */
#include "api/auth/permissions.h"

#include <string.h>

static const char *const permission_names[] = {
    [IV_PERMISSION_STORES_READ] = "stores.read",
    [IV_PERMISSION_CAMERAS_READ] = "cameras.read",
    [IV_PERMISSION_CAMERAS_WRITE] = "cameras.write",
    [IV_PERMISSION_PICTURES_READ] = "pictures.read",
    [IV_PERMISSION_VIDEO_WATCH] = "video.watch",
    [IV_PERMISSION_PEOPLE_SEE] = "people.see",
    [IV_PERMISSION_RECORDINGS_READ] = "recordings.read",
    [IV_PERMISSION_RECORDINGS_EXPORT] = "recordings.export",
    [IV_PERMISSION_SNAPSHOTS_READ] = "snapshots.read",
    [IV_PERMISSION_SCENES_READ] = "scenes.read",
    [IV_PERMISSION_SCENES_WRITE] = "scenes.write",
    [IV_PERMISSION_KPIS_READ] = "kpis.read",
    [IV_PERMISSION_EVENTS_READ] = "events.read",
    [IV_PERMISSION_USERS_READ] = "users.read",
    [IV_PERMISSION_USERS_WRITE] = "users.write",
    [IV_PERMISSION_AUDIT_READ] = "audit.read",
    [IV_PERMISSION_METRICS_READ] = "metrics.read",
    [IV_PERMISSION_SALES_READ] = "sales.read",
    [IV_PERMISSION_SALES_WRITE] = "sales.write",
    [IV_PERMISSION_EVIDENCE_READ] = "evidence.read",
    [IV_PERMISSION_EVIDENCE_WRITE] = "evidence.write",
    [IV_PERMISSION_EVIDENCE_RELEASE] = "evidence.release",
    [IV_PERMISSION_AUDITS_WRITE] = "audits.write",
    [IV_PERMISSION_LOGGED_IN] = "logged in",
    [IV_PERMISSION_PUBLIC] = "public",
};

#define MAY(permission) (1u << IV_PERMISSION_##permission)
#define LOOK                                                                                       \
  (MAY(STORES_READ) | MAY(CAMERAS_READ) | MAY(PICTURES_READ) | MAY(VIDEO_WATCH) |                  \
   MAY(RECORDINGS_READ))

static const struct {
  const char *name;
  guint may;
} roles[IV_ROLES] = {
    [IV_ROLE_ADMIN] = {"admin", (1u << IV_PERMISSIONS) - 1},
    [IV_ROLE_MANAGER] = {"manager", LOOK | MAY(PEOPLE_SEE) | MAY(CAMERAS_WRITE) | MAY(SCENES_READ) |
                                        MAY(SCENES_WRITE) | MAY(KPIS_READ) | MAY(EVENTS_READ) |
                                        MAY(SNAPSHOTS_READ) | MAY(SALES_READ) | MAY(SALES_WRITE) |
                                        MAY(EVIDENCE_READ) | MAY(EVIDENCE_WRITE) |
                                        MAY(EVIDENCE_RELEASE) | MAY(RECORDINGS_EXPORT) |
                                        MAY(AUDITS_WRITE)},
    [IV_ROLE_REGIONAL] = {"regional", LOOK | MAY(SCENES_READ) | MAY(KPIS_READ) | MAY(EVENTS_READ) |
                                          MAY(SNAPSHOTS_READ) | MAY(SALES_READ)},
    /* Aggregates only: no picture, no single event. */
    [IV_ROLE_CORPORATE] = {"corporate", MAY(STORES_READ) | MAY(KPIS_READ)},
    /* Incidents only: no business figures. */
    [IV_ROLE_SECURITY] = {"security", LOOK | MAY(PEOPLE_SEE) | MAY(EVENTS_READ) |
                                          MAY(SNAPSHOTS_READ) | MAY(EVIDENCE_READ) |
                                          MAY(EVIDENCE_WRITE) | MAY(RECORDINGS_EXPORT)},
    /* No pictures of incidents: nothing to install there. */
    [IV_ROLE_INSTALLER] = {"installer", LOOK | MAY(CAMERAS_WRITE) | MAY(SCENES_READ) |
                                            MAY(SCENES_WRITE) | MAY(METRICS_READ) |
                                            MAY(AUDITS_WRITE)},
    [IV_ROLE_VIEWER] = {"viewer", LOOK | MAY(SCENES_READ) | MAY(KPIS_READ) | MAY(EVENTS_READ) |
                                      MAY(SNAPSHOTS_READ)},
};

const char *iv_permission_name(IvPermission permission) {
  return permission_names[permission];
}

const char *iv_role_name(IvRole role) {
  return roles[role].name;
}

int iv_role_from_name(const char *name) {
  for (int i = 0; i < IV_ROLES; i++)
    if (strcmp(roles[i].name, name) == 0)
      return i;
  return -1;
}

gboolean iv_role_may(IvRole role, IvPermission permission) {
  return permission >= IV_PERMISSIONS || (roles[role].may & (1u << permission)) != 0;
}

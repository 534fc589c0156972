/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* Who may do what: roles × permissions, one table (permissions.c). Which stores it holds for is the
 * account's affair (access.h). */

typedef enum {
  IV_PERMISSION_STORES_READ,
  IV_PERMISSION_CAMERAS_READ,
  IV_PERMISSION_CAMERAS_WRITE,     /* adding, changing and removing; with their addresses */
  IV_PERMISSION_PICTURES_READ,     /* pictures and the boxes on them */
  IV_PERMISSION_VIDEO_WATCH,       /* live video */
  IV_PERMISSION_PEOPLE_SEE,        /* in pictures and video as they are; else as mosaics */
  IV_PERMISSION_RECORDINGS_READ,   /* which there are, and playing them */
  IV_PERMISSION_RECORDINGS_EXPORT, /* taking clips of them away */
  IV_PERMISSION_SNAPSHOTS_READ,    /* pictures of events */
  IV_PERMISSION_SCENES_READ,
  IV_PERMISSION_SCENES_WRITE,
  IV_PERMISSION_KPIS_READ,
  IV_PERMISSION_EVENTS_READ,
  IV_PERMISSION_USERS_READ,
  IV_PERMISSION_USERS_WRITE,
  IV_PERMISSION_AUDIT_READ,
  IV_PERMISSION_METRICS_READ,
  IV_PERMISSION_SALES_READ, /* single receipts, products, terminals; sums are KPIS_READ */
  IV_PERMISSION_SALES_WRITE,
  IV_PERMISSION_EVIDENCE_READ,              /* cases, and taking their bundles away */
  IV_PERMISSION_EVIDENCE_WRITE,             /* keeping */
  IV_PERMISSION_EVIDENCE_RELEASE,           /* letting go of what is held */
  IV_PERMISSION_AUDITS_WRITE,               /* planning audits of counts, counting, deleting */
  IV_PERMISSIONS,                           /* those above can be given to a role */
  IV_PERMISSION_LOGGED_IN = IV_PERMISSIONS, /* anybody who is logged in */
  IV_PERMISSION_PUBLIC,                     /* anybody at all: login, health */
} IvPermission;

typedef enum {
  IV_ROLE_ADMIN,
  IV_ROLE_MANAGER,
  IV_ROLE_REGIONAL,
  IV_ROLE_CORPORATE,
  IV_ROLE_SECURITY,
  IV_ROLE_INSTALLER,
  IV_ROLE_VIEWER,
  IV_ROLES,
} IvRole;

/* "stores.read"; for IV_PERMISSION_LOGGED_IN and _PUBLIC "logged in", "public". */
const char *iv_permission_name(IvPermission permission);

const char *iv_role_name(IvRole role);
int iv_role_from_name(const char *name); /* -1 = none */

/* TRUE for IV_PERMISSION_LOGGED_IN and _PUBLIC with any role. */
gboolean iv_role_may(IvRole role, IvPermission permission);

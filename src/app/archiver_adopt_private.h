/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app/archiver_adopt.h"
#include "app/archiver_private.h"

/* What the files that make the list of an archive again share. */
typedef struct {
  IvArchiver *a;
  IvTime now;
  const IvAdoptListener *listener; /* NULL = nobody */
  IvAdoptSums sums;
} IvAdoption;

/* FALSE: it is to stop. */
gboolean iv_adoption_tell(const IvAdoption *adoption, IvAdoptStep step, GError **error);

/* It is the archive that is away or refuses, and no property of a file. */
gboolean iv_adoption_is_fatal(const GError *error);

/* app/archiver_adopt_cases.c: a page of bundles; then what belongs to cases is held. */
gboolean iv_adopt_cases(IvAdoption *adoption, const GPtrArray *keys, GError **error);
gboolean iv_adopt_hold_cases(const IvAdoption *adoption, GError **error);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* How a zone does among the store's zones of its kind: engagement bands and dead zones (kpis.md,
 * "Zones"). Pure. */
typedef enum { IV_BAND_NONE, IV_BAND_HOT, IV_BAND_HIGH, IV_BAND_MEDIUM, IV_BAND_LOW } IvBand;

const char *iv_band_name(IvBand band); /* "hot", "high", "medium", "low"; NULL for none */

/* Top 20 %, next 20 %, next 30 %, rest, by engaged share of visitors; NAN = not known, gets none.
 * Equal shares get the same band. None for all below IV_BAND_ZONES_MIN known ones: a fifth of fewer
 * is less than one zone. */
#define IV_BAND_ZONES_MIN 5
void iv_bands_rank(const double *shares, guint n, IvBand *ret_bands);

/* By fixed limits: from 0.80, 0.65, 0.40 on. */
IvBand iv_band_fixed(double share);

/* ret_dead[i] stays TRUE only if zone i had less than a tenth of the median visitors of the n zones
 * of its kind on this day too. Start with TRUE, call it for each day. The draw rate divides all by
 * the same number, so visitors will do. */
void iv_dead_zones_day(const double *visitors, guint n, gboolean *ret_dead);
#define IV_DEAD_ZONE_DAYS 7
#define IV_BAND_DAYS 28

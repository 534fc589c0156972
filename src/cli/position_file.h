/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "cli/text_file.h"
#include "sim/sim.h"

/* Where every customer of a simulated store was, in a file (docs/simulator.md): what the true heat
 * map is computed from. A line a tick at which something changed, so that who stands costs nothing.
 */
typedef struct IvPositionFile IvPositionFile;

/* Writes the header: the floor plan, and which of it cameras see. `sim` and `scenario` must outlive
 * it. */
IvPositionFile *iv_position_file_new(const char *path, const IvSim *sim, const IvScenario *scenario,
                                     const IvSimConfig *config, GError **error);

/* Takes a tick as IvSimOutput.positions gives it. */
void iv_position_file_take(IvPositionFile *file, IvTime ts, const IvSimPosition *people, guint n);

/* As iv_text_file_close. */
gboolean iv_position_file_close(IvPositionFile *file, GError **error);

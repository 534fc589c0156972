/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* docs/kpis.md as Markdown, printed from the tables of figures and measures; the caller frees. */
char *iv_kpi_reference(void);

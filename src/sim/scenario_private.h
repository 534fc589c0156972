/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "sim/scenario.h"

/* The parts of a scenario file, each in its own file, in the order in which they need each other.
 * Mistakes stay in the reading. */
void iv_scenario_read_store(IvScenario *s, const IvNode *root);
void iv_scenario_read_plan(IvScenario *s, const IvNode *root);
void iv_scenario_read_tills(IvScenario *s, const IvNode *root);
void iv_scenario_read_goods(IvScenario *s, const IvNode *root);
void iv_scenario_read_rooms(IvScenario *s, const IvNode *root);
void iv_scenario_read_people(IvScenario *s, const IvNode *root);
void iv_scenario_read_habits(IvScenario *s, const IvNode *root);

/* The JSON of a file's text, owned by the caller; NULL with IV_SCENARIO_ERROR. */
json_t *iv_scenario_load(const char *text, gsize length, GError **error);

/* Index of the entry whose IvSlug, its first member, is the text of `key`; a mistake that says what
 * there is none of, and 0, when there is none. Entries are `size` bytes. */
int iv_scenario_find(const IvNode *up, const char *key, const char *what, const void *entries,
                     guint n, gsize size);
int iv_scenario_find_item(const IvNode *list, guint index, const char *what, const void *entries,
                          guint n, gsize size);

/* The entry's name, else its id as people write: "frozen-aisle" is "Frozen aisle". */
void iv_scenario_read_name(const IvNode *entry, const IvSlug *id,
                           char ret_name[IV_SCENARIO_NAME_MAX + 1]);

/* Two entries with one id are a mistake. */
void iv_scenario_check_unique(const IvNode *list, const void *entries, guint n, gsize size);

extern const char *const iv_week_keys[IV_WEEK]; /* "mon" ... */

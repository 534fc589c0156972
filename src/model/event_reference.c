/* SPDX-License-Identifier: Apache-2.0 */
#include "model/event_reference.h"

#include "model/event.h"

static const char head[] =
    "# Events\n"
    "\n"
    "<!-- Printed by `inveye check --events`; edit src/model/event.c instead. -->\n"
    "\n"
    "An event is one fact about what happened in front of a camera. Events are never changed and\n"
    "never renamed; every count in the dashboard is a sum of rows of this ledger. The API gives\n"
    "them at `/api/v1/stores/{store}/events`.\n"
    "\n"
    "## Envelope\n"
    "\n"
    "The same for every kind; what does not apply is left out.\n"
    "\n"
    "| field | type | what it is |\n"
    "|---|---|---|\n";

/* The envelope is a struct, not a table: this page and iv_event_to_json are its two readers. */
static const struct {
  const char *field, *type, *doc;
} envelope[] = {
    {"id", "UUIDv7",
     "made from time and content: replaying the same facts gives the same ids, so a second "
     "delivery "
     "changes nothing"},
    {"store_id", "id", "the store"},
    {"edge_id", "id", "the machine that read the camera"},
    {"camera_id", "id", "the camera"},
    {"kind", "text", "what happened, see below; kinds a reader does not know are to be kept"},
    {"ts", "time", "when; the start of an interval"},
    {"end_ts", "time", "the end of an interval"},
    {"tracklet_id", "whole number",
     "the person's track in this camera, unique per camera and start of the program; not a person"},
    {"visitor_id", "date/CUST-number",
     "the person, as far as the store's cameras together know: a number that begins anew on each "
     "day "
     "of the store, e.g. `2026-03-23/CUST-0042`; absent where nobody was recognised"},
    {"zone_id", "id", "the zone it is about"},
    {"line_id", "id", "the line it is about"},
    {"lane_id", "id",
     "the lane it is about; for the waiting line of a group of lanes, the group's id"},
    {"score", "0 to 1", "how sure, for kinds that are a judgement"},
    {"scene_version", "whole number", "version of the camera's scene under which it happened"},
    {"model_version", "text", "the model that found the people"},
    {"attrs", "object", "what the kind adds, see below"},
    {"schema", "whole number", "version of this envelope"},
};

static const char *type_name(IvAttrType type) {
  static const char *const names[] = {[IV_ATTR_NUMBER] = "number",
                                      [IV_ATTR_FLAG] = "true or false",
                                      [IV_ATTR_TIME] = "time",
                                      [IV_ATTR_TEXT] = "text"};
  return names[type];
}

static void add_kind(GString *out, const IvEventKindInfo *info) {
  g_string_append_printf(out, "### %s\n\n%s %s%s\n\n", info->name, info->doc,
                         info->interval ? "An interval, told at its end." : "A point in time.",
                         info->sample ? " Many an hour; not shown in the feed." : "");
  if (info->n_attrs == 0)
    return;
  g_string_append(out, "| attribute | type | what it is |\n|---|---|---|\n");
  for (guint i = 0; i < info->n_attrs; i++) {
    const IvAttrInfo *attr = iv_attr_info(info->attrs[i]);
    g_string_append_printf(out, "| `%s` | %s%s%s | %s |\n", attr->name, type_name(attr->type),
                           *attr->unit ? ", " : "", attr->unit, attr->doc);
  }
  g_string_append_c(out, '\n');
}

char *iv_event_reference(void) {
  GString *out = g_string_new(head);
  for (guint i = 0; i < G_N_ELEMENTS(envelope); i++)
    g_string_append_printf(out, "| `%s` | %s | %s |\n", envelope[i].field, envelope[i].type,
                           envelope[i].doc);
  g_string_append_printf(out,
                         "\nTimes are RFC 3339 in UTC with milliseconds. Ids are 1 to %d of a-z, "
                         "0-9 and -. This page is of schema %d.\n\n## Kinds\n\n",
                         IV_SLUG_MAX, IV_EVENT_SCHEMA);
  for (int kind = 0; kind < IV_EVENT_KINDS; kind++)
    add_kind(out, iv_event_kind_info((IvEventKind)kind));
  g_string_truncate(out, out->len - 1);
  return g_string_free(out, FALSE);
}

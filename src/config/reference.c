/* SPDX-License-Identifier: Apache-2.0 */
#include "config/reference.h"

#include <string.h>

#include "config/keys.h"
#include "config/load.h"

static const char head[] =
    "# Configuration\n"
    "\n"
    "<!-- Printed by `inveye check --reference`; edit src/config/keys.c instead. -->\n"
    "\n"
    "One YAML file says where things are: the store, its cameras, and how they are analysed.\n"
    "`packaging/store.example.yaml` is a start. `inveye check FILE` tells everything that is "
    "wrong\n"
    "in a file, with line and column, and changes nothing; `inveye check FILE --print` shows the\n"
    "configuration with every default filled in and every password hidden.\n"
    "\n"
    "```yaml\n"
    "store:\n"
    "  id: high-street\n"
    "  name: High Street\n"
    "  time_zone: Europe/Berlin\n"
    "cameras:\n"
    "  - id: entrance\n"
    "    role: entrance\n"
    "    url: rtsp://viewer:${file:/run/secrets/entrance}@192.168.1.20/stream1\n"
    "    scene:\n"
    "      image: {w: 1920, h: 1080}\n"
    "      lines:\n"
    "        - {id: door, kind: entrance, a: [0.2, 0.6], b: [0.8, 0.6]}\n"
    "```\n"
    "\n"
    "## Values\n"
    "\n"
    "- **Spans of time** carry their unit: `90 d`, `2 h`, `5 min`, `15 s`, `500 ms`.\n"
    "- **Paths** are relative to the folder of the file; `~/` is your home.\n"
    "- **`${NAME}`** is an environment variable, **`${NAME:-default}`** one that may be missing.\n"
    "  A plain `${` is written `$${`. What is put in is always one value: it can't add keys.\n"
    "- **`${file:PATH}`** is the one line of text in a file, for secrets; it may stand in `url`\n"
    "  and `turn`.\n"
    "  Between `://` and `@` of an address, what a variable or a file holds is percent-encoded "
    "for\n"
    "  you, so that any character may be in a password. (A password written into the file itself\n"
    "  must be encoded by hand: `@` is `%40`, `:` is `%3A`, `/` is `%2F`.)\n"
    "- Files that hold a secret should be readable by their owner only (`chmod 600`); a warning "
    "says\n"
    "  so when they are not. Passwords appear as `***` wherever InvEye shows an address.\n"
    "- Anchors, aliases, tags, a second document and keys given twice are refused.\n"
    "\n";

static const char scenes[] =
    "### cameras[].scene\n"
    "\n"
    "What is drawn on the camera's picture: zones, lines and lanes. It is easier to draw them in "
    "the\n"
    "dashboard; the same form (`schemas/scene.schema.json`) is used there and in the API. When "
    "the\n"
    "scene in the file changes, it is taken over at the next start, unless it was edited in the\n"
    "dashboard since: then the dashboard's stays, and the start says what differs.\n"
    "\n"
    "| key | | what it is |\n"
    "|---|---|---|\n"
    "| `image` | **required** | `{w, h}`: pixels of the picture it was drawn on |\n"
    "| `full_view` | default `false` | the picture shows the whole store: its live count is the "
    "occupancy |\n";

static void add_measures(GString *out) {
  g_string_append_printf(
      out,
      "| `masks` | cameras, up to %d | `{polygon}`: what lies in it is black in every picture (see "
      "[privacy.md](privacy.md)); left out, the masks stay as they were drawn |\n"
      "| `calibration` | cameras | `{height_m, pairs}`: %d to %d pairs `{image: [x, y], plan: "
      "[x, y]}` of a place on the floor in the picture and the same on the floor plan in metres; "
      "`height_m` is how high the camera hangs, if known |\n"
      "| `walls` | floor plan, up to %d | `{polygon}`: outline of the floor; without, all of the "
      "plan is floor |\n"
      "| `obstacles` | floor plan, up to %d | `{polygon, height_m}`: a shelf or pillar that hides "
      "what is behind it (default %g m high) |\n",
      IV_SCENE_MASKS_MAX, IV_POINT_PAIRS_MIN, IV_POINT_PAIRS_MAX, IV_PLAN_WALLS_MAX,
      IV_PLAN_OBSTACLES_MAX, IV_OBSTACLE_HEIGHT);
}

static void add_kinds(GString *out) {
  g_string_append_printf(
      out,
      "| `zones` | up to %d | `{id, name, kind, parent, capacity, polygon}`: an area of "
      "the floor of 3 to %d corners `[x, y]`. `kind` is one of ",
      IV_SCENE_ZONES_MAX, IV_POLYGON_MAX);
  for (guint i = 0; i < IV_ZONE_KINDS; i++)
    g_string_append_printf(out, "%s`%s`", i ? ", " : "", iv_zone_kind_name((IvZoneKind)i));
  g_string_append_printf(out,
                         " (default `general`); `parent` is a zone of the same picture; "
                         "`capacity` is how many people it is for, 1 to %d: more of them inside "
                         "for 10 s are an event, until 90 %% or fewer are (not for `fitting`, "
                         "where nobody is seen) |\n"
                         "| `lines` | up to %d | `{id, name, kind, a, b}`: a line from `a` to `b`, "
                         "each `[x, y]`. `kind` is one of ",
                         IV_ZONE_CAPACITY_MAX, IV_SCENE_LINES_MAX);
  for (guint i = 0; i < IV_LINE_KINDS; i++)
    g_string_append_printf(out, "%s`%s`", i ? ", " : "", iv_line_kind_name((IvLineKind)i));
  g_string_append_printf(
      out,
      " (default `internal`) |\n"
      "| `lanes` | up to %d | `{id, name, queue, service, group, self_checkout, staff, exit}`: a "
      "till with its line of people. `queue` is `{polygon, path}` where people wait (`path`: up to "
      "%d points along the line, the head first, for lines that bend); `service` `{polygon}` is "
      "where the customer stands who is served; `staff` `{polygon}` where the cashier stands; who "
      "comes to `exit` `{polygon}` has been served. Lanes of one `group` share one line, whose "
      "`queue` is drawn on one of them |\n",
      IV_SCENE_LANES_MAX, IV_LANE_PATH_MAX);
}

static const char scene_notes[] =
    "\n"
    "Coordinates are shares of the picture, 0 to 1, x to the right and y down: the middle is\n"
    "`[0.5, 0.5]`. A person is where the middle of the lower edge of the box is, so draw zones "
    "and\n"
    "lines on the floor. Seen by somebody walking along a line from `a` to `b`, people who go "
    "from\n"
    "the left hand to the right hand go *in*. A zone with the same id in two cameras is one zone.\n"
    "Draw a queue wide enough for people who stand beside the line, and the service area so that\n"
    "who waits next is not in it.\n"
    "\n"
    "On the floor plan shares are shares of the plan, and `image` is left out: it follows from "
    "the\n"
    "plan's size.\n"
    "\n"
    "## Limits\n"
    "\n";

static char *default_of(const IvKey *key) {
  if (!key->fallback)
    return g_strdup("**required**");
  if (!*key->fallback)
    return g_strdup(key->absent);
  return g_strdup_printf("`%s`", key->fallback);
}

static void add_section(GString *out, const IvSection *section) {
  g_string_append_printf(
      out, "## %s%s\n\n%s\n\n| key | default | allowed | what it is |\n|---|---|---|---|\n",
      section->name, section->list ? "[]" : "", section->help);
  for (guint i = 0; i < section->n_keys; i++) {
    const IvKey *key = &section->keys[i];
    g_autofree char *fallback = default_of(key);
    g_autofree char *range = iv_key_range(key);
    g_string_append_printf(out, "| `%s` | %s | %s%s%s | %s |\n", key->name, fallback, range,
                           key->unit ? " " : "", key->unit ? key->unit : "", key->help);
  }
  g_string_append_c(out, '\n');
}

char *iv_config_reference(void) {
  GString *out = g_string_new(head);
  guint n;
  const IvSection *sections = iv_sections(&n);
  for (guint i = 0; i < n; i++)
    add_section(out, &sections[i]);
  g_string_append(out, scenes);
  add_kinds(out);
  add_measures(out);
  g_string_append(out, scene_notes);
  g_string_append_printf(
      out,
      "%d cameras, %d bytes for the file, %d bytes for one value, %d bytes for a "
      "secret file, %d levels deep.\n",
      IV_CONFIG_CAMERAS_MAX, IV_CONFIG_BYTES_MAX, IV_CONFIG_TEXT_MAX, IV_CONFIG_SECRET_BYTES_MAX,
      IV_CONFIG_DEPTH_MAX);
  return g_string_free(out, FALSE);
}

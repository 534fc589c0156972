/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/answers.h"

#include <string.h>

#include "onvif/address.h"

#define SCOPES_MAX 4096 /* bytes that are looked at */
#define SCOPE "onvif://www.onvif.org/"
#define YEAR_MIN 1970
#define YEAR_MAX 2100

/* ---- date and time ---- */

gboolean iv_onvif_read_time(const xmlNode *answer, IvTime *ret_time) {
  static const struct {
    const char *name;
    double min, max;
  } parts[] = {{"Year", YEAR_MIN, YEAR_MAX},
               {"Month", 1, 12},
               {"Day", 1, 31},
               {"Hour", 0, 23},
               {"Minute", 0, 59},
               {"Second", 0, 60}};
  xmlNode *utc = iv_xml_find(answer, "UTCDateTime", NULL);
  int number[G_N_ELEMENTS(parts)];
  for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
    number[i] =
        (int)iv_xml_number(iv_xml_find(utc, parts[i].name, NULL), parts[i].min, parts[i].max, -1);
  for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
    if (number[i] < 0)
      return FALSE;
  g_autofree char *text = g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02dZ", number[0], number[1],
                                          number[2], number[3], number[4], MIN(number[5], 59));
  return iv_time_from_text(text, ret_time);
}

/* ---- media services ---- */

void iv_onvif_media_clear(IvOnvifMedia *media) {
  g_clear_pointer(&media->first, g_free);
  g_clear_pointer(&media->second, g_free);
}

/* Takes `text`. */
static void set_once(char **address, char *text) {
  if (!*address)
    *address = text;
  else
    g_free(text);
}

static void read_service(const xmlNode *service, IvOnvifMedia *media) {
  g_autofree char *name = iv_xml_text(iv_xml_child(service, "Namespace"), IV_XML_NAME_MAX);
  xmlNode *address = iv_xml_child(service, "XAddr");
  if (strstr(name, "/ver10/media/"))
    set_once(&media->first, iv_xml_text(address, IV_XML_ADDRESS_MAX));
  else if (strstr(name, "/ver20/media/"))
    set_once(&media->second, iv_xml_text(address, IV_XML_ADDRESS_MAX));
}

void iv_onvif_read_media(const xmlNode *answer, IvOnvifMedia *ret_media) {
  IvOnvifMedia media = {0};
  for (xmlNode *node = iv_xml_child(answer, "Service"); node; node = iv_xml_next(node, "Service"))
    read_service(node, &media);
  xmlNode *capability = iv_xml_child(iv_xml_child(answer, "Capabilities"), "Media");
  if (capability)
    set_once(&media.first, iv_xml_text(iv_xml_child(capability, "XAddr"), IV_XML_ADDRESS_MAX));
  set_once(&media.first, g_strdup(""));
  set_once(&media.second, g_strdup(""));
  *ret_media = media;
}

/* ---- discovery ---- */

void iv_onvif_found_free(IvOnvifFound *found) {
  if (!found)
    return;
  g_free(found->endpoint);
  g_free(found->service);
  g_free(found->host);
  g_free(found->name);
  g_free(found->hardware);
  g_free(found->location);
  g_free(found);
}

/* The last part of a scope's value: "city/Old%20Town" gives "Old Town". NULL when it says nothing.
 */
static char *read_scope(const char *value) {
  const char *slash = strrchr(value, '/');
  g_autofree char *text = g_uri_unescape_string(slash ? slash + 1 : value, NULL);
  if (!text || !*text || !g_utf8_validate(text, -1, NULL) || strlen(text) > IV_XML_NAME_MAX)
    return NULL;
  for (char *p = text; *p; p++)
    if (g_ascii_iscntrl(*p))
      *p = ' ';
  return g_steal_pointer(&text);
}

/* Values of all scopes of a kind, with commas between them. */
static char *join_scopes(char *const *scopes, const char *kind) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *prefix = g_strconcat(SCOPE, kind, "/", NULL);
  for (gsize n = strlen(prefix); *scopes; scopes++) {
    gboolean is_of_kind = g_ascii_strncasecmp(*scopes, prefix, n) == 0;
    g_autofree char *value = is_of_kind ? read_scope(*scopes + n) : NULL;
    if (value && text->len + strlen(value) <= IV_XML_NAME_MAX)
      g_string_append_printf(text, "%s%s", text->len ? ", " : "", value);
  }
  return g_strdup(text->str);
}

/* On the host that answered: the address that names it, else the first one, moved there. */
static char *choose_service(const char *addresses, const char *sender) {
  g_auto(GStrv) list = g_strsplit(addresses, " ", -1);
  IvOnvifAddress reached = {"http", (char *)sender, "", 0};
  char *chosen = NULL;
  for (char **told = list; *told; told++) {
    g_auto(IvOnvifAddress) address = {0};
    if (!iv_onvif_address_read(*told, &address, NULL))
      continue;
    gboolean same = strcmp(address.host, sender) == 0;
    if (same || !chosen) {
      g_free(chosen);
      reached.port = same ? 0 : address.port;
      chosen = same ? g_strdup(*told) : iv_onvif_address_text(&reached, 0, address.path);
    }
    if (same)
      break;
  }
  return chosen;
}

static char *place_of(const char *service) {
  g_auto(IvOnvifAddress) address = {0};
  if (!iv_onvif_address_read(service, &address, NULL))
    return g_strdup("");
  if (address.port == 80)
    address.port = 0;
  return iv_onvif_address_place(&address);
}

static gboolean is_known(const GPtrArray *found, const char *endpoint) {
  for (guint i = 0; i < found->len; i++)
    if (strcmp(((const IvOnvifFound *)found->pdata[i])->endpoint, endpoint) == 0)
      return TRUE;
  return FALSE;
}

/* NULL when it is no video device, or tells no address. */
static IvOnvifFound *read_match(const xmlNode *match, const char *sender) {
  g_autofree char *types = iv_xml_text(iv_xml_child(match, "Types"), SCOPES_MAX);
  g_autofree char *told = iv_xml_text(iv_xml_child(match, "XAddrs"), SCOPES_MAX);
  g_autofree char *text = iv_xml_text(iv_xml_child(match, "Scopes"), SCOPES_MAX);
  gboolean is_video = strstr(types, "NetworkVideoTransmitter") || strstr(text, "Video_Transmitter");
  g_autofree char *service = is_video ? choose_service(told, sender) : NULL;
  if (!service)
    return NULL;
  g_auto(GStrv) scopes = g_strsplit_set(text, " \t\r\n", -1);
  IvOnvifFound *found = g_new0(IvOnvifFound, 1);
  found->endpoint = iv_xml_text(iv_xml_child(iv_xml_child(match, "EndpointReference"), "Address"),
                                IV_XML_NAME_MAX);
  found->host = place_of(service);
  found->service = g_steal_pointer(&service);
  found->name = join_scopes(scopes, "name");
  found->hardware = join_scopes(scopes, "hardware");
  found->location = join_scopes(scopes, "location");
  return found;
}

void iv_onvif_read_matches(const xmlDoc *doc, const char *sender, guint max, GPtrArray *found) {
  xmlNode *body = iv_xml_child(xmlDocGetRootElement(doc), "Body");
  xmlNode *matches = iv_xml_child(body, "ProbeMatches");
  for (xmlNode *node = iv_xml_child(matches, "ProbeMatch"); node && found->len < max;
       node = iv_xml_next(node, "ProbeMatch")) {
    g_autoptr(IvOnvifFound) one = read_match(node, sender);
    if (one && *one->endpoint && !is_known(found, one->endpoint))
      g_ptr_array_add(found, g_steal_pointer(&one));
  }
}

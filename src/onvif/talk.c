/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/talk.h"

#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "onvif/answers.h"
#include "onvif/onvif_error.h"
#include "onvif/soap.h"

#define PATIENCE (5 * IV_SECOND) /* for one answer */
#define SERVICE "/onvif/device_service"

void iv_talk_clear(IvTalk *talk) {
  iv_post_free(talk->post);
  iv_onvif_address_clear(&talk->reached);
  iv_onvif_device_free(talk->device);
}

/* ---- one question ---- */

static gboolean fill_login(const IvTalk *talk, IvSoapLogin *login) {
  login->user = talk->query->user;
  login->password = talk->query->password ? talk->query->password : "";
  login->created = iv_clock_now() + talk->device->clock_offset;
  return getrandom(login->nonce, sizeof login->nonce, 0) == sizeof login->nonce;
}

/* The answer's document. `with_login`: signed, where there is a login. */
static xmlDoc *ask(IvTalk *talk, const char *url, const char *body, gboolean with_login,
                   gboolean *ret_refused, GError **error) {
  IvSoapLogin login = {0};
  IvTime left = talk->end - iv_clock_monotonic();
  if (left <= 0) {
    g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_UNREACHABLE, "it answers too slowly");
    return NULL;
  }
  gboolean sign = with_login && talk->has_login && fill_login(talk, &login);
  g_autofree char *question = iv_soap_question(body, sign ? &login : NULL);
  g_autoptr(GBytes) bytes =
      iv_post_send(talk->post, url, question, MIN(left, PATIENCE), ret_refused, error);
  gsize n = 0;
  const char *text = bytes ? g_bytes_get_data(bytes, &n) : NULL;
  return bytes ? iv_xml_read(text ? text : "", n, error) : NULL;
}

xmlNode *iv_talk_ask(IvTalk *talk, const char *url, const char *body, xmlDoc **ret_doc,
                     GError **error) {
  g_autoptr(xmlDoc) doc = ask(talk, url, body, TRUE, NULL, error);
  xmlNode *answer = doc ? iv_soap_answer(doc, error) : NULL;
  if (answer)
    *ret_doc = g_steal_pointer(&doc);
  return answer;
}

gboolean iv_talk_is_login(const GError *error) {
  return g_error_matches(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_LOGIN);
}

/* ---- is it there, and what time has it? ---- */

/* TRUE when what listens at `url` talks ONVIF, whatever it says: the time is told to anybody by the
 * standard, but not by every device. */
static gboolean greet(IvTalk *talk, const char *url, gboolean *ret_refused, GError **error) {
  g_autoptr(GError) cause = NULL;
  IvTime theirs, before = iv_clock_now();
  g_autoptr(xmlDoc) doc =
      ask(talk, url, "<GetSystemDateAndTime " IV_DEVICE_NS "/>", FALSE, ret_refused, &cause);
  if (!doc && (!iv_talk_is_login(cause) || iv_post_used_login(talk->post))) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  xmlNode *answer = doc ? iv_soap_answer(doc, &cause) : NULL;
  if (!answer && doc && !iv_soap_is_fault(doc)) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  talk->device->clock_known = answer && iv_onvif_read_time(answer, &theirs);
  if (talk->device->clock_known)
    talk->device->clock_offset = theirs - before / 2 - iv_clock_now() / 2;
  return TRUE;
}

/* Where the address says no port: those that makers use. */
static const int usual_ports[] = {80, 8000, 8080, 2020, 8899};

static void tell_nobody(const GError *cause, gboolean found_web, GError **error) {
  if (found_web)
    g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_NOT_ONVIF,
                        "something answers there, but not by ONVIF: switch ONVIF on in the "
                        "camera's own page, or give its ONVIF port, as in 192.168.1.20:8080");
  else
    g_set_error(error, IV_ONVIF_ERROR, cause->code,
                "%s (tried ports 80, 8000, 8080, 2020 and 8899): is ONVIF switched on, and is "
                "that the address?",
                cause->message);
}

static gboolean reach_any(IvTalk *talk, const char *path, GError **error) {
  g_autoptr(GError) last = NULL;
  gboolean found_web = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(usual_ports); i++) {
    gboolean refused = FALSE;
    g_clear_error(&last);
    g_autofree char *url = iv_onvif_address_text(&talk->reached, usual_ports[i], path);
    if (greet(talk, url, &refused, &last)) {
      talk->reached.port = usual_ports[i];
      return TRUE;
    }
    found_web = found_web || last->code == IV_ONVIF_ERROR_NOT_ONVIF;
    if (!refused && last->code != IV_ONVIF_ERROR_NOT_ONVIF)
      break; /* nobody at home: another port won't help */
  }
  tell_nobody(last, found_web, error);
  return FALSE;
}

gboolean iv_talk_begin(IvTalk *talk, GError **error) {
  g_autoptr(GError) cause = NULL;
  const char *path = strlen(talk->reached.path) > 1 ? talk->reached.path : SERVICE;
  g_autofree char *url = iv_onvif_address_text(&talk->reached, 0, path);
  gboolean plain = talk->reached.port == 0 && strcmp(talk->reached.scheme, "http") == 0;
  if (plain ? !reach_any(talk, path, error) : !greet(talk, url, NULL, &cause)) {
    if (cause && cause->code == IV_ONVIF_ERROR_NOT_ONVIF)
      g_set_error(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_NOT_ONVIF,
                  "no ONVIF there (%s): switch it on in the camera's own page, or try another port",
                  cause->message);
    else if (cause)
      g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  if (talk->reached.port == 80 && strcmp(talk->reached.scheme, "http") == 0)
    talk->reached.port = 0;
  talk->device->service = iv_onvif_address_text(&talk->reached, 0, path);
  talk->device->host = iv_onvif_address_place(&talk->reached);
  return TRUE;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/soap.h"

#include <string.h>

#include "base/url.h"
#include "onvif/onvif_error.h"

#define SECURITY "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
#define WSSE SECURITY "wssecurity-secext-1.0.xsd"
#define WSU SECURITY "wssecurity-utility-1.0.xsd"
#define DIGEST SECURITY "username-token-profile-1.0#PasswordDigest"
#define BASE64 SECURITY "soap-message-security-1.0#Base64Binary"
#define SHA1_BYTES 20

char *iv_soap_digest(const guint8 *nonce, gsize length, const char *created, const char *password) {
  guint8 hash[SHA1_BYTES];
  gsize n = sizeof hash;
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
  g_checksum_update(sum, nonce, (gssize)length);
  g_checksum_update(sum, (const guchar *)created, -1);
  g_checksum_update(sum, (const guchar *)password, -1);
  g_checksum_get_digest(sum, hash, &n);
  return g_base64_encode(hash, n);
}

static char *header(const IvSoapLogin *login) {
  char created[IV_TIME_TEXT_MAX];
  iv_time_to_text(login->created, created);
  g_autofree char *user = g_markup_escape_text(login->user, -1);
  g_autofree char *nonce = g_base64_encode(login->nonce, sizeof login->nonce);
  g_autofree char *digest =
      iv_soap_digest(login->nonce, sizeof login->nonce, created, login->password);
  return g_strdup_printf(
      "<s:Header><Security s:mustUnderstand=\"1\" xmlns=\"" WSSE "\"><UsernameToken>"
      "<Username>%s</Username><Password Type=\"" DIGEST "\">%s</Password>"
      "<Nonce EncodingType=\"" BASE64 "\">%s</Nonce>"
      "<Created xmlns=\"" WSU "\">%s</Created></UsernameToken></Security></s:Header>",
      user, digest, nonce, created);
}

char *iv_soap_question(const char *body, const IvSoapLogin *login) {
  g_autofree char *head = login ? header(login) : g_strdup("");
  return g_strdup_printf("<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                         "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">"
                         "%s<s:Body>%s</s:Body></s:Envelope>",
                         head, body);
}

static xmlNode *find_body(const xmlDoc *doc) {
  xmlNode *root = xmlDocGetRootElement(doc);
  gboolean is_soap = root && strcmp((const char *)root->name, "Envelope") == 0;
  return is_soap ? iv_xml_child(root, "Body") : NULL;
}

gboolean iv_soap_is_fault(const xmlDoc *doc) {
  return iv_xml_child(find_body(doc), "Fault") != NULL;
}

/* Codes are qualified names; devices choose their prefixes as they like. */
static gboolean wants_login(const xmlNode *fault) {
  static const char *const elements[] = {"Value", "faultcode"};
  static const char *const codes[] = {"NotAuthorized", "FailedAuthentication", "InvalidSecurity",
                                      "InvalidSecurityToken", "FailedCheck"};
  for (gsize e = 0; e < G_N_ELEMENTS(elements); e++)
    for (xmlNode *node = iv_xml_find(fault, elements[e], NULL); node;
         node = iv_xml_find(fault, elements[e], node)) {
      g_autofree char *text = iv_xml_text(node, IV_XML_NAME_MAX);
      const char *colon = strrchr(text, ':'), *code = colon ? colon + 1 : text;
      for (gsize c = 0; c < G_N_ELEMENTS(codes); c++)
        if (strcmp(code, codes[c]) == 0)
          return TRUE;
    }
  return FALSE;
}

static void tell_fault(const xmlNode *fault, GError **error) {
  xmlNode *reason = iv_xml_find(fault, "Text", NULL);
  g_autofree char *text =
      iv_xml_text(reason ? reason : iv_xml_find(fault, "faultstring", NULL), IV_XML_NAME_MAX);
  g_autofree char *masked = iv_url_mask(text);
  if (wants_login(fault))
    g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_LOGIN, "the login is refused");
  else
    g_set_error(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_NOT_ONVIF, "the camera says: %s",
                *masked ? masked : "fault");
}

xmlNode *iv_soap_answer(const xmlDoc *doc, GError **error) {
  xmlNode *body = find_body(doc), *fault = iv_xml_child(body, "Fault");
  xmlNode *answer = body ? body->children : NULL;
  while (answer && answer->type != XML_ELEMENT_NODE)
    answer = answer->next;
  if (answer && !fault)
    return answer;
  if (fault)
    tell_fault(fault, error);
  else
    g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_NOT_ONVIF, "the answer is not SOAP");
  return NULL;
}

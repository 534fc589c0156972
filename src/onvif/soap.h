/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/timestamp.h"
#include "onvif/xml.h"

/* Questions to devices, and whether what came back is an answer. Pure; any thread. */

#define IV_SOAP_NONCE_BYTES 16
typedef struct {
  const char *user, *password;
  guint8 nonce[IV_SOAP_NONCE_BYTES]; /* random, another one for each question */
  IvTime created; /* by the clock of the device, which compares it with its own */
} IvSoapLogin;

/* Base64(SHA-1(nonce + created + password)): WS-Security UsernameToken Profile 1.0, PasswordDigest.
 * The caller frees. */
char *iv_soap_digest(const guint8 *nonce, gsize length, const char *created, const char *password);

/* `body` is XML; `login` NULL = none. The caller frees. */
char *iv_soap_question(const char *body, const IvSoapLogin *login);

/* The element in the body that answers. NULL with IV_ONVIF_ERROR_LOGIN or _NOT_ONVIF (a fault, in
 * the device's words, or no SOAP at all: iv_soap_is_fault tells which). */
xmlNode *iv_soap_answer(const xmlDoc *doc, GError **error);
gboolean iv_soap_is_fault(const xmlDoc *doc);

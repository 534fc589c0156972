/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/xml.h"

#include <libxml/parser.h>
#include <math.h>
#include <string.h>

#include "onvif/onvif_error.h"

#define OPTIONS (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOBLANKS)

typedef xmlParserCtxt Parser;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Parser, xmlFreeParserCtxt)

static void start(void) {
  static gsize once = 0;
  if (g_once_init_enter(&once)) {
    xmlInitParser();
    g_once_init_leave(&once, 1);
  }
}

/* Answers have no document type (SOAP forbids it); what can be done with one is only harm. */
static void refuse_document_type(void *parser, const xmlChar *name, const xmlChar *id,
                                 const xmlChar *system) {
  (void)name, (void)id, (void)system;
  xmlStopParser(parser);
}

static void say_nothing(void *context, xmlErrorPtr error) {
  (void)context, (void)error;
}

/* Some faults are printed whatever the options say; the printer is the thread's. */
static xmlDoc *read_quietly(Parser *parser, const char *text, gsize length) {
  xmlStructuredErrorFunc printer = xmlStructuredError;
  void *context = xmlStructuredErrorContext;
  xmlSetStructuredErrorFunc(NULL, say_nothing);
  xmlDoc *doc = xmlCtxtReadMemory(parser, text, (int)length, NULL, NULL, OPTIONS);
  xmlSetStructuredErrorFunc(context, printer);
  return doc;
}

xmlDoc *iv_xml_read(const char *text, gsize length, GError **error) {
  start();
  g_autoptr(Parser) parser = xmlNewParserCtxt();
  parser->sax->internalSubset = refuse_document_type;
  g_autoptr(xmlDoc) doc =
      length > 0 && length <= IV_XML_BYTES_MAX ? read_quietly(parser, text, length) : NULL;
  if (doc && parser->wellFormed && !parser->disableSAX && xmlDocGetRootElement(doc))
    return g_steal_pointer(&doc);
  g_set_error_literal(error, IV_ONVIF_ERROR, IV_ONVIF_ERROR_NOT_ONVIF, "the answer is not XML");
  return NULL;
}

static gboolean is_named(const xmlNode *node, const char *name) {
  return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static xmlNode *first_named(xmlNode *node, const char *name) {
  while (node && !is_named(node, name))
    node = node->next;
  return node;
}

xmlNode *iv_xml_child(const xmlNode *node, const char *name) {
  return node ? first_named(node->children, name) : NULL;
}

xmlNode *iv_xml_next(const xmlNode *node, const char *name) {
  return node ? first_named(node->next, name) : NULL;
}

/* The next node below `top`, parents before their children; NULL at the end. */
static xmlNode *walk(const xmlNode *top, const xmlNode *node) {
  if (node->type == XML_ELEMENT_NODE && node->children)
    return node->children;
  while (node && node != top && !node->next)
    node = node->parent;
  return node && node != top ? node->next : NULL;
}

xmlNode *iv_xml_find(const xmlNode *top, const char *name, const xmlNode *after) {
  if (!top)
    return NULL;
  xmlNode *node = walk(top, after ? after : top);
  while (node && !is_named(node, name))
    node = walk(top, node);
  return node;
}

/* Takes `raw`. */
static char *clean(xmlChar *raw, gsize max) {
  if (!raw)
    return g_strdup("");
  gsize n = strlen((const char *)raw);
  const char *text = (const char *)raw;
  while (n > 0 && g_ascii_isspace(*text))
    text++, n--;
  n = MIN(n, max);
  const char *end = NULL;
  g_utf8_validate_len(text, n, &end); /* cuts where a character would be split */
  char *copy = g_strndup(text, end - text);
  xmlFree(raw);
  for (char *p = copy; *p; p++)
    if (g_ascii_iscntrl(*p))
      *p = ' ';
  return g_strchomp(copy);
}

char *iv_xml_text(const xmlNode *node, gsize max) {
  return clean(node ? xmlNodeGetContent(node) : NULL, max);
}

char *iv_xml_attribute(const xmlNode *node, const char *name, gsize max) {
  return clean(node ? xmlGetNoNsProp(node, (const xmlChar *)name) : NULL, max);
}

double iv_xml_number(const xmlNode *node, double min, double max, double otherwise) {
  g_autofree char *text = iv_xml_text(node, 32);
  char *end = NULL;
  double value = g_ascii_strtod(text, &end);
  gboolean fine = end != text && *end == '\0' && isfinite(value) && value >= min && value <= max;
  return fine ? value : otherwise;
}

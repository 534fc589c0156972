/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>
#include <libxml/tree.h>

/* What devices answer, read with nothing but the answer itself: no document type, so no entities,
 * and no file or network. Names are compared without their namespace, which devices get wrong in
 * many ways. Pure but for libxml2's own start; any thread. */

#define IV_XML_BYTES_MAX (1024 * 1024) /* of a document; more is refused */
#define IV_XML_NAME_MAX 120            /* bytes of a name or token */
#define IV_XML_ADDRESS_MAX 2048        /* bytes of an address */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlDoc, xmlFreeDoc)

/* NULL with IV_ONVIF_ERROR_NOT_ONVIF. The caller frees (xmlFreeDoc, g_autoptr). */
xmlDoc *iv_xml_read(const char *text, gsize length, GError **error);

/* First child, or next sibling, that is an element of this name; NULL when there is none, or `node`
 * is NULL. */
xmlNode *iv_xml_child(const xmlNode *node, const char *name);
xmlNode *iv_xml_next(const xmlNode *node, const char *name);

/* First element of this name below `top`, in the order of the text; `after` NULL = from the
 * beginning, else what follows that element (below it first). */
xmlNode *iv_xml_find(const xmlNode *top, const char *name, const xmlNode *after);

/* Text of the element, or of its attribute: valid UTF-8 without control characters, blanks cut off
 * at both ends, at most `max` bytes (whole characters). "" when there is none. The caller frees. */
char *iv_xml_text(const xmlNode *node, gsize max);
char *iv_xml_attribute(const xmlNode *node, const char *name, gsize max);

/* Number in the element's text, or `otherwise` where it is none, or not from `min` to `max`. */
double iv_xml_number(const xmlNode *node, double min, double max, double otherwise);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "model/scene.h"

/* Scenes in JSON, the same in YAML files, API and database: schemas/scene.schema.json. Coordinates
 * are kept to a millionth of the picture, metres to the millimetre. Pure; any thread. */

/* {version, hash, image:{w,h}, full_view, zones:[{id,name,kind,parent?,polygon:[[x,y]..]}],
 * lines:[{id,name,kind,a:[x,y],b:[x,y]}], lanes?:[{id,name,group?,self_checkout,queue?:{polygon,
 * path?},service:{polygon},staff?:{polygon},exit?:{polygon}}],
 * calibration?:{height_m?,pairs:[{image:[x,y],plan:[x,y]}]}}, and for a floor plan
 * plan:{width_m,height_m,image?}, walls:[{polygon}], obstacles:[{polygon,height_m}]. New reference.
 * What is optional is left out when there is none, so that older drawings keep their hash. The
 * camera's id is not part of it. */
json_t *iv_scene_to_json(const IvScene *scene);

/* Reads and checks (iv_scene_check). `version` may be missing (then 1), `hash` is ignored and
 * computed; names default to the id, kinds to "general" and "internal"; unknown keys are refused.
 * camera_id stays empty: the caller sets it. NULL with IV_SCENE_ERROR; the message begins with the
 * JSON Pointer of what is wrong: "/zones/2/polygon/0: ...". */
IvScene *iv_scene_from_json(const json_t *json, GError **error);

/* The same, but tells everything that is wrong, not only the first thing. `pointer` is a JSON
 * Pointer (RFC 6901), "" for the whole scene. Returns NULL if on_fault was called. */
typedef void (*IvSceneFault)(const char *pointer, const char *text, gpointer user_data);
IvScene *iv_scene_from_json_all(const json_t *json, IvSceneFault on_fault, gpointer user_data);

/* A calibration by itself, {image:{w,h}, calibration:{height_m?,pairs}}, as an editor tries it:
 * read as above, but not judged yet; iv_scene_calibrate does that. */
IvScene *iv_calibration_from_json_all(const json_t *json, IvSceneFault on_fault,
                                      gpointer user_data);

/* Text of a JSON scene (as the API's body or the database's column), bounded. */
#define IV_SCENE_JSON_BYTES_MAX (256 * 1024)
IvScene *iv_scene_from_text(const char *text, gsize length, GError **error);

/* Compact, canonical: sorted keys, version and hash left out. The caller frees. */
char *iv_scene_canonical(const IvScene *scene);

/* Sets `hash` = first 16 hex digits of SHA-256 over the canonical text: the same drawing has the
 * same hash, whatever its version or camera. iv_scene_from_* do it by themselves; call it on scenes
 * built in code. */
void iv_scene_set_hash(IvScene *scene);

/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

/* A line from standard input, without its end, cut at what a password may have; NULL at the end of
 * the input. The caller frees, with iv_password_free where it is one. */
char *iv_ask_line(void);

/* The same from the terminal, without an echo; `prompt` goes to standard error. */
char *iv_ask_secret(const char *prompt);

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "api/auth/password.h"

char *iv_ask_line(void) {
  char line[IV_PASSWORD_MAX + 2];
  if (!fgets(line, sizeof line, stdin))
    return NULL;
  line[strcspn(line, "\r\n")] = '\0';
  return g_strdup(line);
}

char *iv_ask_secret(const char *prompt) {
  struct termios before, silent;
  fputs(prompt, stderr);
  tcgetattr(STDIN_FILENO, &before);
  silent = before;
  silent.c_lflag &= ~(tcflag_t)ECHO;
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  char *line = iv_ask_line();
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  fputc('\n', stderr);
  return line;
}

import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Variables that say where and how the command was called, which the kernel's work does not depend on. */
const CALLER = /^(?:_|SHLVL|PWD|OLDPWD|INIT_CWD|COLUMNS|LINES|JPY_PARENT_PID|MFLAGS|GNUMAKEFLAGS|MAKE[A-Z_]*|npm_.*)$/;
/** Those that differ from one window or session to the next. */
const SESSION =
  /^(?:WINDOWID|GPG_TTY|XDG_SESSION_ID|TMUX|TMUX_PANE|STY|WINDOW|SSH_[A-Z]+|[A-Z]*TERM_SESSION_ID|SHELL_SESSION_ID|WT_SESSION|GNOME_TERMINAL_[A-Z]+|KONSOLE_[A-Z_]+|KITTY_(?:PID|WINDOW_ID)|WEZTERM_PANE)$/;

/** The variables that a kernel sees, in order, and the files that they name. */
export const variables = (env: Readonly<Record<string, string | undefined>>) => {
  const told = Object.entries(env)
    .filter(([name, value]) => value !== undefined && !CALLER.test(name) && !SESSION.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const files = told
    .map(([, value]) => resolve(value!))
    .filter(path => statSync(path, { throwIfNoEntry: false })?.isFile());
  return { told, files };
};

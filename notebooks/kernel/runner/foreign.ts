import type { Loaded } from './record/result-types.js';

const OURS = ['typescript', 'javascript'];

/** Names of other kernels, for notebooks that do not say which language they are in. */
const OTHERS: Readonly<Record<string, RegExp>> = { python: /^python/, julia: /^julia/, R: /^ir$/ };

const text = (value: unknown, name: string): string | undefined => {
  const found = value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[name] : undefined;
  return typeof found === 'string' && found !== '' ? found : undefined;
};

/** The language that a notebook says it is in, its kernel first: an editor may not have brought the other up to date. */
const languageOf = ({ notebook: { metadata } }: Loaded): string | undefined => {
  const { kernelspec, language_info } = metadata;
  const named = text(kernelspec, 'language');
  if (named) return named;
  const name = text(kernelspec, 'name') ?? '';
  return Object.entries(OTHERS).find(([, pattern]) => pattern.test(name))?.[0] ?? text(language_info, 'name');
};

/** @throws Error for a notebook in another language: its cells are no TypeScript. */
export const refuseForeign = (loaded: Loaded): void => {
  const language = languageOf(loaded);
  if (language === undefined || OURS.includes(language.toLowerCase())) return;
  const kernel = text(loaded.notebook.metadata.kernelspec, 'display_name');
  throw new Error(
    `${loaded.file} is a notebook in ${language}${kernel ? ` (kernel ${kernel})` : ''}, and this kernel runs ` +
      'TypeScript: name the one that it needs with --kernel, or choose this one for it in JupyterLab',
  );
};

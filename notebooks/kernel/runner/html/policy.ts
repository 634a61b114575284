import { createHash } from 'node:crypto';

/**
 * The page's content security policy: the one script that is known by its hash, and what that script loads itself
 * (plotly.js out of the page); pictures and fonts that are in the page; no address outside it. Frames hold cells'
 * HTML and inherit all this.
 */
export const contentPolicy = (script: string): string => {
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    script === '' ? "script-src 'none'" : `script-src 'sha256-${hash}' 'strict-dynamic'`,
    // KaTeX and Plotly place what they draw by style attributes.
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    'font-src data:',
    'frame-src about:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
};

import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, .venv and .build. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

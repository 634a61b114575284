import { createRequire } from 'node:module';
import { PROTOCOL_VERSION } from './wire.js';

/** kernel_info_reply: who this is, in true versions. */
export const kernelInfo = (version: string) => {
  const require = createRequire(import.meta.url);
  const typescript = (require('typescript/package.json') as { version: string }).version;
  return {
    status: 'ok',
    protocol_version: PROTOCOL_VERSION,
    implementation: 'tsnb',
    implementation_version: version,
    language_info: {
      name: 'typescript',
      version: typescript,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      codemirror_mode: 'typescript',
      nbconvert_exporter: 'script',
    },
    banner: `tsnb ${version}: TypeScript ${typescript} on Node ${process.versions.node}`,
    debugger: false,
    supported_features: [],
    help_links: [{ text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' }],
  };
};

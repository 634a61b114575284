import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { curveKeyPair, type Socket } from 'zeromq';

/**
 * The connection file: where a kernel's five sockets are, and the keys that guard them.
 * https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
 */
export interface ConnectionInfo {
  readonly transport: 'tcp' | 'ipc';
  /** tcp: the address to bind. ipc: the path prefix of the sockets' files. */
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  /** HMAC key; '' leaves messages unsigned. */
  readonly key: string;
  readonly signature_scheme: string;
  readonly kernel_name?: string;
  /** CurveZMQ (Z85): where both are given, all five sockets are encrypted. */
  readonly curve_publickey?: string;
  readonly curve_secretkey?: string;
}

export const CHANNELS = ['shell', 'iopub', 'stdin', 'control', 'hb'] as const;
export type Channel = (typeof CHANNELS)[number];

const fail = (what: string): never => {
  throw new Error(`connection file: ${what}; let Jupyter (or connectionInfo()) write it`);
};

/** Checks a parsed connection file. Throws with the field that is wrong. */
export const parseConnection = (value: unknown): ConnectionInfo => {
  if (typeof value !== 'object' || value === null) return fail(`${JSON.stringify(value)} is not an object`);
  const file = value as Record<string, unknown>;
  const text = (field: string, otherwise: string): string => {
    const got = file[field] ?? otherwise;
    return typeof got === 'string' ? got : fail(`${field} is ${JSON.stringify(got)}, not a string`);
  };
  const port = (channel: Channel): number => {
    const got = file[`${channel}_port`];
    const valid = typeof got === 'number' && Number.isInteger(got) && got > 0 && got < 65536;
    return valid ? got : fail(`${channel}_port is ${JSON.stringify(got)}, not a port`);
  };
  const transport = text('transport', 'tcp');
  if (transport !== 'tcp' && transport !== 'ipc') return fail(`transport is ${transport}, not tcp or ipc`);
  const signature_scheme = text('signature_scheme', 'hmac-sha256');
  if (!signature_scheme.startsWith('hmac-')) return fail(`signature_scheme is ${signature_scheme}, not hmac-…`);
  return {
    transport,
    ip: text('ip', '127.0.0.1'),
    shell_port: port('shell'),
    iopub_port: port('iopub'),
    stdin_port: port('stdin'),
    control_port: port('control'),
    hb_port: port('hb'),
    key: text('key', ''),
    signature_scheme,
    ...(file.kernel_name === undefined ? {} : { kernel_name: text('kernel_name', '') }),
    ...(file.curve_publickey === undefined ? {} : { curve_publickey: text('curve_publickey', '') }),
    ...(file.curve_secretkey === undefined ? {} : { curve_secretkey: text('curve_secretkey', '') }),
  };
};

export const readConnection = (path: string): ConnectionInfo => parseConnection(JSON.parse(readFileSync(path, 'utf8')));

/** Readable by the owner only: the file holds the key. */
export const writeConnection = (path: string, info: ConnectionInfo): void =>
  writeFileSync(path, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 });

/** The address of one channel, as zeromq wants it. */
export const address = (info: ConnectionInfo, channel: Channel): string => {
  const port = info[`${channel}_port`];
  return info.transport === 'ipc' ? `ipc://${info.ip}-${port}` : `tcp://${info.ip}:${port}`;
};

/** Options of a kernel's socket (the CurveZMQ server) and of a client's. Both are empty without keys. */
export const curveServer = (info: ConnectionInfo): Partial<Socket> =>
  info.curve_publickey && info.curve_secretkey
    ? { curveServer: true, curvePublicKey: info.curve_publickey, curveSecretKey: info.curve_secretkey }
    : {};

export const curveClient = (info: ConnectionInfo): Partial<Socket> => {
  if (!info.curve_publickey || !info.curve_secretkey) return {};
  const own = curveKeyPair();
  return { curveServerKey: info.curve_publickey, curvePublicKey: own.publicKey, curveSecretKey: own.secretKey };
};

/** A new connection on loopback: free ports, a fresh key, CurveZMQ keys where asked for. */
export const connectionInfo = async (options: { curve?: boolean } = {}): Promise<ConnectionInfo> => {
  const ports = await freePorts(CHANNELS.length);
  const keys = options.curve ? curveKeyPair() : undefined;
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
  return parseConnection({
    shell_port,
    iopub_port,
    stdin_port,
    control_port,
    hb_port,
    transport: 'tcp',
    ip: '127.0.0.1',
    key: randomUUID(),
    signature_scheme: 'hmac-sha256',
    kernel_name: 'tsnb',
    ...(keys ? { curve_publickey: keys.publicKey, curve_secretkey: keys.secretKey } : {}),
  });
};

/** All are held until the last is found, so that no port is given twice. */
const freePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      server =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => {
            const bound = server.address();
            resolve(typeof bound === 'object' && bound !== null ? bound.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
};

/** What the environment chooses for a notebook. */
export interface Settings {
  /** SCALE=full; otherwise minutes on a laptop. */
  readonly full: boolean;
  /** SEED, from which all random numbers of the notebook follow. */
  readonly seed: number;
}

/**
 * Reads SCALE (smoke or full; default smoke) and SEED (a whole number; default 0).
 * @throws where a value cannot be meant, naming it.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const { SCALE = 'smoke', SEED = '0' } = environment;
  if (SCALE !== 'smoke' && SCALE !== 'full') throw new Error(`SCALE=${SCALE} is not known; choose smoke or full`);
  const seed = Number(SEED);
  if (SEED.trim() === '' || !Number.isSafeInteger(seed) || seed < 0) {
    throw new Error(`SEED=${SEED} is no whole number from 0 on`);
  }
  return { full: SCALE === 'full', seed };
}

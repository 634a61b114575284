import { clock, ENGINE, ENGINE_AT } from './signals.js';

/**
 * tfjs under interrupts. Its calls are safe points: an interrupt is an error there, after which its own scopes end as
 * after any other. Where V8 had to terminate a script, the scopes that it left open are ended here.
 */
export interface EngineGuard {
  /** A cell begins: the scopes that are open now are none of its own. */
  begin(): void;
  /** A module has been loaded, which may have brought tfjs. */
  look(): void;
  /** The cell has ended before its time: nothing of it is inside the engine any more. */
  repair(): void;
}

/** What is used of tfjs's engine, which tfjs keeps as a global. */
interface Engine {
  readonly state: EngineState;
  runKernel(...args: unknown[]): unknown;
  startScope(...args: unknown[]): unknown;
  endScope(): void;
}

interface EngineState {
  gradientDepth: number;
  kernelDepth: number;
  activeTape: readonly { readonly saved?: readonly { dispose(): void }[] }[] | null;
  activeScope: unknown;
  readonly scopeStack: readonly unknown[];
  readonly numDataMovesStack: unknown[];
}

export const createEngineGuard = (shared: Int32Array, safePoint: () => void): EngineGuard => {
  const guarded = new WeakSet<Engine>();
  let scopes = 0;
  const found = () => (globalThis as { _tfengine?: Engine })._tfengine;

  const guard = (engine: Engine) => {
    guarded.add(engine);
    const { runKernel, startScope } = engine;
    engine.runKernel = function (...args) {
      safePoint();
      Atomics.add(shared, ENGINE, 1);
      Atomics.store(shared, ENGINE_AT, clock());
      try {
        return runKernel.apply(this, args);
      } finally {
        Atomics.sub(shared, ENGINE, 1);
      }
    };
    engine.startScope = function (...args) {
      safePoint();
      return startScope.apply(this, args);
    };
  };

  const look = () => {
    const engine = found();
    if (engine && !guarded.has(engine)) guard(engine);
  };

  return {
    begin() {
      look();
      scopes = found()?.state.scopeStack.length ?? 0;
    },
    look,
    repair() {
      const engine = found();
      if (!engine) return;
      const { state } = engine;
      while (state.scopeStack.length > scopes) {
        // The scope may have been opened by half.
        state.activeScope = state.scopeStack.at(-1);
        engine.endScope();
      }
      for (const { saved = [] } of state.activeTape ?? []) for (const tensor of saved) tensor.dispose();
      state.activeTape = null;
      state.gradientDepth = 0;
      state.kernelDepth = 0;
      state.numDataMovesStack.length = 0;
    },
  };
};

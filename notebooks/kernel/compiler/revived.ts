/** Answers questions by means of something that may die of one, and then is opened anew. */
export interface Revived<Session> {
  /** Asks again, once, where the session has failed: a question that two have failed at is refused. */
  ask<Answer>(question: (session: Session) => Answer): Answer;
  close(): void;
}

export interface RevivedParts<Session> {
  /** What it is, for the message of a refusal. */
  readonly name: string;
  open(): Session;
  /** Whether it has ended by itself, between questions. */
  ended(session: Session): boolean;
  close(session: Session): void;
  /** Whether the question that has just failed is not to be asked again. */
  refused?(): boolean;
}

/** Opens the first session at once. */
export const createRevived = <Session>(parts: RevivedParts<Session>): Revived<Session> => {
  let current: Session | undefined = parts.open();
  const close = () => {
    if (current) parts.close(current);
    current = undefined;
  };
  const attempt = <Answer>(question: (session: Session) => Answer): Answer => {
    if (current && parts.ended(current)) close();
    current ??= parts.open();
    try {
      return question(current);
    } catch (error) {
      // After a failure it may hold locks, or be about to end: nothing is asked of it any more.
      close();
      throw error;
    }
  };
  return {
    ask(question) {
      try {
        return attempt(question);
      } catch (error) {
        if (parts.refused?.()) throw error;
        // Told below, where it comes again.
      }
      try {
        return attempt(question);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`${parts.name} has failed twice at this, and was started again each time: ${why}`, {
          cause: error,
        });
      }
    },
    close,
  };
};

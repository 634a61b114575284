/** A question that others have overtaken. */
interface Asked<Question, Answer> {
  readonly question: Question;
  answer(value: Answer | Promise<Answer>): void;
}

/** So many wait at most: a client that asks with every key does not look at what it has asked before. */
const WAITING = 4;

/**
 * Asks one question at a time, so that what else there is to do comes in between, and of those that wait only the
 * newest ones: the others get the answer `stale`.
 */
export const newest = <Question, Answer>(
  ask: (question: Question) => Promise<Answer>,
  stale: (question: Question) => Answer,
): ((question: Question) => Promise<Answer>) => {
  const waiting: Asked<Question, Answer>[] = [];
  let asking = false;
  const next = async () => {
    if (asking) return;
    asking = true;
    for (let first = waiting.shift(); first; first = waiting.shift()) {
      const answer = ask(first.question);
      first.answer(answer);
      await answer.catch(() => undefined);
    }
    asking = false;
  };
  return question =>
    new Promise(answer => {
      waiting.push({ question, answer });
      if (waiting.length > WAITING) {
        const oldest = waiting.shift()!;
        oldest.answer(stale(oldest.question));
      }
      void next();
    });
};

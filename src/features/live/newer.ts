import { replaceEqualDeep } from "@tanstack/react-query";

const asOf = (answer: unknown): string | null =>
  typeof answer === "object" && answer !== null && "as_of" in answer && typeof answer.as_of === "string"
    ? answer.as_of
    : null;

/**
 * Of two answers to one query, the one that was read later by the server's clock (`as_of`): an answer that was
 * overtaken on its way is never shown. For a query's `structuralSharing`; what did not change stays the same object.
 */
export function newerAnswer(shown: unknown, came: unknown): unknown {
  const [before, after] = [asOf(shown), asOf(came)];
  return before !== null && after !== null && after < before ? shown : replaceEqualDeep(shown, came);
}

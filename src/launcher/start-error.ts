/** A start that cannot be, for a reason that the operator can mend; the message is all that is to be shown. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** A mistake that the user can mend: shown as its message alone, without a stack trace. Everything else that is thrown is a bug. */
export class UserError extends Error {
  override name = "UserError";
}

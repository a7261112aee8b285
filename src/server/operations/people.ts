import type { Account } from "../data/users.ts";

/** What others may know of an account. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** The person behind an id, also when the account is gone. */
export const personOf = (accounts: ReadonlyMap<string, Account>, id: string): Person => ({
  id,
  name: accounts.get(id)?.name ?? id,
});

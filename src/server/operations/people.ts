import { clockId } from "#src/contract/ids.ts";
import type { Account } from "../data/users.ts";

/** What others may know of an account. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** The person behind an id, also when the account is gone; what the clock has done is done by the product. */
export const personOf = (accounts: ReadonlyMap<string, Account>, id: string): Person => ({
  id,
  name: id === clockId ? "Goalkeeper" : (accounts.get(id)?.name ?? id),
});

import type { Role } from "#src/contract/roles.ts";

/** An account that the page may sign in to by one click. */
export interface DemoAccount {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly role: Role;
}

const account = (name: string, role: Role): DemoAccount => ({
  name,
  email: `${name.toLowerCase()}@example.com`,
  password: "goalkeeper",
  role,
});

/** The accounts of the demo data (interface, "Demo data"). For pages of the local stack alone. */
export const demoAccounts: readonly DemoAccount[] = [
  account("Ada", "streamer"),
  account("Bea", "streamer"),
  account("Vic", "viewer"),
  account("Wen", "viewer"),
  account("Xan", "viewer"),
  account("Mod", "moderator"),
  account("Root", "admin"),
];

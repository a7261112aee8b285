import type { Role } from "./roles.ts";

/** An account of the demo data, with which anybody may sign in. */
export interface DemoAccount {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly role: Role;
}

/** Every demo account has this password. */
export const demoPassword = "goalkeeper";

const account = <Name extends string>(name: Name, role: Role) => ({
  name,
  email: `${name.toLowerCase()}@example.com`,
  password: demoPassword,
  role,
});

/**
 * The accounts of the demo data (interface, "Demo data"). The local stack alone has them: code for the browser takes them
 * from the server, which gives them where they exist, and never from here.
 */
export const demoAccounts = [
  account("Ada", "streamer"),
  account("Bea", "streamer"),
  account("Vic", "viewer"),
  account("Wen", "viewer"),
  account("Xan", "viewer"),
  account("Mod", "moderator"),
  account("Root", "admin"),
] as const satisfies readonly DemoAccount[];

import type { Role } from "#src/contract/roles.ts";
import type { Services } from "../../services.ts";
import { comingSoon } from "./coming.ts";

/** What a moderator may have meant by a few letters: whole ids, whole or begun e-mail addresses, begun names. */
export interface Found {
  readonly goals: readonly { readonly id: string; readonly viewer: string; readonly streamer: string }[];
  readonly users: readonly {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly role: Role;
  }[];
  readonly sessions: readonly { readonly id: string; readonly streamer: string }[];
}

export async function search(services: Services, q: string): Promise<Found> {
  return comingSoon(services, q);
}

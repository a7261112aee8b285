/** What an account may be. Roles come from the platform or an admin, never from the account's owner. */
export const roles = ["viewer", "streamer", "moderator", "admin"] as const;
export type Role = (typeof roles)[number];

/** Who is asking: the authenticated caller. `id` is 24-hex. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

/** Moderators and admins see every goal. */
export const isModerator = (role: Role) => role === "moderator" || role === "admin";

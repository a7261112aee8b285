import type { Role } from "#src/contract/roles.ts";

/** Each role's own page. */
export function homeOf(role: Role): "/studio" | "/me" | "/admin" {
  switch (role) {
    case "streamer":
      return "/studio";
    case "viewer":
      return "/me";
    case "moderator":
    case "admin":
      return "/admin";
  }
}

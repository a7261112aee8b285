import { noteSigningOut } from "../api/session.ts";

/**
 * Ends the session and leaves by a full load, so that nothing of the person stays in the page's memory. False when the
 * server did not confirm it: the person is still signed in.
 */
export async function signOut(): Promise<boolean> {
  noteSigningOut(true);
  const response = await fetch("/api/auth/sign-out", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  }).catch(() => null);
  await response?.arrayBuffer().catch(() => null);
  if (response?.ok === true) {
    window.location.assign("/sign-in");
    return true;
  }
  noteSigningOut(false);
  return false;
}

import type { Page } from "@playwright/test";
import { demoPassword } from "#src/contract/demo-accounts.ts";

/** Signs a demo account in the way a script does. Answers what goes into the `authorization` header. */
export async function signIn(app: string, email: string): Promise<string> {
  const response = await fetch(`${app}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: app },
    body: JSON.stringify({ email, password: demoPassword }),
  });
  const token = response.headers.get("set-auth-token");
  if (!response.ok || token === null)
    throw new Error(`${email} cannot sign in: ${response.status} ${await response.text()}`);
  return `Bearer ${token}`;
}

/** Signs a page's browser in by the same cookie that the sign-in page gives, and opens `path`. */
export async function openAs(page: Page, app: string, email: string, path = "/"): Promise<void> {
  const response = await page.request.post(`${app}/api/auth/sign-in/email`, {
    headers: { origin: app },
    data: { email, password: demoPassword },
  });
  if (!response.ok())
    throw new Error(`${email} cannot sign in: ${response.status()} ${await response.text()}`);
  await page.goto(`${app}${path}`);
}

import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { homeOf } from "#src/features/shell/home.ts";
import { Shell } from "#src/features/shell/shell.tsx";
import { demoAccounts } from "#src/features/sign-in/demo-accounts.ts";
import { SignInPage } from "#src/features/sign-in/sign-in-page.tsx";
import { services } from "#src/server/services.ts";
import { currentCaller } from "../caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("sign_in"))("page") };
}

export default async function SignIn() {
  const caller = await currentCaller();
  if (caller !== null) redirect(homeOf(caller.role));
  return (
    <Shell userName={null}>
      <SignInPage demoAccounts={services().settings.DEMO_DATA ? demoAccounts : []} />
    </Shell>
  );
}

import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { demoAccounts } from "#src/contract/demo-accounts.ts";
import { Shell } from "#src/features/shell/shell.tsx";
import { nextPage } from "#src/features/sign-in/next-page.ts";
import { SignInPage } from "#src/features/sign-in/sign-in-page.tsx";
import { services } from "#src/server/services.ts";
import { currentCaller } from "../caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("sign_in"))("page") };
}

interface Props {
  readonly searchParams: Promise<{ readonly next?: string | string[] }>;
}

export default async function SignIn({ searchParams }: Props) {
  const next = nextPage((await searchParams).next);
  const caller = await currentCaller();
  if (caller !== null) redirect(next);
  return (
    <Shell userName={null}>
      <SignInPage demoAccounts={services().settings.DEMO_DATA ? demoAccounts : []} next={next} />
    </Shell>
  );
}

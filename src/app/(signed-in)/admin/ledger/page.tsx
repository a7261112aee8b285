import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { isModerator } from "#src/contract/roles.ts";
import { LedgerPage } from "#src/features/admin/ledger/ledger-page.tsx";
import { callerOf } from "../../../caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("console"))("ledger") };
}

export default async function Page() {
  await callerOf(isModerator);
  return <LedgerPage />;
}

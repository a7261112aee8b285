import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { isModerator } from "#src/contract/roles.ts";
import { AuditPage } from "#src/features/admin/audit/audit-page.tsx";
import { callerOf } from "../../../caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("console_audit"))("page") };
}

export default async function Page() {
  await callerOf(isModerator);
  return <AuditPage />;
}

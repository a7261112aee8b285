import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { isModerator } from "#src/contract/roles.ts";
import { GoalsTable } from "#src/features/admin/goals-table.tsx";
import { callerOf } from "../../caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("admin"))("page") };
}

export default async function AdminPage() {
  await callerOf(isModerator);
  return <GoalsTable />;
}

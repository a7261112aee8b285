import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { isModerator } from "#src/contract/roles.ts";
import { UsersPage } from "#src/features/admin/users/users-page.tsx";
import { callerOf } from "../../../caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("console"))("users") };
}

export default async function Page() {
  await callerOf(isModerator);
  return <UsersPage />;
}

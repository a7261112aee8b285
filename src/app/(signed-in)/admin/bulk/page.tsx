import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { isModerator } from "#src/contract/roles.ts";
import { BulkList } from "#src/features/admin/bulk/bulk-list.tsx";
import { callerOf } from "../../../caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("console_bulk"))("title") };
}

export default async function AdminBulkPage() {
  await callerOf(isModerator);
  return <BulkList />;
}

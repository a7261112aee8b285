import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { notFound } from "next/navigation";
import { objectIdHex } from "#src/contract/ids.ts";
import { Receipt } from "#src/features/me/receipt.tsx";
import { callerOf } from "../../../../caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("receipt"))("page") };
}

export default async function ReceiptPage({ params }: { params: Promise<{ readonly goal_id: string }> }) {
  const caller = await callerOf((role) => role === "viewer");
  const goalId = (await params).goal_id.toLowerCase();
  if (!objectIdHex.safeParse(goalId).success) notFound();
  return <Receipt goalId={goalId} viewerId={caller.id} />;
}

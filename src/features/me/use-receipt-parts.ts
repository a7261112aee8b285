"use client";

import { useTranslations } from "next-intl";
import type { Receipt, ReceiptEntry } from "#src/server/operations/receipt.ts";
import { useFormats } from "../i18n/use-formats.ts";
import type { ReceiptLine, ReceiptPart } from "./receipt-lines.ts";

/** A transfer in words: its heading, its amount, and its lines, the first of which is the transfer's id. */
interface EntryPart extends ReceiptPart {
  readonly amount: string;
}

const known = ["prepayment", "refund", "payout"] as const;

/** Everything that a receipt says, in words: what the page shows is what is copied. */
export function useReceiptParts({ view, escrow_id, entries, as_of }: Receipt): {
  readonly facts: ReceiptPart;
  readonly entries: readonly EntryPart[];
  readonly ending: string;
} {
  const t = useTranslations();
  const formats = useFormats();
  const amount = formats.money(view.amount, view.currency);
  const timed = (
    name: "ended" | "cooldown" | "refund_due" | "resolved",
    iso: string | null,
  ): ReceiptLine[] => (iso === null ? [] : [[t(`receipt.${name}`), formats.receiptMoment(iso)]]);
  const plain = { amount, b: (chunks: string) => chunks };

  /** An account by whose it is, with the account's own name behind it. */
  function account(name: string): string {
    const [kind, id] = [name.slice(0, name.indexOf(":")), name.slice(name.indexOf(":") + 1)];
    if (kind === "viewer" && id === view.viewer.id) return `${t("receipt.you")} (${name})`;
    if (kind === "streamer" && id === view.streamer.id) return `${view.streamer.name} (${name})`;
    return kind === "escrow" ? `${t("receipt.in_escrow")} (${name})` : name;
  }

  function entryPart(entry: ReceiptEntry): EntryPart {
    const reason = known.find((one) => one === entry.reason);
    const money = formats.money(entry.amount, entry.currency);
    return {
      heading: reason === undefined ? entry.reason : t(`receipt.reason_${reason}`),
      amount: money,
      lines: [
        [t("receipt.entry"), entry.id],
        [t("receipt.insert"), entry.insert_id],
        [t("receipt.from"), account(entry.debit)],
        [t("receipt.to"), account(entry.credit)],
        [t("receipt.amount"), money],
        [t("receipt.at"), formats.receiptMoment(entry.at)],
      ],
    };
  }

  return {
    facts: {
      heading: t("receipt.from_to", { viewer: view.viewer.name, streamer: view.streamer.name }),
      lines: [
        [t("receipt.goal"), view.goal_id],
        [t("receipt.session"), view.session_id],
        [t("receipt.escrow"), escrow_id],
        [t("receipt.viewer"), `${view.viewer.name} (${view.viewer.id})`],
        [t("receipt.streamer"), `${view.streamer.name} (${view.streamer.id})`],
        [t("receipt.state"), t(`goal.${view.state}`)],
        [t("receipt.money"), t.markup(`money.${view.refund}`, plain)],
        [t("receipt.prepaid"), formats.minutes(view.prepaid_duration_s)],
        [t("receipt.created"), formats.receiptMoment(view.created)],
        [t("receipt.exp"), formats.receiptMoment(view.exp)],
        ...timed("ended", view.ended),
        ...timed("cooldown", view.cooldown_until),
        ...timed("refund_due", view.refund_due),
        ...timed("resolved", view.resolved),
      ],
    },
    entries: entries.map(entryPart),
    ending: t("receipt.as_of", { time: formats.receiptMoment(as_of) }),
  };
}

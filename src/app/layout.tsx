import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "#src/features/shell/base.css";
import { ColorSchemeScript, mantineHtmlProps } from "@mantine/core";
import type { Metadata, Viewport } from "next";
import { NextIntlClientProvider } from "next-intl";
import { getLocale, getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { nonceHeader } from "#src/contract/headers.ts";
import { baseMessages } from "#src/features/i18n/request.ts";
import { fontClasses } from "#src/features/shell/fonts.ts";
import { palette } from "#src/features/shell/palette.ts";
import { Providers } from "#src/features/shell/providers.tsx";

// Language, person and settings belong to the request: no page is made in advance.
export const dynamic = "force-dynamic";

/** The browser's own bars take the page's ground. */
export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: palette.gray[0] },
    { media: "(prefers-color-scheme: dark)", color: palette.dark[8] },
  ],
};

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell");
  return { title: { default: t("brand"), template: `%s · ${t("brand")}` }, description: t("description") };
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = await getLocale();
  const nonce = (await headers()).get(nonceHeader) ?? undefined;
  return (
    <html lang={locale} className={fontClasses} {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript defaultColorScheme="auto" nonce={nonce} />
      </head>
      <body>
        <NextIntlClientProvider messages={await baseMessages(locale)}>
          <Providers nonce={nonce}>{children}</Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}

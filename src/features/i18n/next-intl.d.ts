import type { Locale as OurLocale } from "./locales.ts";
import type { consoleTexts } from "./messages/console/en.ts";
import type messages from "./messages/en.json";

// Makes a missing text, or a text asked for by a wrong name, a type error.
declare module "next-intl" {
  interface AppConfig {
    Locale: OurLocale;
    Messages: typeof messages & typeof consoleTexts;
  }
}

"use client";

import "./no-eval.ts";
import type { ReactNode } from "react";
import { useTranslations } from "next-intl";
import { PaletteButton } from "../palette/palette-button.tsx";
import { BreachBanner } from "./breach-banner.tsx";
import { LightPill } from "./light-pill.tsx";
import { Nav } from "./nav.tsx";
import { useLight } from "./use-light.ts";
import classes from "./frame.module.css";

/** What all pages of the console have around them: the menu, the way to anything, and the conservation light. */
export function Frame({ children }: { children: ReactNode }) {
  const t = useTranslations("console");
  const light = useLight();
  return (
    <div data-console className={classes["frame"]}>
      <a href="#console" className={classes["skip"]}>
        {t("skip")}
      </a>
      <div className={classes["bar"]}>
        <Nav />
        <div className={classes["tools"]}>
          <PaletteButton />
          <LightPill light={light} />
        </div>
      </div>
      <div id="console" tabIndex={-1} className={classes["content"]}>
        <BreachBanner light={light} />
        {children}
      </div>
    </div>
  );
}

"use client";

import { Kbd, Modal, Stack, Switch, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { turnKeys, useKeysOn } from "./keys-setting.ts";
import classes from "./studio.module.css";

/** What the keys do, and the switch that turns them off. */
export function Help({ onClose }: { onClose: () => void }) {
  const t = useTranslations("studio");
  const keysOn = useKeysOn();
  const keys = [
    [["↑", "↓", "←", "→"], t("key_arrows")],
    [["d"], t("key_decline")],
    [["u"], t("key_undo")],
    [["?"], t("key_help")],
  ] as const;
  return (
    <Modal
      opened
      onClose={onClose}
      // The page itself gives the keyboard back: this comes and goes as a whole.
      returnFocus={false}
      // Locking the scroll would lay the whole page out anew, cards and all.
      lockScroll={false}
      transitionProps={{ duration: 0 }}
      title={t("help")}
      closeButtonProps={{ "aria-label": t("close") }}
      centered
    >
      <Stack gap="md">
        <dl className={classes["keys"]}>
          {keys.map(([caps, meaning]) => (
            <div key={meaning} style={{ display: "contents" }}>
              <dt>
                {caps.map((cap) => (
                  <Kbd key={cap} mr={4}>
                    {cap}
                  </Kbd>
                ))}
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <Text size="sm">{t("help_grace")}</Text>
        <Switch
          checked={keysOn}
          onChange={(event) => turnKeys(event.currentTarget.checked)}
          label={t("keys_on")}
        />
      </Stack>
    </Modal>
  );
}

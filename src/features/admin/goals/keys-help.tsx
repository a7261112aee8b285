"use client";

import { Kbd, Modal, Stack, Switch } from "@mantine/core";
import { useTranslations } from "next-intl";
import { turnKeys, useKeysOn } from "../../studio/keys-setting.ts";
import classes from "./goals.module.css";

/** What the keys do, and the switch that turns single letters off. */
export function KeysHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useTranslations("console_goals");
  const keysOn = useKeysOn();
  const keys = [
    [["j", "k", "↓", "↑"], t("key_rows")],
    [["Enter"], t("key_open")],
    [["/"], t("key_search")],
    [["↑", "↓", "←", "→"], t("key_cells")],
    [["r"], t("key_retry")],
    [["?"], t("key_help")],
  ] as const;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("keys")}
      closeButtonProps={{ "aria-label": t("close"), size: "lg" }}
      centered
    >
      <Stack gap="md">
        <dl className={classes["keys"]}>
          {keys.map(([caps, meaning]) => (
            <div key={meaning}>
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
        <Switch
          checked={keysOn}
          onChange={(event) => turnKeys(event.currentTarget.checked)}
          label={t("keys_on")}
        />
      </Stack>
    </Modal>
  );
}

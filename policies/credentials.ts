import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import { podTemplatesOf } from "./rule/pod-templates";
import { defineRule, noSettings } from "./rule/rule";

/** Passwords that are generated can't be guessed. */
export const strongPasswords = defineRule({
  name: "strong-passwords",
  severity: "high",
  description: "Every generated password has enough characters of enough kinds.",
  rationale:
    "Generated passwords are typed by nobody, so that length costs nothing. With 24 letters and digits there are more than 140 bits to guess, whatever the attacker has stolen.",
  remedy: "Set length of the RandomPassword, and leave letters and digits switched on.",
  levels: advisoryInDev,
  settings: z.strictObject({
    minimumLength: z.int().min(8).default(24).meta({ description: "Characters of a generated password" }),
  }),
  type: "random:index/randomPassword:RandomPassword",
  *judge({ fields }, { settings }) {
    const length = fields.at("length");
    if (!length.isUnknown && (length.number ?? 0) < settings.minimumLength) {
      const found = `the password has ${length.shown} characters`;
      yield { field: length, found, fix: `set it to ${settings.minimumLength} or more` };
    }
    const kinds = [fields.at("lower"), fields.at("upper"), fields.at("numeric")];
    const off = kinds.filter(({ value }) => value === false);
    const [field] = off;
    if (off.length < 2 || field === undefined) return;
    const names = off.map(({ path }) => path).join(" and ");
    yield { field, found: `the password has no characters of ${names}`, fix: "leave them switched on" };
  },
});

/** A container gets the secrets that it names. */
export const chosenSecrets = defineRule({
  name: "chosen-secrets",
  severity: "medium",
  description: "No container takes a whole Secret as environment variables.",
  rationale:
    "With envFrom, whoever can add a key to the Secret sets a variable of the program, such as LD_PRELOAD or NODE_OPTIONS, and every key is printed by whatever prints the environment.",
  remedy: "Name each key with valueFrom.secretKeyRef, or better, mount the Secret as files.",
  levels: advisoryInDev,
  settings: noSettings,
  *judge(resource) {
    for (const { containers } of podTemplatesOf(resource)) {
      for (const { label, fields } of containers) {
        for (const source of fields.at("envFrom").items) {
          const field = source.at("secretRef");
          if (field.isAbsent || field.isUnknown) continue;
          const found = `${label} takes all keys of the Secret ${field.at("name").shown} as variables`;
          yield { field, found, fix: "name the keys that it needs, in env with valueFrom.secretKeyRef" };
        }
      }
    }
  },
});

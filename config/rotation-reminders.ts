import { generationOf, overlapping } from "../components/secret-rotation";
import type { Settings } from "./settings-schema";

/**
 * What a stack is told of former secrets that still work, so that nobody forgets to take them away.
 *
 * @returns a line for each group
 */
export function rotationReminders({ rotation, sql }: Pick<Settings, "rotation" | "sql">): readonly string[] {
  // RDS knows one password: the former is gone with the update.
  const groups = overlapping.filter((group) => group !== "sql" || sql.mode !== "rds");
  return groups.flatMap((group) => {
    const { inUse, previous } = generationOf(rotation, group);
    if (previous === undefined) return [];
    return [
      `rotation.${group}: generation ${inUse} is in use, and ${previous} still works. When nobody needs it any more: ` +
        `pulumi config set --path 'algorun:rotation.retired.${group}' ${previous}`,
    ];
  });
}

import type { OwnedName } from "../plan/plan";

/** The path that a deployment's gateway expects before the name of a path. */
export function gatewayPrefix({ owner, name }: OwnedName): string {
  return `/${owner}/${name}/`;
}

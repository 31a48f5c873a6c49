import type { Field } from "./field";
import { podTemplatesOf } from "./pod-templates";
import type { Resource } from "./resource";

/** A place that names an image. */
export interface ImageField {
  /** For messages: `container "runner"`. */
  readonly label: string;
  readonly image: Field;
  /** What the kubelet is told about pulling it. */
  readonly pullPolicy: Field;
}

/** Every place of a resource that names an image: containers of all roles, and image volumes. */
export function imagesOf(resource: Resource): readonly ImageField[] {
  return podTemplatesOf(resource).flatMap(({ containers, spec, isWhole }) => [
    ...containers
      .map(({ label, fields }) => ({
        label,
        image: fields.at("image"),
        pullPolicy: fields.at("imagePullPolicy"),
      }))
      .filter(({ image }) => isWhole || !image.isAbsent),
    ...spec
      .at("volumes")
      .items.map((volume) => ({
        label: `image volume ${volume.at("name").shown}`,
        image: volume.at("image", "reference"),
        pullPolicy: volume.at("image", "pullPolicy"),
      }))
      .filter(({ image }) => !image.isAbsent),
  ]);
}

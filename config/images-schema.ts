import { z } from "zod";
import { images } from "../components/images";
import { serviceImages } from "../components/service-images";
import { imageDigest, imageOfVersion, text } from "./values";

const imageNames = Object.keys(images);

const image = z.strictObject({
  repository: text.optional().describe("Registry and repository"),
  tag: text.optional().describe("Version"),
  digest: imageDigest.optional().describe("sha256:… of the image"),
});

/** Images of other projects, where they differ from the pinned ones. */
export const imagesSchema = z.partialRecord(z.enum(imageNames, `one of ${imageNames.join(", ")}`), image);

/** Images of AlgoRun's own services. */
export const servicesSchema = z.strictObject({
  gateway: imageOfVersion.default(serviceImages.gateway).describe("Answers in an endpoint"),
  runner: imageOfVersion.default(serviceImages.runner).describe("Runs beside an algo"),
  hookRunner: imageOfVersion.default(serviceImages.hookRunner).describe("Calls webhooks"),
});

import { z } from "zod";
import { brokerAddresses, text } from "./values";

/** What the embedded environment writes down about itself. */
export const connectionsSchema = z.object({
  kubernetes: z.object({ kubeconfig: text, context: text }),
  kafka: z.object({
    bootstrapServers: brokerAddresses,
    username: text,
    password: text,
    caCertificate: text,
  }),
});

/** How to reach the embedded environment. */
export type Connections = Readonly<z.infer<typeof connectionsSchema>>;

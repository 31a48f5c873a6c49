import { z } from "zod";

const labels = z.object({ matchLabels: z.record(z.string(), z.string()) });

/** Where a network policy finds a service, as one stack tells another. */
export const networkAddressSchema = z.object({
  peers: z.array(
    z.object({
      ipBlock: z.object({ cidr: z.string(), except: z.array(z.string()).optional() }).optional(),
      namespaceSelector: labels.optional(),
      podSelector: labels.optional(),
    }),
  ),
  ports: z.array(z.number()),
});

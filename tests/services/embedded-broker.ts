import type { Connections } from "../../config/connections-schema";
import { ensurePki } from "../../local/certificates/pki";
import { startBroker } from "../../local/kafka/broker";
import type { Layout } from "../../local/layout";
import { choosePorts } from "../../local/process/ports";
import { resolveTools } from "../../local/toolchain/toolchain";

/** Starts a broker as `make up` does, with TLS. */
export async function startEmbeddedBroker(layout: Layout): Promise<Connections["kafka"]> {
  const { java, kafka } = await resolveTools(["java", "kafka"]);
  const [pki, ports] = [await ensurePki(layout), await choosePorts(layout)];
  const started = await startBroker({ layout, pki, ports, java: java.path, jars: kafka.path });
  return { ...started, bootstrapServers: [...started.bootstrapServers] };
}

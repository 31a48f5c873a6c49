import { streamKeyCheckPath } from "./stream-key-check-config";

/** Paths and ports of a rendered configuration. */
export interface NginxRtmpConfig {
  /** Port that senders publish to. */
  readonly publishPort: number;
  /** Port that endpoints in the cluster play from. */
  readonly playPort: number;
  /** Port of health and statistics. */
  readonly statusPort: number;
  /** Port, on the loopback address, of the program that checks stream keys. */
  readonly keyCheckPort: number;
  /** Writable folder for what nginx needs while it runs. */
  readonly workFolder: string;
  /** Modules to load; none where nginx was built with RTMP. @default none */
  readonly modules?: readonly string[];
  /** Largest message of a stream, in bytes: a key frame. @default 1 MiB, as in the module */
  readonly maxMessageBytes?: number;
  /** Seconds between two questions whether a stream may go on. @default 30, as in the module */
  readonly updateSeconds?: number;
}

/** Name of the application that streams are published to and played from. */
export const rtmpApplication = "live";

/**
 * Configuration of nginx with the RTMP module: who publishes can't play, who plays can't publish, both need a key, and
 * nothing is recorded. Without an answer about the key nothing begins; a stream that is already there goes on. There is
 * one process, since a stream lives in the process that receives it. The module's max_connections is not used: when it
 * meets the connection that carries a stream to where it is played from, the process ends, and all streams with it.
 */
export function renderNginxRtmpConfig(config: NginxRtmpConfig): string {
  const { publishPort, playPort, statusPort, workFolder, modules = [], maxMessageBytes = 1_048_576 } = config;
  const { updateSeconds = 30 } = config;
  const keyCheck = `http://127.0.0.1:${config.keyCheckPort}${streamKeyCheckPath}`;
  return `${modules.map((module) => `load_module ${module};\n`).join("")}daemon off;
worker_processes 1;
pid ${workFolder}/nginx.pid;
error_log stderr notice;

events {
  worker_connections 4096;
}

rtmp {
  access_log off;
  max_message ${maxMessageBytes};
  # A sender or receiver that says nothing is gone.
  timeout 60s;
  ping 30s;
  ping_timeout 10s;

  server {
    listen ${publishPort};
    application ${rtmpApplication} {
      live on;
      record off;
      allow publish all;
      deny play all;
      notify_method get;
      on_publish ${keyCheck};
      on_update ${keyCheck};
      notify_update_timeout ${updateSeconds}s;
      drop_idle_publisher 30s;
      push rtmp://127.0.0.1:${playPort}/${rtmpApplication};
    }
  }

  server {
    listen ${playPort};
    application ${rtmpApplication} {
      live on;
      record off;
      allow publish 127.0.0.1;
      deny publish all;
      allow play all;
      notify_method get;
      on_play ${keyCheck};
      wait_key on;
      wait_video off;
      idle_streams off;
    }
  }
}

http {
  access_log off;
  server_tokens off;
  client_body_temp_path ${workFolder}/body;
  proxy_temp_path ${workFolder}/proxy;
  fastcgi_temp_path ${workFolder}/fastcgi;
  uwsgi_temp_path ${workFolder}/uwsgi;
  scgi_temp_path ${workFolder}/scgi;

  server {
    listen ${statusPort};
    location = /healthz {
      return 200 "ok\\n";
    }
    location = /statistics {
      rtmp_stat all;
    }
  }
}
`;
}

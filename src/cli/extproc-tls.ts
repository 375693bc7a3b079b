import { Command } from 'commander';
import { Logger } from 'pino';
import { CertificateMetrics } from '../extproc/certificate-metrics';
import { ExtProcServer } from '../extproc/ext-proc-server';
import { CertificateSource } from '../extproc/server-certificates';
import { TransportTls } from '../extproc/transport';
import { Metrics } from '../runtime/metrics';

/** Options of `llmgw extproc` for mutual TLS on its gRPC port. */
export interface TlsOptions {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
  readonly tlsClientName?: string;
}

export function addTlsOptions(command: Command): Command {
  return command
    .option('--tls-cert <file>', 'certificate chain (PEM) of the gRPC port; the three files are read anew when they change')
    .option('--tls-key <file>', 'private key (PEM) of --tls-cert')
    .option('--tls-client-ca <file>', 'certificate authorities (PEM) of the clients: who has no certificate of theirs is refused')
    .option('--tls-client-name <name>', 'DNS name that the client certificate must have; without it, any certificate of --tls-client-ca');
}

export function tlsDefect({ tlsCert, tlsKey, tlsClientCa, tlsClientName }: TlsOptions): string | undefined {
  const given = [tlsCert, tlsKey, tlsClientCa].filter((file) => file !== undefined).length;
  if (given !== 0 && given !== 3) return '--tls-cert, --tls-key and --tls-client-ca go together; give all three';
  return given === 0 && tlsClientName !== undefined ? '--tls-client-name goes with --tls-cert, --tls-key and --tls-client-ca' : undefined;
}

/** Mutual TLS of the gRPC port, with files that are renewed while it runs. */
export class GrpcTls {
  /** Undefined: the options ask for none. Throws an Error that names the file where one cannot be used. */
  static of({ tlsCert, tlsKey, tlsClientCa, tlsClientName }: TlsOptions, log: Logger, metrics: Metrics): GrpcTls | undefined {
    if (tlsCert === undefined || tlsKey === undefined || tlsClientCa === undefined) return undefined;
    return new GrpcTls(new CertificateSource({ certificate: tlsCert, key: tlsKey, clientCa: tlsClientCa }), tlsClientName, log, new CertificateMetrics(metrics.registry));
  }

  private lastRefusal = '';

  private constructor(private readonly source: CertificateSource, private readonly clientName: string | undefined,
    private readonly log: Logger, private readonly metrics: CertificateMetrics) {
    metrics.inUse(source.current);
  }

  get transport(): TransportTls {
    return {
      certificates: this.source.current,
      clientName: this.clientName,
      onRefused: (reason, peer) => {
        this.metrics.connectionRefused();
        // Somebody may try again and again.
        this.log[this.lastRefusal === reason + peer ? 'debug' : 'warn']({ peer, reason }, 'refused a connection to the gRPC port');
        this.lastRefusal = reason + peer;
      },
    };
  }

  /** Gives the server what is renewed. */
  start(server: ExtProcServer): void {
    this.source.start((event) => {
      this.metrics.changed(event);
      if (event.kind === 'refused') {
        this.log.error({ reason: event.reason }, 'changed certificates refused, the last good ones stay');
        return;
      }
      server.useCertificates(event.certificates);
      this.log.info({ expiry: event.certificates.expiry.server }, 'certificates loaded');
    });
  }

  stop(): void {
    this.source.stop();
  }
}

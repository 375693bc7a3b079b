import { Counter, Gauge, Registry } from 'prom-client';
import { CertificatesEvent, ServerCertificates } from './server-certificates';

/** Metrics of the gRPC port's TLS. */
export class CertificateMetrics {
  private readonly expiry: Gauge<'certificate'>;
  private readonly reloads: Counter<'result'>;
  private readonly refused: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.expiry = new Gauge({
      name: 'llm_gateway_certificate_expiry_timestamp_seconds',
      help: 'When the certificates in use expire, in seconds since 1970.',
      registers,
      labelNames: ['certificate'] as const,
    });
    this.reloads = new Counter({ name: 'llm_gateway_certificate_reloads_total', help: 'Changed certificate files by what became of them.', registers, labelNames: ['result'] as const });
    this.refused = new Counter({ name: 'llm_gateway_tls_refused_connections_total', help: 'Connections to the gRPC port without an accepted client certificate.', registers });
    for (const result of ['loaded', 'refused']) this.reloads.inc({ result }, 0);
  }

  inUse({ expiry }: ServerCertificates): void {
    this.expiry.set({ certificate: 'server' }, expiry.server.getTime() / 1000);
    this.expiry.set({ certificate: 'client_ca' }, expiry.clientCa.getTime() / 1000);
  }

  changed(event: CertificatesEvent): void {
    this.reloads.inc({ result: event.kind });
    if (event.kind === 'loaded') this.inUse(event.certificates);
  }

  connectionRefused(): void {
    this.refused.inc();
  }
}

import { Counter, Gauge, Registry } from 'prom-client';
import { ConfigurationEvent } from '../runtime/configuration';
import { SignInEvent } from '../runtime/credentials/credentials';

/** What is read when somebody asks for the metrics. */
export interface ServerReadings {
  readonly version: string;
  openStreams(): number;
  bodyBytes(): number;
}

/** Metrics of the server itself: what it runs with, and what it needs of the machine. */
export class ServerMetrics {
  private readonly problems: Gauge;
  private readonly generation: Gauge;
  private readonly loaded: Gauge;
  private readonly loads: Counter<'result'>;
  private readonly failing: Gauge<'backend'>;

  constructor(registry: Registry, readings: ServerReadings) {
    const registers = [registry];
    this.generation = new Gauge({ name: 'llm_gateway_configuration_generation', help: 'Configurations that this process has loaded since its start.', registers });
    this.problems = new Gauge({ name: 'llm_gateway_configuration_problems', help: 'What is wrong with objects of the configuration in use; /config names each.', registers });
    this.loaded = new Gauge({ name: 'llm_gateway_configuration_loaded_timestamp_seconds', help: 'When the configuration in use was loaded, in seconds since 1970.', registers });
    this.loads = new Counter({
      name: 'llm_gateway_configuration_loads_total', help: 'Changed configurations by what became of them; after a refused one the last good one stays.', registers, labelNames: ['result'] as const,
    });
    for (const result of ['loaded', 'refused']) this.loads.inc({ result }, 0);
    this.failing = new Gauge({
      name: 'llm_gateway_sign_in_failing', help: '1 while the last attempt to get a cloud\'s credential for this backend failed; one that is still valid stays in use.', registers, labelNames: ['backend'] as const,
    });
    new Gauge({ name: 'llm_gateway_build_info', help: 'The version, as a label.', registers, labelNames: ['version'] as const }).set({ version: readings.version }, 1);
    reading(registry, 'llm_gateway_open_streams', 'Requests of Envoy that are under way.', () => readings.openStreams());
    reading(registry, 'llm_gateway_request_body_bytes', 'Bytes of request bodies in memory; requests beyond 8 times the body limit are refused with 413.', () => readings.bodyBytes());
    processMetrics(registry);
  }

  configurationChanged(event: ConfigurationEvent): void {
    this.loads.inc({ result: event.kind === 'swapped' ? 'loaded' : 'refused' });
    if (event.kind === 'refused') return;
    this.generation.set(event.configuration.generation);
    this.problems.set(event.configuration.problems.length);
    this.loaded.setToCurrentTime();
    // Backends may be gone; what fails for one that stays fails again within a minute.
    this.failing.reset();
  }

  signedIn({ backends, reason }: SignInEvent): void {
    for (const backend of backends) this.failing.set({ backend }, reason === undefined ? 0 : 1);
  }
}

/** By the names that Prometheus' clients share, without what costs something between two scrapes. */
function processMetrics(registry: Registry): void {
  const cpu = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time of this process, user and system; a process uses little more than one core.',
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      cpu.reset();
      cpu.inc((user + system) / 1e6);
    },
  });
  reading(registry, 'process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  new Gauge({ name: 'process_start_time_seconds', help: 'When this process began, in seconds since 1970.', registers: [registry] }).set(Math.round(Date.now() / 1000 - process.uptime()));
}

function reading(registry: Registry, name: string, help: string, read: () => number): void {
  const gauge: Gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      gauge.set(read());
    },
  });
}

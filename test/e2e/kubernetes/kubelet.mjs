// Stand-in for scheduler and kubelet: binds pods, runs their containers as processes in a network namespace a pod (veth on a bridge), probes
// them, writes their status; real controllers do the rest. Environment: KUBECTL KUBECONFIG LAB IMAGES NODE_IP NET_IP.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import path from 'node:path';

const { KUBECTL, LAB, IMAGES, NODE_IP, NET_IP } = process.env;
const PODS = path.join(LAB, 'pods');
const NODE = 'lab-node';
const PASS_MILLISECONDS = 200;
fs.mkdirSync(PODS, { recursive: true });

const kubectl = (args, input) => execFileSync(KUBECTL, args, { input, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'] });
const get = (...args) => JSON.parse(kubectl(['get', ...args, '-o', 'json']));
const getOrNothing = (...args) => { try { return get(...args); } catch { return { data: {} }; } };
const shell = (script) => execFileSync('sh', ['-ec', script], { stdio: ['ignore', 'inherit', 'inherit'] });
const log = (...words) => console.log(new Date().toISOString(), ...words);
const stamp = () => new Date().toISOString().replace(/\.\d+/, '');
const quote = (text) => `'${String(text).replace(/'/g, '\'\\\'\'')}'`;
/** By uid of the pod. */
const running = new Map();
/** Mount points that were not there before, in the order of their making. */
const mountPoints = [];
let lastIp = 9;
let passes = 0;

function nextIp() {
  lastIp += 1;
  return `10.244.${lastIp >> 8}.${lastIp & 255}`;
}

/** Pods see the machine's own root: what is made there for them is taken away at the end. */
function makeMountPoint(place, isFolder) {
  if (fs.existsSync(place)) return;
  if (path.dirname(place) !== place) makeMountPoint(path.dirname(place), true);
  if (isFolder) fs.mkdirSync(place);
  else fs.writeFileSync(place, '');
  mountPoints.push(place);
}

function removeMountPoints() {
  for (const place of mountPoints.splice(0).reverse()) {
    try {
      if (fs.statSync(place).isDirectory()) fs.rmdirSync(place);
      else fs.unlinkSync(place);
    } catch (error) {
      log(`${place} is left behind: ${error.message}`);
    }
  }
}

/** Files of a Secret or ConfigMap, by their paths. */
function itemsOf(data, items, encoding) {
  return Object.entries(data ?? {}).flatMap(([key, value]) => {
    const item = items?.find((one) => one.key === key);
    return items && !item ? [] : [[item?.path ?? key, Buffer.from(value, encoding)]];
  });
}

/** What of a volume comes from Secrets and ConfigMaps, and may change. */
function changingFiles({ metadata: { namespace } }, volume) {
  const ofSource = ({ secret, configMap }) => [
    ...secret ? itemsOf(getOrNothing('secret', '-n', namespace, secret.secretName ?? secret.name).data, secret.items, 'base64') : [],
    ...configMap ? itemsOf(getOrNothing('configmap', '-n', namespace, configMap.name).data, configMap.items, 'utf8') : [],
  ];
  return [volume, ...volume.projected?.sources ?? []].flatMap(ofSource);
}

/** Files that are links through one that is turned at once, as the kubelet's. */
function placeFiles(folder, files) {
  const version = `..${fs.readdirSync(folder).length}`;
  for (const [name, bytes] of files) {
    const file = path.join(folder, version, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes);
    const [top] = name.split('/');
    if (!fs.existsSync(path.join(folder, top))) fs.symlinkSync(path.join('..data', top), path.join(folder, top));
  }
  fs.symlinkSync(version, path.join(folder, '..next'));
  fs.renameSync(path.join(folder, '..next'), path.join(folder, '..data'));
}

function writeVolume(pod, volume, folder) {
  const { namespace } = pod.metadata;
  fs.mkdirSync(folder, { recursive: true });
  const files = changingFiles(pod, volume);
  if (files.length > 0) placeFiles(folder, files);
  for (const source of volume.projected?.sources ?? []) {
    if (source.serviceAccountToken) {
      const { audience, path: name } = source.serviceAccountToken;
      fs.writeFileSync(path.join(folder, name), kubectl(['create', 'token', '-n', namespace, pod.spec.serviceAccountName, ...(audience ? ['--audience', audience] : [])]).trim());
    }
    for (const item of source.downwardAPI?.items ?? []) fs.writeFileSync(path.join(folder, item.path), String(fieldOf(pod, item.fieldRef.fieldPath)));
  }
  return { folder, volume, written: textOf(files) };
}

const textOf = (files) => JSON.stringify(files.map(([name, bytes]) => [name, bytes.toString('base64')]));

/** Changed Secrets and ConfigMaps reach the pods that mount them as a volume `tls`; others do not change here. */
function refreshVolumes() {
  for (const { pod, mounted } of running.values()) {
    for (const place of mounted.filter(({ volume }) => volume.name === 'tls')) {
      const files = changingFiles(pod, place.volume);
      if (files.length === 0 || textOf(files) === place.written) continue;
      placeFiles(place.folder, files);
      place.written = textOf(files);
      log(`${pod.metadata.namespace}/${pod.metadata.name} has new files in volume ${place.volume.name}`);
    }
  }
}

function fieldOf(pod, fieldPath, ip) {
  if (fieldPath === 'status.podIP') return ip;
  if (fieldPath === 'spec.nodeName') return NODE;
  const found = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath);
  return (found ? pod.metadata[found[1]]?.[found[2]] : fieldPath.split('.').reduce((object, name) => object?.[name], pod)) ?? '';
}

function environmentOf(pod, container, ip) {
  const { namespace } = pod.metadata;
  // HOME: what runc sets for a user id that the image does not know.
  const values = { PATH: process.env.PATH, HOME: '/', HOSTNAME: pod.metadata.name, KUBERNETES_SERVICE_HOST: NODE_IP, KUBERNETES_SERVICE_PORT: '6443' };
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef) values[name] = String(fieldOf(pod, valueFrom.fieldRef.fieldPath, ip));
    else if (valueFrom?.secretKeyRef) values[name] = Buffer.from(getOrNothing('secret', '-n', namespace, valueFrom.secretKeyRef.name).data?.[valueFrom.secretKeyRef.key] ?? '', 'base64').toString();
    else if (valueFrom?.configMapKeyRef) values[name] = getOrNothing('configmap', '-n', namespace, valueFrom.configMapKeyRef.name).data?.[valueFrom.configMapKeyRef.key] ?? '';
    else values[name] = (value ?? '').replace(/\$\(([A-Za-z_]\w*)\)/g, (all, other) => values[other] ?? all);
  }
  return values;
}

function startPod(pod) {
  const images = JSON.parse(fs.readFileSync(IMAGES, 'utf8'));
  const { name, namespace, uid } = pod.metadata;
  const ip = nextIp();
  const folder = path.join(PODS, uid);
  const pause = spawn('unshare', ['--net', '--mount', '--propagation', 'private', 'sleep', 'infinity'], { stdio: 'ignore', detached: true });
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      if (fs.readlinkSync(`/proc/${pause.pid}/ns/net`) !== fs.readlinkSync('/proc/self/ns/net') && fs.readFileSync(`/proc/${pause.pid}/comm`, 'utf8') === 'sleep\n') break;
    } catch { /* not there yet */ }
    execFileSync('sleep', ['0.01']);
  }
  const within = `nsenter -t ${pause.pid} -n`;
  const veth = `v${uid.slice(0, 8)}`;
  shell(`ip link add ${veth} type veth peer name eth0 netns ${pause.pid}; ip link set ${veth} master br0 up
    ${within} ip link set lo up; ${within} ip addr add ${ip}/16 dev eth0; ${within} ip link set eth0 up; ${within} ip route add default via ${NET_IP}`);
  const mounted = (pod.spec.volumes ?? []).map((volume) => writeVolume(pod, volume, path.join(folder, 'volumes', volume.name)));
  const volumes = Object.fromEntries(mounted.map((place) => [place.volume.name, place.folder]));
  const record = { pod, mounted, ip, pause, name: `${namespace}/${name}`, processes: new Map(), containers: [], restarts: 0, stopping: false };
  running.set(uid, record);
  for (const container of pod.spec.containers) {
    const image = Object.keys(images).find((part) => container.image.includes(part));
    if (!image) {
      log(`${record.name} ${container.name}: no process for image ${container.image}, reported ready anyway`);
      continue;
    }
    const env = environmentOf(pod, container, ip);
    const args = (container.args ?? []).map((arg) => arg.replace(/\$\(([A-Za-z_]\w*)\)/g, (all, other) => env[other] ?? all));
    const mounts = (container.volumeMounts ?? []).map(({ name: volume, subPath, mountPath }) => {
      const source = path.join(volumes[volume], subPath ?? '');
      const isFolder = fs.statSync(source).isDirectory();
      makeMountPoint(mountPath, isFolder);
      // Once more within, for one that lies in another volume.
      return `mkdir -p ${quote(isFolder ? mountPath : path.dirname(mountPath))}; ${isFolder ? '' : `touch ${quote(mountPath)};`} mount --bind ${quote(source)} ${quote(mountPath)}`;
    });
    fs.writeFileSync(path.join(folder, 'resolv.conf'), `nameserver ${NET_IP}\nsearch ${namespace}.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n`);
    const command = [...images[image].command, ...(container.command ?? []).slice(1), ...args].map(quote).join(' ');
    // As the pod's security context says, where the image is ours: others' programs may lie where only root may look.
    const { runAsUser: user, runAsGroup: group } = pod.spec.securityContext ?? {};
    const identity = images[image].asUser && user !== undefined ? `setpriv --reuid ${user} --regid ${group ?? user} --clear-groups --no-new-privs ` : '';
    const script = [`mount --bind ${quote(path.join(folder, 'resolv.conf'))} /etc/resolv.conf`, ...mounts, `exec ${identity}${command}`].join('\n');
    const output = fs.openSync(path.join(LAB, 'log', `pod-${namespace}-${name}-${container.name}.log`), 'a');
    const launch = () => {
      const child = spawn('nsenter', ['-t', String(pause.pid), '-n', '--', 'unshare', '--mount', '--propagation', 'private', 'sh', '-ec', script], {
        env, stdio: ['ignore', output, output], detached: true,
      });
      record.processes.set(container.name, child);
      child.on('exit', (code, signal) => {
        record.processes.delete(container.name);
        if (record.stopping || !running.has(uid)) return;
        if (code === 0 && pod.spec.restartPolicy !== 'Always') return completed(record, container);
        log(`${record.name} ${container.name} ended with ${code ?? signal}, restarting`);
        record.restarts += 1;
        setTimeout(() => { if (running.has(uid) && !record.stopping) launch(); }, 1_000);
      });
    };
    launch();
    record.containers.push({ container, failures: 0, nextLiveness: Date.now() + 1_000 * (container.livenessProbe?.initialDelaySeconds ?? 0) });
  }
  fs.writeFileSync(path.join(folder, 'pause.pid'), String(pause.pid));
  patchStatus(record, {
    phase: 'Running', podIP: ip, podIPs: [{ ip }], hostIP: NODE_IP, hostIPs: [{ ip: NODE_IP }], startTime: stamp(), ...readiness(record, false),
  });
  log(`${record.name} running at ${ip}`);
}

function readiness(record, ready) {
  const now = stamp();
  return {
    conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({ type, status: ready || !type.endsWith('Ready') ? 'True' : 'False', lastTransitionTime: now })),
    containerStatuses: record.pod.spec.containers.map(({ name, image }) => ({
      name, image, imageID: '', ready, started: true, restartCount: record.restarts, state: { running: { startedAt: now } },
    })),
  };
}

function patchStatus({ pod }, status) {
  try {
    kubectl(['patch', 'pod', '-n', pod.metadata.namespace, pod.metadata.name, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status })]);
  } catch (error) {
    log(String(error.stderr ?? error));
  }
}

/** A Job's container ended with 0. */
function completed(record, container) {
  const terminated = { exitCode: 0, reason: 'Completed', startedAt: stamp(), finishedAt: stamp() };
  patchStatus(record, { phase: 'Succeeded', containerStatuses: [{ name: container.name, image: container.image, imageID: '', ready: false, started: false, restartCount: 0, state: { terminated } }] });
}

async function probeAll() {
  await Promise.all([...running.values()].filter((record) => !record.stopping && record.containers.length > 0).map(async (record) => {
    await Promise.all(record.containers.map((state) => checkLiveness(record, state)));
    const answers = await Promise.all(record.containers.map(({ container }) => isReady(record.ip, container)));
    const ready = answers.every(Boolean);
    if (ready === record.ready || record.stopping) return;
    record.ready = ready;
    patchStatus(record, readiness(record, ready));
    log(`${record.name} ${ready ? 'ready' : 'not ready'}`);
  }));
}

/** The liveness probe, where it is an httpGet, in its own rhythm: a container that fails it too often in a row is ended, and starts anew. */
async function checkLiveness(record, state) {
  const { container } = state;
  const { httpGet, periodSeconds = 10, timeoutSeconds = 1, failureThreshold = 3, terminationGracePeriodSeconds } = container.livenessProbe ?? {};
  const child = record.processes.get(container.name);
  if (!httpGet || !child || Date.now() < state.nextLiveness) return;
  state.nextLiveness = Date.now() + periodSeconds * 1_000;
  const alive = await answers(record.ip, container, httpGet, timeoutSeconds * 1_000);
  state.failures = alive ? 0 : state.failures + 1;
  if (state.failures < failureThreshold || record.processes.get(container.name) !== child) return;
  log(`${record.name} ${container.name} fails its liveness probe`);
  state.failures = 0;
  kill(child, 'SIGTERM');
  setTimeout(() => { if (record.processes.get(container.name) === child) kill(child, 'SIGKILL'); },
    1_000 * (terminationGracePeriodSeconds ?? record.pod.spec.terminationGracePeriodSeconds ?? 30));
}

function portOf(container, port) {
  return typeof port === 'string' ? container.ports.find(({ name }) => name === port)?.containerPort : port;
}

function answers(ip, container, httpGet, milliseconds) {
  return fetch(`http://${ip}:${portOf(container, httpGet.port)}${httpGet.path ?? '/'}`, { signal: AbortSignal.timeout(milliseconds) }).then(({ ok }) => ok, () => false);
}

/** The readiness probe as declared; without one, the first TCP port accepts. */
function isReady(ip, container) {
  const probe = container.readinessProbe ?? {};
  if (probe.httpGet) return answers(ip, container, probe.httpGet, 1_000);
  if (probe.grpc) return grpcServing(ip, probe.grpc.port);
  const port = portOf(container, probe.tcpSocket?.port ?? container.ports?.find(({ protocol }) => (protocol ?? 'TCP') === 'TCP')?.containerPort);
  return port === undefined ? Promise.resolve(true) : new Promise((resolve) => {
    const socket = net.connect({ host: ip, port, timeout: 1_000 }, () => { socket.destroy(); resolve(true); });
    for (const event of ['error', 'timeout']) socket.on(event, () => { socket.destroy(); resolve(false); });
  });
}

/** grpc.health.v1.Health/Check of the whole server. */
function grpcServing(ip, port) {
  return new Promise((resolve) => {
    const session = http2.connect(`http://${ip}:${port}`);
    const done = (serving) => { clearTimeout(timer); session.destroy(); resolve(serving); };
    const timer = setTimeout(() => done(false), 1_000);
    session.on('error', () => done(false));
    const call = session.request({ ':method': 'POST', ':path': '/grpc.health.v1.Health/Check', 'content-type': 'application/grpc', 'te': 'trailers' });
    const chunks = [];
    call.on('data', (chunk) => chunks.push(chunk));
    call.on('error', () => done(false));
    // One message whose field 1 (status) is 1 (SERVING).
    call.on('end', () => done(Buffer.concat(chunks).equals(Buffer.from([0, 0, 0, 0, 2, 0x08, 0x01]))));
    call.end(Buffer.alloc(5));
  });
}

function kill(child, signal) {
  try { process.kill(child.pid, signal); } catch { /* it has ended */ }
}

/** SIGTERM, and when all processes ended or the grace period is over, the pod is gone. */
function terminate(uid, record, seconds) {
  if (record.stopping) return;
  record.stopping = true;
  record.ready = false;
  log(`${record.name} stopping`);
  for (const child of record.processes.values()) kill(child, 'SIGTERM');
  const deadline = Date.now() + seconds * 1_000;
  const timer = setInterval(() => {
    if (record.processes.size > 0 && Date.now() < deadline) return;
    clearInterval(timer);
    for (const child of record.processes.values()) kill(child, 'SIGKILL');
    kill(record.pause, 'SIGKILL');
    running.delete(uid);
    try { kubectl(['delete', 'pod', '-n', record.pod.metadata.namespace, record.pod.metadata.name, '--force', '--grace-period=0', '--wait=false']); } catch { /* gone */ }
    log(`${record.name} stopped`);
  }, 50);
}

function pass() {
  const pods = get('pods', '-A').items;
  for (const pod of pods) {
    const { name, namespace, uid, deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
    if (deletionTimestamp) {
      const record = running.get(uid);
      if (record) terminate(uid, record, deletionGracePeriodSeconds ?? 30);
      else kubectl(['delete', 'pod', '-n', namespace, name, '--force', '--grace-period=0', '--wait=false']);
      continue;
    }
    if (!pod.spec.nodeName) {
      kubectl(['create', '--raw', `/api/v1/namespaces/${namespace}/pods/${name}/binding`, '-f', '-'],
        JSON.stringify({ apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace }, target: { apiVersion: 'v1', kind: 'Node', name: NODE } }));
    }
    if (!running.has(uid) && !pod.status.podIP) startPod({ ...pod, spec: { ...pod.spec, nodeName: NODE } });
  }
  for (const [uid, record] of running) if (!pods.some((pod) => pod.metadata.uid === uid)) terminate(uid, record, 0);
  writeServices();
}

/** What network.mjs needs: names and addresses of Services with their ready endpoints. */
function writeServices() {
  const services = get('services', '-A').items;
  const slices = get('endpointslices', '-A').items;
  const list = services.map(({ metadata: { name, namespace }, spec, status }) => {
    const own = slices.filter((slice) => slice.metadata.namespace === namespace && slice.metadata.labels?.['kubernetes.io/service-name'] === name && slice.addressType === 'IPv4');
    const ready = (slice) => (slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).flatMap(({ addresses }) => addresses);
    const ports = (spec.ports ?? []).map((port) => ({
      port: port.port,
      targets: own.flatMap((slice) => (slice.ports ?? []).filter((one) => (one.name ?? '') === (port.name ?? '')).flatMap((one) => ready(slice).map((address) => `${address}:${one.port}`))),
    }));
    // A load balancer's address: the ClusterIP is reachable anyway.
    if (spec.type === 'LoadBalancer' && !status.loadBalancer?.ingress) {
      kubectl(['patch', 'service', '-n', namespace, name, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: spec.clusterIP }] } } })]);
    }
    return { name, ns: namespace, ip: spec.clusterIP === 'None' ? null : spec.clusterIP, pods: own.flatMap(ready), ports };
  });
  // Envoy Gateway and the API server are processes of the node.
  const gateway = list.find(({ name, ns }) => name === 'envoy-gateway' && ns === 'envoy-gateway-system');
  if (gateway && !gateway.ip) gateway.pods = [NODE_IP];
  const api = list.find(({ name, ns }) => name === 'kubernetes' && ns === 'default');
  if (api) api.ports = [{ port: 443, targets: [`${NODE_IP}:6443`] }];
  const text = JSON.stringify(list);
  if (text === lastServices) return;
  const file = path.join(LAB, 'run/services.json');
  fs.writeFileSync(`${file}.next`, text);
  fs.renameSync(`${file}.next`, file);
  lastServices = text;
}

let lastServices = '';
try { kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } })); } catch { /* it is there */ }
process.on('SIGTERM', () => {
  for (const { processes, pause } of running.values()) for (const child of [...processes.values(), pause]) kill(child, 'SIGKILL');
  removeMountPoints();
  process.exit(0);
});
for (;;) {
  try {
    pass();
    if (passes++ % 10 === 0) refreshVolumes();
    await probeAll();
  } catch (error) {
    // The API server may be away, on purpose.
    log(String(error.stderr ?? error).split('\n')[0]);
  }
  await new Promise((resolve) => setTimeout(resolve, PASS_MILLISECONDS));
}

// Cluster DNS + userspace kube-proxy stand-in. Reads services.json (kept current by kubelet.mjs):
// A service without ready endpoints gets no listener, so clients see 'connection refused' as with kube-proxy.
//   [{name, ns, ip: clusterIP|null, pods: [ip], ports: [{port, targets: ["ip:port"]}]}]
// usage: node network.mjs services.json BIND_IP (needs: ip route add local SERVICE_CIDR dev lo)
import dgram from 'node:dgram'; import net from 'node:net'; import fs from 'node:fs';
const [, , file, bind] = process.argv; let names = new Map(), targets = new Map(), rr = 0, last = '';
const listeners = new Map();
function reload() {
  let text; try { text = fs.readFileSync(file, 'utf8'); } catch { return; } if (text === last) return;
  let list; try { list = JSON.parse(text); } catch { return; } last = text;
  names = new Map(); targets = new Map();
  for (const s of list) {
    for (const n of [`${s.name}.${s.ns}.svc.cluster.local`]) names.set(n, s.ip ? [s.ip] : s.pods);
    if (s.ip) for (const p of s.ports) if (p.targets.length) targets.set(`${s.ip}:${p.port}`, p.targets);
  }
  for (const [k, srv] of listeners) if (!targets.has(k)) { srv.close(); listeners.delete(k); }
  for (const k of targets.keys()) if (!listeners.has(k)) {
    const [host, port] = k.split(':');
    const srv = net.createServer({ pauseOnConnect: true }, (c) => {
      const t = targets.get(k); if (!t) return c.resetAndDestroy();
      const [h, p] = t[rr++ % t.length].split(':'); const u = net.connect(+p, h);
      u.on('connect', () => { c.pipe(u); u.pipe(c); }); u.on('error', () => c.destroy()); c.on('error', () => u.destroy());
      u.on('close', () => c.destroy()); c.on('close', () => u.destroy());
    });
    srv.on('error', (e) => console.log(k, e.message)); srv.listen(+port, host); listeners.set(k, srv);
  }
}
setInterval(reload, 100); reload();
const s = dgram.createSocket('udp4');
s.on('message', (m, r) => {
  let o = 12; const labels = []; while (m[o]) { labels.push(m.toString('latin1', o + 1, o + 1 + m[o])); o += m[o] + 1; }
  const type = m.readUInt16BE(o + 1), q = m.subarray(12, o + 5), hit = names.get(labels.join('.').toLowerCase()), a = (type === 1 && hit) || [];
  const h = Buffer.alloc(12); m.copy(h, 0, 0, 2); h.writeUInt16BE(0x8580 | (hit ? 0 : 3), 2); h.writeUInt16BE(1, 4); h.writeUInt16BE(a.length, 6);
  s.send(Buffer.concat([h, q, ...a.map((ip) => Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, ...ip.split('.').map(Number)]))]), r.port, r.address);
});
s.bind(53, bind);

#!/usr/bin/env bash
# A real kube-apiserver, etcd and kube-controller-manager, and Envoy Gateway with its Kubernetes provider, in network and mount namespaces of
# their own; pods are run by kubelet.mjs, Services by network.mjs. Nothing of it is reachable from outside.
#   lab.sh up | in COMMAND... | restart-apiserver stop|start | down
# Needs: LAB (folder for state), ETCD, KUBE_APISERVER, KUBE_CONTROLLER_MANAGER, KUBECTL, ENVOY, ENVOY_GATEWAY (programs), IMAGES (JSON file: part of an
# image's name -> command), GATEWAY_API_CRDS and ENVOY_GATEWAY_CRDS (folders). REDIS (host:port): Envoy Gateway has a rate limit service on it.
set -euo pipefail
PKI=$LAB/pki; LOG=$LAB/log; RUN=$LAB/run
mkdir -p "$PKI" "$LOG" "$RUN"
SERVICE_CIDR=10.96.0.0/16; NODE_IP=10.244.0.1; NET_IP=10.244.0.2
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
EG_NAMESPACE=envoy-gateway-system
export KUBECONFIG=$LAB/kubeconfig

log() { echo "[$(date +%T)] $*" >&2; }

pki() {
  ( cd "$PKI"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -keyout ca.key -out ca.crt -subj /CN=lab-ca 2>/dev/null
    crt() { # name subject extensions
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2" 2>/dev/null
      openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" -extfile <(printf "%s" "$3") 2>/dev/null
    }
    crt apiserver /CN=kube-apiserver "subjectAltName=DNS:localhost,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:10.96.0.1,IP:$NODE_IP"
    crt admin /O=system:masters/CN=admin extendedKeyUsage=clientAuth
    crt kcm /CN=system:kube-controller-manager extendedKeyUsage=clientAuth
    openssl genrsa -out sa.key 2048 2>/dev/null; openssl rsa -in sa.key -pubout -out sa.pub 2>/dev/null )
  kubeconfig "$KUBECONFIG" admin; kubeconfig "$LAB/kcm.kubeconfig" kcm
}

kubeconfig() { # file user
  b() { base64 -w0 < "$1"; }
  cat > "$1" <<Y
apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: "https://127.0.0.1:6443", certificate-authority-data: $(b "$PKI/ca.crt")}}]
users: [{name: $2, user: {client-certificate-data: $(b "$PKI/$2.crt"), client-key-data: $(b "$PKI/$2.key")}}]
contexts: [{name: lab, context: {cluster: lab, user: $2}}]
current-context: lab
Y
}

alive() { [ -f "$RUN/$1.pid" ] && kill -0 "$(cat "$RUN/$1.pid")" 2>/dev/null; }
inside() { nsenter -t "$(cat "$RUN/namespaces.pid")" -n -m -- "$@"; }
start() { # name command...: inside the namespaces, in a session of its own
  local name=$1; shift
  setsid nsenter -t "$(cat "$RUN/namespaces.pid")" -n -m -- "$@" >>"$LOG/$name.log" 2>&1 </dev/null &
  echo $! > "$RUN/$name.pid"
}
wait_for() { # seconds description command...
  local seconds=$1 description=$2 i; shift 2
  for ((i = 0; i < seconds * 5; i++)); do "$@" >/dev/null 2>&1 && return 0; sleep 0.2; done
  log "$description: not within $seconds s"; return 1
}
stop() { # name seconds
  [ -f "$RUN/$1.pid" ] || return 0
  local pid; pid=$(cat "$RUN/$1.pid"); rm -f "$RUN/$1.pid"
  kill "$pid" 2>/dev/null || return 0
  for ((i = 0; i < $2 * 10; i++)); do kill -0 "$pid" 2>/dev/null || return 0; sleep 0.1; done
  kill -9 "$pid" 2>/dev/null || true
}

# One sleeping process holds the "node": a network and mount namespace with a bridge, on which pods get a veth.
namespaces() {
  printf 'nameserver %s\nsearch svc.cluster.local cluster.local\noptions ndots:5\n' $NET_IP > "$RUN/resolv.conf"
  setsid unshare --net --mount --propagation private sh -c "
    ip link set lo up
    ip link add br0 type bridge; ip addr add $NODE_IP/16 dev br0; ip link set br0 up
    ip route add $SERVICE_CIDR via $NET_IP
    mount --bind '$RUN/resolv.conf' /etc/resolv.conf
    mount -t tmpfs tmpfs /mnt
    exec sleep infinity" >/dev/null 2>&1 </dev/null &
  echo $! > "$RUN/namespaces.pid"
  wait_for 5 'the namespaces' sh -c "nsenter -t $(cat "$RUN/namespaces.pid") -n -- ip addr show br0 | grep -q $NODE_IP"
}

api_server() {
  start kube-apiserver "$KUBE_APISERVER" --etcd-servers=http://127.0.0.1:2379 \
    --bind-address=0.0.0.0 --secure-port=6443 --advertise-address=$NODE_IP --endpoint-reconciler-type=none \
    --tls-cert-file="$PKI/apiserver.crt" --tls-private-key-file="$PKI/apiserver.key" --client-ca-file="$PKI/ca.crt" \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file="$PKI/sa.pub" --service-account-signing-key-file="$PKI/sa.key" \
    --service-cluster-ip-range=$SERVICE_CIDR --authorization-mode=RBAC --allow-privileged=true \
    --audit-policy-file="$HERE/audit-policy.yaml" --audit-log-path="$LOG/audit.log" --audit-log-mode=batch --audit-log-batch-max-wait=1s
  wait_for 60 kube-apiserver inside "$KUBECTL" get --raw /readyz
}

control_plane() {
  start etcd "$ETCD" --data-dir "$LAB/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380
  api_server
  start kube-controller-manager "$KUBE_CONTROLLER_MANAGER" --kubeconfig="$LAB/kcm.kubeconfig" \
    --leader-elect=false --bind-address=127.0.0.1 --root-ca-file="$PKI/ca.crt" \
    --service-account-private-key-file="$PKI/sa.key" --use-service-account-credentials=true --authentication-skip-lookup=true \
    --controllers=serviceaccount-controller,root-ca-certificate-publisher-controller,namespace-controller,garbage-collector-controller,deployment-controller,replicaset-controller,endpointslice-controller,job-controller,horizontal-pod-autoscaler-controller
}

crds() {
  local files=() file
  for file in "$GATEWAY_API_CRDS"/gateway.networking*.yaml; do files+=(-f "$file"); done
  # The large ones do not fit the annotation of a client-side apply.
  inside "$KUBECTL" apply --server-side "${files[@]}" >"$LOG/crds.log" 2>&1
  inside "$KUBECTL" apply --server-side -f "$ENVOY_GATEWAY_CRDS" >>"$LOG/crds.log" 2>&1
  inside "$KUBECTL" wait --for=condition=Established crd --all --timeout=60s >>"$LOG/crds.log"
}

nodes() {
  # DNS and Services in a namespace of their own, where every ClusterIP is local.
  start network unshare --net sh -c "until [ -e '$RUN/network.veth' ]; do sleep 0.02; done
    ip link set lo up; ip addr add $NET_IP/16 dev eth0; ip link set eth0 up; ip route add local $SERVICE_CIDR dev lo
    exec node '$HERE/network.mjs' '$RUN/services.json' $NET_IP"
  wait_for 5 'the network namespace' sh -c "[ \"\$(readlink /proc/$(cat "$RUN/network.pid")/ns/net)\" != \"\$(readlink /proc/$(cat "$RUN/namespaces.pid")/ns/net)\" ] && [ \"\$(cat /proc/$(cat "$RUN/network.pid")/comm)\" = sh ]"
  inside sh -ec "ip link add vnet type veth peer name eth0 netns $(cat "$RUN/network.pid"); ip link set vnet master br0 up"
  : > "$RUN/network.veth"
  start kubelet env KUBECTL="$KUBECTL" KUBECONFIG="$KUBECONFIG" LAB="$LAB" IMAGES="$IMAGES" NODE_IP=$NODE_IP NET_IP=$NET_IP node "$HERE/kubelet.mjs"
}

envoy_gateway() {
  inside "$KUBECTL" apply -f "$HERE/envoy-gateway.yaml" >"$LOG/envoy-gateway-objects.log"
  export ENVOY_GATEWAY_NAMESPACE=$EG_NAMESPACE KUBERNETES_CLUSTER_DOMAIN=cluster.local
  inside "$ENVOY_GATEWAY" certgen --disable-topology-injector >"$LOG/certgen.log" 2>&1
  mkdir -p "$RUN/certs"
  local key
  for key in ca.crt tls.crt tls.key; do
    inside "$KUBECTL" -n $EG_NAMESPACE get secret envoy-gateway -o "jsonpath={.data.${key/./\\.}}" | base64 -d > "$RUN/certs/$key"
  done
  cat > "$LAB/envoy-gateway.yaml" <<Y
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: EnvoyGateway
gateway: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
provider:
  type: Kubernetes
  kubernetes:
    leaderElection: {disable: true}
    proxyTopologyInjector: {disabled: true}
extensionApis: {enableBackend: true}
Y
  if [ -n "${REDIS:-}" ]; then
    inside "$KUBECTL" apply -f "$HERE/redis.yaml" >>"$LOG/envoy-gateway-objects.log"
    echo "rateLimit: {timeout: 2s, backend: {type: Redis, redis: {url: '$REDIS'}}}" >> "$LAB/envoy-gateway.yaml"
  fi
  # Its cache, and where its certificates have to be; the mount is seen by this process alone.
  local folder
  for folder in /var/lib/eg/wasm /var/lib/eg /certs; do [ -e $folder ] || echo $folder >> "$RUN/made"; done
  mkdir -p /certs
  start envoy-gateway unshare --mount --propagation private sh -c "mount --bind '$RUN/certs' /certs && exec '$ENVOY_GATEWAY' server --config-path '$LAB/envoy-gateway.yaml'"
  wait_for 60 'Envoy Gateway' inside curl -sf http://127.0.0.1:8081/readyz
}

up() {
  namespaces; pki
  control_plane; log 'control plane ready'
  crds; log 'CRDs of Gateway API and Envoy Gateway established'
  nodes
  envoy_gateway; log 'Envoy Gateway ready'
}

down() {
  # The kubelet ends the pods. The API server does not end once etcd is gone, so it goes first.
  for name in kubelet envoy-gateway network kube-controller-manager kube-apiserver etcd namespaces; do stop $name 5; done
  [ ! -f "$RUN/made" ] || xargs -r rmdir 2>/dev/null < "$RUN/made" || true
  rm -f "$RUN/made"
}

case ${1:-} in
  up) up ;;
  down) down ;;
  in) shift; inside "$@" ;;
  stop-apiserver) stop kube-apiserver 10 ;;
  start-apiserver) api_server ;;
  *) sed -n 2,8p "$0"; exit 2 ;;
esac

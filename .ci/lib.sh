# What the steps share: where tools lie, and how the server is started. Sourced, with the repository as working directory.
set -euo pipefail

cache=${DEBRIEF_CI_CACHE:-$HOME/.cache/debrief-ci}
mkdir -p "$cache"

# A directory per set of pins, so that a changed pin is installed anew and an old one is left alone.
pins() { cat "$@" | sha256sum | cut -c1-12; }
cargo_deny_version=0.20.2
cargo_deny_root=$cache/cargo-deny-$cargo_deny_version
python_tools=$cache/python-$(pins .ci/tools/requirements.txt)
node_tools=$cache/node-$(pins .ci/tools/package.json .ci/tools/package-lock.json)
export PATH=$cargo_deny_root/bin:$python_tools/bin:$node_tools/node_modules/.bin:$PATH

if [[ ${CI:-} == true ]]; then
    export CARGO_TARGET_DIR=$cache/target CARGO_INCREMENTAL=0
fi
export CARGO_TERM_COLOR=never NO_COLOR=1
# The tools' own reports and update checks.
export DO_NOT_TRACK=1 SCARF_ANALYTICS=false REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

# The program under test; DEBRIEF_CI_BINARY names another one than the release build.
debrief=${DEBRIEF_CI_BINARY:-${CARGO_TARGET_DIR:-target}/release/debrief}

scratch=$(mktemp -d)
server=""
finish() {
    local status=$?
    if [[ -n $server ]]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    if ((status != 0)) && [[ -f $scratch/server.log ]]; then
        echo "--- last lines of the server's log"
        tail -n 60 "$scratch/server.log"
    fi
    rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# Starts the server on a free port with a database of its own; sets base_url and admin_key.
# Only what is given here reaches it: no setting leaks in from the environment.
start_server() {
    local port tries
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    base_url=http://127.0.0.1:$port
    admin_key=dbf_$(openssl rand -hex 20)
    env -i PATH="$PATH" HOME="$scratch" \
        DEBRIEF_LISTEN="127.0.0.1:$port" \
        DEBRIEF_DATABASE_URL="sqlite://$scratch/debrief.db" \
        DEBRIEF_ADMIN_KEY="$admin_key" \
        DEBRIEF_RATE_LIMIT=0 \
        DEBRIEF_LOG=warn \
        "$debrief" serve >"$scratch/server.log" 2>&1 &
    server=$!
    for ((tries = 0; tries < 150; tries++)); do
        if ! kill -0 "$server" 2>/dev/null; then
            echo "the server ended while it started"
            return 1
        fi
        if curl --silent --fail --output /dev/null "$base_url/readyz"; then
            echo "the server is ready on $base_url"
            return 0
        fi
        sleep 0.2
    done
    echo "the server was not ready within 30 seconds"
    return 1
}

# Fails when the server is gone, cannot answer, or has panicked.
check_server() {
    local status
    if ! kill -0 "$server" 2>/dev/null; then
        echo "the server has ended"
        return 1
    fi
    status=$(curl --silent --max-time 10 --output /dev/null --write-out '%{http_code}' "$base_url/readyz" || true)
    if [[ $status != 200 ]]; then
        echo "/readyz answers $status"
        return 1
    fi
    status=$(curl --silent --max-time 10 --output /dev/null --write-out '%{http_code}' \
        --header "Authorization: Bearer $admin_key" "$base_url/api/v1/me" || true)
    if [[ $status != 200 ]]; then
        echo "/api/v1/me answers $status to the key that the server was started with"
        return 1
    fi
    if grep -n "panicked at" "$scratch/server.log"; then
        echo "the server has panicked"
        return 1
    fi
}

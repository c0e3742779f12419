# shellcheck shell=bash
# Sourced by bin/serve, bin/test and bin/odoo: makes what they share, once, in the
# ignored folder .hoithi. After `set_up`, the functions odoo, python and psql work.
set -euo pipefail
umask 022
export LANG=C.UTF-8 LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

program=${0##*/}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
state=$root/.hoithi
cache=${HOITHI_CACHE:-$state/cache}
log=$state/logs/$program-setup.log
mkdir -p "$state/logs" "$state/run" "$cache" 2>/dev/null || {
    echo "$program: cannot write in $state: check its owner and the free disk space." >&2
    exit 1
}

# What lies outside .hoithi (databases on another server) is known by this mark.
[ -s "$state/id" ] || (set -o noclobber && od -An -N8 -tx8 /dev/urandom | tr -d ' ' >"$state/id") 2>/dev/null || true
id=$(cat "$state/id")
suffix=

# A checkout stays clean of bytecode, and Odoo starts faster with it than without.
unset PYTHONDONTWRITEBYTECODE PYTHONHOME PGDATABASE
export PYTHONPYCACHEPREFIX=$state/pycache

# --- messages ---------------------------------------------------------------------

step_number=0
step_count=0
step() { # step TEXT: a thing that takes time begins
    step_number=$((step_number + 1))
    echo "[$step_number/$step_count] $*"
}
skip() { step_number=$((step_number + 1)); }
note() { echo "      $*"; }
die() {
    echo "$program: $*" >&2
    told=yes
    exit 1
}

# Whatever ends the program ends what it started (`clean_up`, which each program defines)
# and never without a word.
told=no
leave() {
    local status=$?
    trap - EXIT INT TERM
    [ "$status" = 0 ] || [ $told = yes ] || [ "$status" = 130 ] ||
        echo "$program: stopped by an unforeseen error: see above and the end of $log." >&2
    clean_up "$status" || true
    exit "$status"
}
trap leave EXIT
trap 'exit 130' INT TERM
clean_up() { :; }

# run WHAT COMMAND...: its output goes to the log; a failure ends in one sentence
run() {
    local what=$1 from
    shift
    from=$(wc -l <"$log" 2>/dev/null || echo 0)
    printf '\n+ %s\n' "$*" >>"$log"
    "$@" >>"$log" 2>&1 </dev/null || explain "$what" "$(tail -n +"$((from + 1))" "$log")"
}

explain() {
    local what=$1 text=$2
    case $text in
    *"No space left on device"* | *"not enough free space"* | *"enough free space"*)
        die "$what failed because the disk is full: free about 4 GB for $state and start again."
        ;;
    *"Temporary failure resolving"* | *"Could not resolve"* | *"Network is unreachable"* | \
        *"Failed to establish a new connection"* | *"Temporary failure in name resolution"* | \
        *"Could not connect to"* | *"Connection timed out"* | *"Unable to connect to"*)
        die "$what failed because the network does not answer: check the connection (or the proxy) and start again."
        ;;
    *"DO NOT MATCH THE HASHES"* | *"Hash Sum mismatch"*)
        die "$what failed because a download is not the one that the project pinned: start again, and if it recurs do not use that package source."
        ;;
    *"Could not get lock"* | *"Unable to acquire the dpkg"*)
        die "$what failed because another package installation is running: wait for its end and start again."
        ;;
    *"a password is required"* | *"is not in the sudoers file"*)
        die "$what needs root: start again as root or as a user with sudo."
        ;;
    esac
    die "$what failed: read the end of $log."
}

# once NAME: one process at a time does the work that follows (released by `done_once`)
once() {
    exec {once_fd}>"$1.lock"
    flock -n "$once_fd" || {
        note "Waiting for another run that does the same…"
        flock "$once_fd"
    }
}
done_once() { exec {once_fd}>&-; }

# --- Debian packages --------------------------------------------------------------

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@" 2>/dev/null || sudo "$@"; fi
}
as_root_env() { as_root env DEBIAN_FRONTEND=noninteractive "$@"; }

missing_packages() {
    local package
    for package; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            echo "$package"
    done
}

debian_packages() { # debian_packages NAME...
    local packages hold=/etc/postgresql-common/createcluster.d/hoithi.conf
    if ! command -v apt-get >/dev/null; then
        skip
        return # not Debian: the later steps say what they miss
    fi
    mapfile -t packages < <(missing_packages "$@")
    if [ ${#packages[@]} = 0 ]; then
        skip
        return
    fi
    step "Installing Debian packages (about 1 min): ${packages[*]}"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        die "sudo is missing: run 'apt-get install ${packages[*]}' as root, then start again."
    # The project has a cluster of its own: a new PostgreSQL need not make and start one.
    if [ -z "$(pg_bin)" ]; then
        as_root mkdir -p "${hold%/*}"
        echo "create_main_cluster = false" | as_root tee "$hold" >/dev/null
    fi
    # A third party's source that does not answer need not matter: install, not update, decides.
    run "Installing ${packages[*]}" as_root_env sh -c \
        'apt-get update -q; apt-get install -qy --no-install-recommends "$@"' sh "${packages[@]}"
    [ ! -e "$hold" ] || as_root rm -f "$hold"
}

# --- Odoo -------------------------------------------------------------------------

# Sets odoo_script, odoo_home (for PYTHONPATH) and odoo_addons.
use_odoo() {
    local path=$1
    odoo_addons=
    if [ -f "$path/odoo-bin" ]; then
        odoo_script=$path/odoo-bin odoo_home=$path
        odoo_addons=$path/addons
    elif [ -f "$path/usr/bin/odoo" ]; then
        odoo_script=$path/usr/bin/odoo odoo_home=$path/usr/lib/python3/dist-packages
    else
        return 1
    fi
}

odoo_source() {
    local tree
    if [ -n "${ODOO_PATH:-}" ]; then
        skip
        use_odoo "$(cd "$ODOO_PATH" 2>/dev/null && pwd -P)" ||
            die "ODOO_PATH=$ODOO_PATH is no Odoo 19: name the folder that holds odoo-bin, or an unpacked package with usr/bin/odoo."
        return
    fi
    tree=$cache/odoo-$(sha256sum "$root/bin/odoo.lock" | cut -c1-12)
    if [ ! -d "$tree" ]; then
        room "$cache"
        step "Fetching Odoo 19 from Debian's archive (132 MB, about 1 min)"
        once "$cache/odoo"
        [ -d "$tree" ] || fetch_odoo "$tree"
        done_once
    else
        skip
    fi
    use_odoo "$tree" || die "$tree is damaged: remove it and start again."
}

room() { # better to say it now than in the middle
    local free
    free=$(df -Pk "$1" | awk 'NR == 2 {print int($4 / 1024)}')
    [ "$free" -ge 3000 ] || die "the disk of $1 has $free MB free: free 3000 MB and start again."
}

private_apt() { # apt with lists and a cache of its own; the machine's own stay untouched
    local tool=$1 user
    shift
    user=$(id -un) # root's folder may be closed to apt's own user
    # A mirror that lags behind serves the pinned packages as well: signatures are
    # checked, the age of the lists is not.
    "$tool" -q -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" \
        -o "APT::Sandbox::User=$user" -o Acquire::Check-Valid-Until=false \
        -o Acquire::Languages=none "$@"
}

fetch_odoo() {
    local tree=$1 keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    local address suite package version sum deb got apt new
    command -v apt-get >/dev/null ||
        die "this system has no apt-get to fetch Odoo with: set ODOO_PATH to a checkout of Odoo 19 and start again."
    # shellcheck disable=SC2016
    address=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Identifier: Packages' |
        awk -v code="$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" \
            '$1 == code || $1 == "stable" {print $2; exit}')
    if [ -z "$address" ] || [ ! -f "$keyring" ]; then
        die "this system's package sources are not Debian's: set ODOO_PATH to a checkout of Odoo 19 and start again."
    fi
    rm -rf "$cache"/apt.*
    apt=$(mktemp -d "$cache/apt.XXXXXX")
    new=$apt/root
    mkdir -p "$apt"/{lists,cache/archives}/partial "$apt/deb" "$new"
    awk -v from="[signed-by=$keyring] $address" \
        '!/^#/ && !seen[$1]++ {print "deb", from, $1, "main"}' "$root/bin/odoo.lock" >"$apt/sources.list"
    run "Reading Debian's package lists" private_apt apt-get update -o APT::Update::Error-Mode=any
    cd "$apt/deb"
    while read -r suite package version sum; do
        if private_apt apt-get download "$package=$version" >>"$log" 2>&1; then
            deb=$(echo "$apt/deb/${package}"_*.deb)
            echo "$sum  $deb" | sha256sum --check --status ||
                die "$package $version is not the file that the project pinned: start again, and if it recurs do not use that package source."
        else
            run "Fetching $package" private_apt apt-get download "$package/$suite"
            deb=$(echo "$apt/deb/${package}"_*.deb)
            got=$(dpkg-deb -f "$deb" Version)
            [[ $package != odoo-19 || $got == 19.0* ]] ||
                die "Debian's archive now has Odoo $got: set ODOO_PATH to a checkout of Odoo 19.0 and start again."
            note "The archive has moved on from $package $version to $got: taken, checked by the archive's signature."
        fi
        run "Unpacking $package" dpkg-deb -x "$deb" "$new"
        rm -f "$deb"
    done < <(grep -v '^#' "$root/bin/odoo.lock")
    cd "$root"
    # Debian leaves this script out, and the web client logs an error without it.
    local stub=$new/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js
    [ -f "$stub" ] || {
        mkdir -p "${stub%/*}"
        echo "// Blurring one's background in a call is not part of Debian's package." >"$stub"
    }
    [ -z "$(find "$new" -xtype l -print -quit)" ] ||
        die "Odoo's package links to files that no pinned package has: set ODOO_PATH to a checkout of Odoo 19 and start again."
    mv "$new" "$tree"
    rm -rf "$apt"
}

# --- Python -----------------------------------------------------------------------

find_python() {
    local candidate
    # the system's own first: its venv package is what debian_packages installs
    for candidate in ${HOITHI_PYTHON:+"$HOITHI_PYTHON"} /usr/bin/python3 /usr/bin/python3.1{1,2,3} python3.1{1,2,3} python3; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

pip_install() { # pip_install LOCK
    python -m pip install --quiet --disable-pip-version-check --no-input --no-deps \
        --require-hashes --use-pep517 --no-build-isolation -r "$1"
}

python_environment() { # python_environment LOCK...
    local lock base want
    venv=$state/venv
    # `made` says where the environment is and from which locks it was made. An environment
    # of another Python, from before an upgrade of the system, lacks pip.
    want=$(echo "$venv" && cd "$root" && sha256sum "$@")
    if "$venv/bin/python" -c "import pip" 2>/dev/null && [ -z "$(comm -13 <(sort "$venv/made") <(sort <<<"$want") 2>&1)" ]; then
        skip
        return
    fi
    base=$(find_python)
    [ -n "$base" ] ||
        die "CPython 3.11, 3.12 or 3.13 with its venv module is missing: install one, or name it by HOITHI_PYTHON, and start again."
    step "Making the Python environment (about 1 min)"
    once "$state/run/venv"
    if ! "$venv/bin/python" -c "import pip" 2>/dev/null || ! grep -qxF -- "$venv" "$venv/made" 2>/dev/null; then
        rm -rf "$venv"
        run "Making the Python environment" "$base" -m venv "$venv"
        echo "$venv" >"$venv/made"
    fi
    # Two of Odoo's requirements come as source only: setuptools, pinned, builds them.
    awk '/^[a-z]/ {keep = /^setuptools==/} keep' "$root/requirements.lock" >"$venv/build.lock"
    run "Installing setuptools" pip_install "$venv/build.lock"
    for lock; do
        run "Installing the Python packages of $lock" pip_install "$root/$lock"
        sed -i "/  $lock\$/d" "$venv/made"
        (cd "$root" && sha256sum "$lock") >>"$venv/made"
    done
    done_once
}

python() { "$venv/bin/python" "$@"; }

# --- PostgreSQL -------------------------------------------------------------------

pg_bin() { # the folder of the newest PostgreSQL's programs
    local folder
    folder=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)
    [ -x "$folder/initdb" ] || folder=$(dirname "$(command -v initdb)" 2>/dev/null || true)
    [ ! -x "$folder/initdb" ] || echo "$folder"
}

# PostgreSQL refuses to run as root: root's cluster belongs to the user postgres.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

# pg: the cluster's folder. Elsewhere than in .hoithi if the user postgres cannot get
# there, as under /root, or if the socket's path would be longer than the system's limit.
pg_folder() {
    local short
    pg=$state/pg
    short=hoithi-$(id -u)-$(sha256sum <<<"$state" | cut -c1-12)
    if [ "$(id -u)" = 0 ]; then
        mkdir -p "$pg"
        as_postgres test -x "$pg" || pg=/var/lib/$short
    fi
    pg_socket=$pg/socket
    if [ ${#pg_socket} -gt 85 ]; then
        pg_socket=${XDG_RUNTIME_DIR:-/tmp}/$short
    fi
}

pg_running() { as_postgres "$(pg_bin)/pg_ctl" -D "$pg/data" status >/dev/null 2>&1; }

# While a program uses the cluster it holds a shared lock, and so does what it starts:
# the last one to leave may stop the cluster.
use_cluster() {
    exec {cluster_fd}>"$state/run/cluster.lock"
    flock -s "$cluster_fd"
}

# Made to the end, and by this checkout: a former one at the same path may have left a
# cluster outside .hoithi.
cluster_made() {
    as_postgres test -e "$pg/data/made" || return 1
    [ "$pg" = "$state/pg" ] || [ "$(as_postgres cat "$pg/data/made")" = "$id" ]
}

# What else a cluster is started with: `bin/test` adds to it.
durable=yes
pg_options=(-c listen_addresses= -c unix_socket_permissions=0700 -c synchronous_commit=off
    -c max_connections=200 -c shared_buffers=256MB -c jit=off)

# Databases of tests needn't survive a power cut, others do. What says so stands in a file of
# the cluster's, as what a server was started with couldn't be taken back while it runs.
wait_for_disk() {
    local setting
    for setting in fsync full_page_writes; do
        sql "ALTER SYSTEM RESET $setting" 2>>"$log"
    done
    sql "SELECT pg_reload_conf()" >/dev/null
    for _ in $(seq 50); do
        [ "$(sql "SHOW fsync")" = off ] || break
        sleep 0.1
    done
    [ "$(sql "SHOW fsync")" = on ] ||
        die "PostgreSQL was started so that it waits for no disk: end what uses $pg, and start again."
    # and what was written before
    sql CHECKPOINT
    as_postgres sync -f "$pg/data"
}
holds_others() { # databases that tests or benchmarks don't make anew
    [ -n "$(sql "SELECT 1 FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'
        AND datname !~ '^hoithi_(?!demo$)' LIMIT 1")" ]
}
# Tests may have started the cluster, and left it to another run of tests.
check_durable() {
    until sql "SELECT 1" >/dev/null 2>>"$log"; do
        pg_running || die "PostgreSQL ended just now: start again."
        sleep 0.2
    done
    [ "$(sql "SHOW fsync")" = on ] || { [ $durable = no ] && ! holds_others; } || wait_for_disk
}

cluster() {
    pg_started=no pg_own=no
    if [ -n "${PGHOST:-}" ]; then
        skip
        command -v psql >/dev/null || die "psql is missing: install PostgreSQL's client and start again."
        psql -d postgres -c "" >/dev/null 2>>"$log" ||
            die "PostgreSQL at PGHOST=$PGHOST does not answer: start it, or correct PGHOST, PGPORT, PGUSER and PGPASSWORD."
        suffix=_$(sha256sum <<<"$state" | cut -c1-8) # other checkouts may use that server
        return
    fi
    pg_own=yes
    [ -n "$(pg_bin)" ] ||
        die "PostgreSQL is missing: install its server (version 13 or later), or name a running one by PGHOST, and start again."
    [ "$(id -u)" != 0 ] || id postgres >/dev/null 2>&1 ||
        die "the user postgres is missing: install Debian's PostgreSQL, or start as an ordinary user."
    pg_folder
    use_cluster
    export PGHOST=$pg_socket PGPORT=5432 PGUSER=odoo
    unset PGPASSWORD PGSERVICE
    if cluster_made && pg_running; then
        skip
        check_durable
        return
    fi
    once "$state/run/start"
    if ! cluster_made; then
        step "Making a private PostgreSQL cluster"
        ! pg_running || run "Stopping a former cluster" as_postgres "$(pg_bin)/pg_ctl" -D "$pg/data" -m fast -w stop
        rm -rf "$pg/data"
        mkdir -p "$pg"
        [ "$(id -u)" != 0 ] || chown postgres: "$pg"
        chmod 700 "$pg"
        run "Making the PostgreSQL cluster" as_postgres "$(pg_bin)/initdb" -D "$pg/data" \
            -U odoo -A trust -E UTF8 --locale=C.UTF-8
        as_postgres sh -c 'echo "$1" >"$2"' sh "$id" "$pg/data/made"
    else
        skip
    fi
    if ! pg_running; then
        as_postgres mkdir -p -m 700 "$pg_socket"
        as_postgres sed -i '/^\(fsync\|full_page_writes\) /d' "$pg/data/postgresql.auto.conf"
        [ $durable = yes ] || printf '%s = off\n' fsync full_page_writes |
            as_postgres tee -a "$pg/data/postgresql.auto.conf" >/dev/null
        # -A trust is safe: only the owner (and root) gets to the socket. jit=off: compiling
        # the long queries of record rules takes 5 to 7 times as long as running them.
        run "Starting PostgreSQL" as_postgres "$(pg_bin)/pg_ctl" -D "$pg/data" -w -t 60 \
            -l "$pg/postgres.log" -o "-c unix_socket_directories='$pg_socket' ${pg_options[*]}" \
            start {cluster_fd}>&- {once_fd}>&-
        pg_started=yes
    fi
    check_durable
    done_once
}

stop_cluster() { # unless another program uses it
    [ "${pg_own:-no}" = yes ] && pg_running || return 0
    exec {cluster_fd}>&-
    exec {cluster_fd}>"$state/run/cluster.lock"
    if flock -xn "$cluster_fd"; then
        as_postgres "$(pg_bin)/pg_ctl" -D "$pg/data" -m fast -w stop >>"$log" 2>&1 || true
        # what was written without waiting for the disk is on it from here
        as_postgres sync -f "$pg/data" || true
    else
        return 1
    fi
}

sql() { psql -qAtX -v ON_ERROR_STOP=1 -d "${2:-postgres}" -c "$1"; }
database_exists() { [ "$(sql "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]; }
# Of what code this checkout made a database. (The attachments are in the checkout: one
# that another checkout made is of no use.)
database_stamp() {
    sql "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$1'" |
        sed -n "s/^$id //p"
}
stamp_database() { sql "COMMENT ON DATABASE \"$1\" IS '$id $2'"; }
drop_database() {
    sql "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)" 2>>"$log"
    rm -rf "$state/data/filestore/$1"
}
rename_database() {
    sql "ALTER DATABASE \"$1\" RENAME TO \"$2\""
    rm -rf "$state/data/filestore/$2"
    [ ! -d "$state/data/filestore/$1" ] || mv "$state/data/filestore/$1" "$state/data/filestore/$2"
}
copy_database() { # with its attachments
    sql "CREATE DATABASE \"$2\" TEMPLATE \"$1\""
    rm -rf "$state/data/filestore/$2"
    [ ! -d "$state/data/filestore/$1" ] || cp -a "$state/data/filestore/$1" "$state/data/filestore/$2"
}

# --- all of it --------------------------------------------------------------------

odoo() { PYTHONPATH=$odoo_home "$venv/bin/python" "$odoo_script" "$@"; }

write_configuration() {
    conf=$state/odoo.conf
    cat >"$conf.$$" <<CONF
[options]
addons_path = $root${odoo_addons:+,$odoo_addons}
data_dir = $state/data
http_interface = 127.0.0.1
unaccent = True
list_db = False
CONF
    mv "$conf.$$" "$conf"
    export ODOO_RC=$conf
}

# The code that a database is made of; tests need no update of it.
addon_stamp() {
    (cd "$root" && find hoithi_contest -type f ! -path '*/tests/*' ! -name '*.pyc' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum; echo "$odoo_script") | sha256sum | cut -c1-16
}

runtime_packages=(python3 python3-venv postgresql fonts-noto-core fonts-liberation2 libmagic1 libreoffice-writer-nogui)
test_packages=(chromium chromium-headless-shell libatomic1 gettext poppler-utils shellcheck)

set_up() { # set_up LOCK... (with the Debian packages in `packages`)
    : >"$log"
    debian_packages "${packages[@]}"
    odoo_source
    python_environment "$@"
    # Odoo reloads by executing `python`, which finds its environment by the path alone.
    PATH=$venv/bin:$PATH
    cluster
    write_configuration
}

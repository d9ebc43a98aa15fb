"""Have what `stet deploy` wrote graded: headers by the MDN observatory's scorer, TLS by testssl.sh; prints JSON.

    python tools/grade.py observatory      needs npm, and its registry the first time
    python tools/grade.py testssl          needs Debian's testssl.sh

As root: it runs in network and mount namespaces of its own, where the host's name leads to this machine and ports 80
and 443 are free. Nothing leaves the machine but what npm fetches before.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.whole.conftest import made_in
from tests.whole.serving import DESK, HOST, certificate_in, served

PACKAGE = "@mdn/mdn-http-observatory@1.4.8"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "stet-observatory"
SCAN = f"""
import {{ scan }} from "{CACHE}/node_modules/@mdn/mdn-http-observatory/src/index.js";
const found = await scan("{HOST}");
const tests = Object.fromEntries(Object.entries(found.tests).map(([name, t]) => [name, [t.result, t.scoreModifier]]));
console.log(JSON.stringify({{ score: found.scan.score, grade: found.scan.grade, passed: found.scan.testsPassed,
  failed: found.scan.testsFailed, tests }}));
process.exit(0);
"""
SERVERS = {
    "nginx, origin": ("nginx", False), "nginx, mirror": ("nginx", True),
    "caddy, origin": ("caddy", False), "caddy, mirror": ("caddy", True),
}  # fmt: skip
INSIDE = "STET_GRADE_INSIDE"
KEPT = (
    "overall_grade",
    "final_score",
    "SSLv2",
    "SSLv3",
    "TLS1",
    "TLS1_1",
    "TLS1_2",
    "TLS1_3",
    "ALPN",
    "FS",
    "cert_keySize",
)
"""What testssl.sh says of every server. Grades come with its version 3.2."""
WORSE = ("LOW", "MEDIUM", "HIGH", "CRITICAL", "WARN")
ABOUT_THE_MACHINE = ("engine_problem",)


def main() -> None:
    """Grade each server in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("by", choices=("observatory", "testssl"))
    parser.add_argument("--server", choices=SERVERS, action="append", help="only this one")
    parser.add_argument("--newsroom", type=Path, help="a newsroom that is printed (default: the sample, made anew)")
    asked = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("Namespaces of its own need root. Run it as root.")
    if INSIDE not in os.environ:
        prepare(asked.by)
        command = ["unshare", "--net", "--mount", sys.executable, *sys.argv]
        sys.exit(subprocess.run(command, check=False, env={**os.environ, INSIDE: "yes"}).returncode)
    with tempfile.TemporaryDirectory(prefix="stet-grade-") as name:
        folder = Path(name)
        alone(folder)
        newsroom = asked.newsroom.absolute() if asked.newsroom else made_in(folder / "paper").folder
        told = folder / "told"
        shutil.copytree(newsroom, told, ignore=shutil.ignore_patterns("*.sqlite3*"))
        file = told / "stet.toml"  # forms lead to https, as in a newsroom that is open to readers
        file.write_text(file.read_text().replace("[frontdesk]\n", f'[frontdesk]\nbase_url = "https://{DESK}"\n'))
        certificate = certificate_in(folder)
        for what in asked.server or SERVERS:
            server, is_mirror = SERVERS[what]
            place = {"address": "127.0.0.1", "ports": (443, 80)}
            with served(told, folder, server, is_mirror=is_mirror, certificate=certificate, **place):  # type: ignore[arg-type]
                graded = observatory(folder) if asked.by == "observatory" else testssl(folder)
            print(json.dumps({"server": what, **graded}), flush=True)


def prepare(by: str) -> None:
    """What grades is there, or is fetched now."""
    if by == "testssl":
        if not shutil.which("testssl"):
            sys.exit("testssl.sh is not here. Run: sudo apt-get install -y testssl.sh")
        return
    if not (CACHE / "node_modules").is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        # Its scripts would fetch lists from elsewhere; without them it knows no preloaded host and no public suffix.
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(CACHE), PACKAGE]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    conf = CACHE / "node_modules/@mdn/mdn-http-observatory/conf"
    (conf / "hsts-preload.json").write_text("{}")
    (conf / "tld-list.json").write_text("[]")


def alone(folder: Path) -> None:
    """Bring the loopback up, and let the hosts' names lead to it."""
    hosts = folder / "hosts"
    hosts.write_text(f"127.0.0.1 localhost {HOST} {DESK}\n")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)


def observatory(folder: Path) -> dict[str, object]:
    """The scorer's verdict."""
    script = folder / "scan.mjs"
    script.write_text(SCAN)
    environment = {**os.environ, "NODE_EXTRA_CA_CERTS": str(folder / "issuer.pem")}
    done = subprocess.run(["node", str(script)], check=False, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def testssl(folder: Path) -> dict[str, object]:
    """What testssl.sh finds that is worse than informative, and its own grade."""
    file = folder / "testssl.json"
    file.unlink(missing_ok=True)
    command = ["testssl", "--quiet", "--color", "0", "--ip", "127.0.0.1", "--nodns", "min", "--add-ca",
               str(folder / "issuer.pem"), "--jsonfile", str(file), f"https://{HOST}"]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if not file.exists():
        sys.exit(done.stdout[-2_000:] + done.stderr)
    found = [one for one in json.loads(file.read_text()) if one["id"] not in ABOUT_THE_MACHINE]
    named: dict[str, str] = {}
    for one in found:  # protocols on offer come one by one
        named[one["id"]] = ", ".join(filter(None, (named.get(one["id"]), one["finding"])))
    worse = {one["id"]: [one["severity"], one["finding"]] for one in found if one["severity"] in WORSE}
    return {**{name: named[name] for name in KEPT if name in named}, "checked": len(found), "worse": worse}


if __name__ == "__main__":
    main()

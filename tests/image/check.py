"""What runs in the image: a scan over TLS, as the image's user, in a root file system that image/root made.

The authorities in the image are those of a test, and the simulated organization stands behind a server whose certificate one
of them signed. So a scan that succeeds has read the image's file of authorities, and one with another file must fail.
"""

import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).parents[2]
USER = 65532
BUNDLE = "etc/ssl/certs/ca-certificates.crt"


def authority(folder, name):
    """A certificate for this machine that is its own authority: a key, and what it signed."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    return key, certificate


def libraries(binary):
    """What a binary that is not static loads."""
    found = subprocess.run(["ldd", binary], capture_output=True, text=True)
    return re.findall(r"(/\S+)", found.stdout) if found.returncode == 0 else []


def root_file_system(binary, certificates, folder):
    subprocess.run([ROOT / "image/root", binary, certificates, folder], check=True)
    made = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())
    assert made == ["etc/group", "etc/passwd", BUNDLE, "usr/bin/trailproof"], made
    for library in libraries(binary):
        target = folder / library.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, target)


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve_tls(key, certificate, onward):
    """TLS on a port of this machine; what comes is sent on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))

    def connection(stream):
        try:
            with context.wrap_socket(stream, server_side=True) as inner, socket.create_connection(onward) as outer:
                threading.Thread(target=pump, args=(outer, inner), daemon=True).start()
                pump(inner, outer)
                # What was asked last may still be answered.
                outer.settimeout(5)
        except OSError:
            pass

    def accept():
        while True:
            threading.Thread(target=connection, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def image_environment():
    """The variables that the Dockerfile sets in the image."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    line = re.search(r"^ENV (.*)$", text[text.index("FROM scratch"):], re.M).group(1)
    return dict(pair.split("=", 1) for pair in line.split())


def run(folder, arguments, environment):
    def enter():
        os.chroot(folder)
        os.chdir("/work")
        os.setgroups([])
        os.setgid(USER)
        os.setuid(USER)

    return subprocess.run(
        ["/usr/bin/trailproof", *arguments], preexec_fn=enter, env=environment, capture_output=True, text=True, timeout=300)


def main(binary):
    binary = pathlib.Path(binary).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        scratch.chmod(0o755)
        trusted, other = authority(scratch, "trusted"), authority(scratch, "other")
        image, elsewhere = scratch / "image", scratch / "elsewhere"
        root_file_system(binary, trusted[1], image)
        root_file_system(binary, other[1], elsewhere)
        server = subprocess.Popen([binary, "demo", "--serve", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        try:
            said = "".join(server.stdout.readline() for _ in range(4))
            variables = dict(re.findall(r"(AWS_\w+)=(\S+)", said))
            address = variables["AWS_ENDPOINT_URL"].removeprefix("http://").split(":")
            port = serve_tls(*trusted, (address[0], int(address[1])))
            environment = variables | image_environment() | {"AWS_ENDPOINT_URL": f"https://127.0.0.1:{port}",
                                                             "AWS_EC2_METADATA_DISABLED": "true"}
            scan = ["scan", "--role-name", "trailproof-audit", "--output", "json=/work/report.json", "--output", "text",
                    "--snapshot", "/work/snapshot.json.gz", "--regions", "us-east-1"]

            done = run(image, scan, environment)
            assert done.returncode == 1, (done.returncode, done.stdout[-2000:], done.stderr[-2000:])
            report = image / "work/report.json"
            assert report.stat().st_uid == USER and b'"trailproof.report/1"' in report.read_bytes()[:200]
            again = run(image, ["check", "/work/snapshot.json.gz"], image_environment())
            assert again.returncode == 1, again.stderr
            print("a scan over TLS and a check, as a user that is not root, without a shell: as expected")

            # Found where systems keep it, too, if the variable is lost.
            bare = {name: value for name, value in environment.items() if name != "SSL_CERT_FILE"}
            assert run(image, scan, bare).returncode == 1
            # And nothing else is trusted.
            refused = run(elsewhere, scan, environment)
            assert refused.returncode == 2 and "certificate" in (refused.stdout + refused.stderr).lower(), refused
            print("the authorities of the image are what is trusted, and nothing else")
            kind = "with its libraries beside it" if libraries(binary) else "static"
            print(f"the binary was {kind}")
        finally:
            server.kill()
            server.wait()


if __name__ == "__main__":
    main(sys.argv[1])

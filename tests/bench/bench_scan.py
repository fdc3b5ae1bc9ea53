#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scanner's figures, beside secretlint's, which npm installs into the work folder. CPU seconds,
own and children's; the best of three.

usage: bench_scan.py BUILD-FOLDER [--work FOLDER] [--mib 200] [--secretlint PROGRAM]
"""
import argparse
import io
import json
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tarfile
import gzip
import zipfile

HERE = pathlib.Path(__file__).resolve().parent


def cpu_of(command, **more):
    """CPU seconds of a process and its children, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, check=False, **more)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return spent, result


def best(runs):
    return min(runs, key=lambda run: run[0])


def mail(work):
    text = "Dear colleague,\nthe hearing is on 12 March at 10:00 in court 4. Please bring the bundle.\n"
    content = ("From: jo@court.example\r\nTo: al@police.example\r\nSubject: Hearing\r\n"
               "Content-Type: text/plain; charset=utf-8\r\n\r\n"
               + (text * 60)[:3900].replace("\n", "\r\n") + "The password is Tr4fficCone-And\r\n")
    path = work / "mail.eml"
    path.write_text(content, newline="")
    return path


def layer_of(corpus, size):
    """A layer as images have them: programs and texts of this machine, gzip."""
    plain = io.BytesIO()
    total = 0
    with tarfile.open(fileobj=plain, mode="w") as layer:
        for path in corpus:
            try:
                data = path.read_bytes()
            except OSError:
                continue
            info = tarfile.TarInfo(str(path).lstrip("/"))
            info.size = len(data)
            layer.addfile(info, io.BytesIO(data))
            total += len(data)
            if total >= size:
                break
    return gzip.compress(plain.getvalue(), 6)


def image(work, corpus_folder):
    """docker save, some 50 MiB, three gzip layers."""
    path = work / "image.tar"
    if path.exists():
        return path
    rng = random.Random(4)
    libraries = sorted(p for p in pathlib.Path("/usr/lib/x86_64-linux-gnu").glob("*.so*")
                       if p.is_file() and not p.is_symlink() and p.stat().st_size < 8 << 20)
    texts = sorted(p for p in corpus_folder.rglob("*") if p.is_file())
    rng.shuffle(libraries)
    rng.shuffle(texts)
    third = len(libraries) // 2
    groups = [libraries[:third], libraries[third:], texts]
    with tarfile.open(path, "w") as out:
        names = []
        for number, group in enumerate(groups, 1):
            data = layer_of(group, 45 << 20)
            names.append(f"{number:02}/layer.tar")
            info = tarfile.TarInfo(names[-1])
            info.size = len(data)
            out.addfile(info, io.BytesIO(data))
        manifest = json.dumps([{"Config": "c.json", "Layers": names}]).encode()
        info = tarfile.TarInfo("manifest.json")
        info.size = len(manifest)
        out.addfile(info, io.BytesIO(manifest))
    return path


def bombs(work):
    """1 GiB of zeros in a zip, and a zip in a zip in a zip of that."""
    flat = work / "zeros.zip"
    nested = work / "nested.zip"
    if not nested.exists():
        with zipfile.ZipFile(flat, "w", zipfile.ZIP_DEFLATED) as out:
            with out.open("zeros", "w", force_zip64=True) as entry:
                for _ in range(1024):
                    entry.write(bytes(1 << 20))
        content = flat.read_bytes()
        for level in range(3):
            memory = io.BytesIO()
            with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as out:
                for copy in range(4):
                    out.writestr(f"{level}-{copy}.zip", content)
            content = memory.getvalue()
        nested.write_bytes(content)
    return flat, nested


def installed_secretlint(work):
    """The program, installed once; or None and why not."""
    npm = shutil.which("npm")
    if npm is None:
        return None, "npm is not here"
    folder = work / "npm"
    program = folder / "node_modules" / ".bin" / "secretlint"
    if not program.exists():
        folder.mkdir(exist_ok=True)
        result = subprocess.run([npm, "install", "--no-fund", "--no-audit", "--prefix", folder,
                                 "secretlint", "@secretlint/secretlint-rule-preset-recommend"],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if result.returncode != 0:
            return None, "npm can't install it: " + result.stdout.decode()[-200:].strip()
    return program, ""


def link_modules(program, part):
    """secretlint looks for its rules from the folder that it works in."""
    modules = pathlib.Path(program).parent.parent
    if modules.name == "node_modules" and not (part / "node_modules").exists():
        (part / "node_modules").symlink_to(modules)


def secretlint(program, corpus, sample, work):
    """MiB a CPU second on a part of the corpus (all of it would take minutes)."""
    part = work / "secretlint-sample"
    if not part.exists():
        part.mkdir()
        for name in sorted(os.listdir(corpus))[:sample]:
            shutil.copytree(corpus / name, part / name)
        config = {"rules": [{"id": "@secretlint/secretlint-rule-preset-recommend"}]}
        (part / ".secretlintrc.json").write_text(json.dumps(config))
    link_modules(program, part)
    size = sum(p.stat().st_size for p in part.glob("[0-9]*/*") if p.is_file()) / 1048576
    spent, result = cpu_of([program, "--secretlintrc", part / ".secretlintrc.json", "[0-9]*/*"],
                           cwd=part)
    if result.returncode not in (0, 1):
        return f"failed: {result.stderr.decode()[:200]}"
    return f"{size / spent:.1f} MiB/CPU s ({size:.1f} MiB in {spent:.1f} s)"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("bench-scan"))
    parser.add_argument("--mib", type=int, default=200)
    parser.add_argument("--secretlint", default=shutil.which("secretlint"))
    arguments = parser.parse_args()
    program = arguments.build / "bin" / "bench_scan"
    command = arguments.build / "bin" / "sealpost-cli"
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    corpus = work / f"corpus-{arguments.mib}"
    if not corpus.exists():
        subprocess.run([sys.executable, HERE / "make_corpus.py", corpus, "--mib",
                        str(arguments.mib)], check=True)

    spent, result = best([cpu_of([program, "tree", corpus]) for _ in range(3)])
    tree = json.loads(result.stdout)
    print(f"corpus:        {tree['mib'] / spent:.0f} MiB/CPU s ({tree['mib']:.0f} MiB in "
          f"{spent:.2f} s, {tree['findings']} findings; goal 200)")
    letter = mail(work)
    warm = json.loads(best([cpu_of([program, "mail", letter]) for _ in range(3)])[1].stdout)
    print(f"mail, warm:    {warm['median_ms']:.3f} ms, 99 % {warm['p99_ms']:.3f} ms (goal 1)")
    if command.exists():
        environment = dict(os.environ, HOME=str(work), XDG_DATA_HOME=str(work / "data"))
        cold, _ = best([cpu_of([command, "--profile", work / "profile", "scan", letter],
                               env=environment) for _ in range(5)])
        print(f"command:       {cold * 1000:.1f} ms CPU from start to end (goal 40)")
    container = image(work, corpus)
    spent, result = best([cpu_of([program, "file", container]) for _ in range(3)])
    inside = json.loads(result.stdout)
    print(f"image:         {spent:.2f} s CPU for {container.stat().st_size / 1048576:.0f} MiB with "
          f"gzip layers, {inside['max_rss_mib']:.0f} MiB of memory (goal 0.6 s for 50 MiB)")
    for name, path in zip(("zeros in zip", "zip in zip"), bombs(work)):
        spent, result = best([cpu_of([program, "file", path]) for _ in range(3)])
        bomb = json.loads(result.stdout)
        print(f"{name + ':':14} {spent:.2f} s CPU, {bomb['max_rss_mib']:.0f} MiB of memory, "
              f"{bomb['skipped']} skipped (goal 1 s, 128 MiB)")
    program, why = arguments.secretlint, ""
    if program is None:
        program, why = installed_secretlint(work)
    said = secretlint(program, corpus, 2, work) if program else f"skipped: {why}"
    print(f"secretlint:    {said}")


if __name__ == "__main__":
    main()

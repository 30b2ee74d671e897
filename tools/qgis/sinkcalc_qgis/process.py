# SPDX-License-Identifier: Apache-2.0
"""Runs a program: its progress and messages go to the feedback, a cancel goes to the program."""
import json
import queue
import shlex
import subprocess
import threading

from qgis.core import QgsProcessingException

PAUSE_S = 0.1               # between looks at the cancel button
LONGEST_STOP_S = 60         # a program ends within ten seconds of SIGTERM; this is for a file system that hangs
END = None


def run(arguments, feedback, echo=False):
    """stdout of a program as bytes; its lines are shown too with `echo`, and where it fails. Throws QgsProcessingException with the program's
    own words where it fails, and where it was cancelled."""
    feedback.pushCommandInfo(shlex.join(arguments))
    try:
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        raise QgsProcessingException(f"{arguments[0]} cannot be started: {error.strerror}") from error
    printed, lines = [], queue.Queue()
    readers = [threading.Thread(target=lambda: printed.append(process.stdout.read()), daemon=True),
               threading.Thread(target=read_lines, args=(process.stderr, lines), daemon=True)]
    for reader in readers:
        reader.start()
    error = follow(process, lines, feedback)
    for reader in readers:
        reader.join()
    process.stdout.close()
    process.stderr.close()
    if echo or process.returncode != 0:
        for line in printed[0].decode("utf-8", "replace").splitlines():
            feedback.pushConsoleInfo(line)
    if feedback.isCanceled() and process.returncode != 0:
        raise QgsProcessingException("Cancelled: the program has stopped, and nothing half-written is left.")
    if process.returncode != 0:
        raise QgsProcessingException(error or ended_with(arguments, process.returncode))
    return printed[0]


def read_lines(stream, lines):
    for line in stream:
        lines.put(line.decode("utf-8", "replace").rstrip("\r\n"))
    lines.put(END)


def follow(process, lines, feedback):
    """Passes on what comes until the program ends; its error without the program's name, or blank."""
    error, asked, waited = "", False, 0.0
    while True:
        try:
            line = lines.get(timeout=PAUSE_S)
            if line is END:
                break
            error = tell(line, feedback) or error
        except queue.Empty:
            waited += PAUSE_S if asked else 0
        if feedback.isCanceled() and not asked:
            feedback.pushInfo("Stopping …")
            process.terminate()
            asked = True
        if waited > LONGEST_STOP_S:
            process.kill()
    process.wait()
    return error


def tell(line, feedback):
    """Shows one line of stderr: progress, warning, error or message. Returns the text of an error."""
    if line.startswith("{"):
        try:
            progress = json.loads(line)
            feedback.setProgress(100 * progress["progress"])
            feedback.setProgressText(progress["stage"])
            return ""
        except (ValueError, KeyError, TypeError):
            pass
    program, _, rest = line.partition(": ")
    if program in ("sinkcalc", "sinkchange") and rest.startswith("error: "):
        return rest[len("error: "):]
    if program in ("sinkcalc", "sinkchange") and rest.startswith("warning: "):
        feedback.pushWarning(rest[len("warning: "):])
    else:
        feedback.pushInfo(line)
    return ""


def ended_with(arguments, code):
    if code < 0:
        return f"{arguments[0]} was stopped by signal {-code}"
    return f"{arguments[0]} {arguments[1]} ended with code {code}: its last words are above"

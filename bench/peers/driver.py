"""Drives a peer's cases by JSON lines on standard input, one answer a line."""
import json
import os
import sys
import time
import traceback


def run(case, count, tell):
    """A case is an object whose run() does the work once; tell() says what came of it."""
    start = time.perf_counter()
    for _ in range(count):
        case.run()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, **(case.tell() if tell else {})}


def serve(hello, cases):
    """hello(threads) describes the peer; cases are functions of their settings by name."""
    case = None
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # Whatever a library prints must not stand between the answers.
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "hello" in request:
                answer = {"description": hello(request["hello"])}
            elif "prepare" in request:
                case = None  # Its memory goes before the next one's comes.
                case = cases[request["prepare"]](request["with"])
                answer = {}
            else:
                answer = run(case, request["run"], request["tell"])
            out.write(json.dumps({"ok": answer}) + "\n")
        except Exception:
            out.write(json.dumps({"error": traceback.format_exc()}) + "\n")
